//! What commands ask of an application besides registering, showing and deleting it.

use carport_model::ApplicationId;
use carport_oauth::applications::{
    ApplicationError, Applications, MachineCredential, MachineSecret, SecretRow, TextChange,
};
use serde_json::{Value, json};

use super::requests::ApplicationRequest;

/// Carries a request out.
///
/// # Errors
/// What the registry refuses.
pub(super) async fn carry_out(
    applications: &Applications,
    id: ApplicationId,
    request: &ApplicationRequest,
) -> Result<Value, ApplicationError> {
    // Lists of an application that is not there would be empty rather than refused.
    applications.listed(id).await?;
    match request {
        ApplicationRequest::Describe {
            name,
            description,
            privacy_url,
        } => {
            let change = TextChange {
                name: name.clone(),
                description: description.clone(),
                privacy_url: privacy_url.clone(),
            };
            Ok(changed(applications.describe(id, change).await?))
        }
        ApplicationRequest::Enable { enabled } => {
            Ok(changed(applications.enable(id, *enabled).await?))
        }
        ApplicationRequest::MakeDefaultRedirectUri { uri } => Ok(changed(
            applications.make_default_redirect_uri(id, uri).await?,
        )),
        ApplicationRequest::ListSecrets => {
            let secrets = applications.secrets(id).await?;
            Ok(secrets.iter().map(secret).collect())
        }
        ApplicationRequest::RevokeSecret { secret } => {
            applications.revoke_secret(id, secret).await?;
            Ok(json!({ "revoked": secret }))
        }
        ApplicationRequest::ShowToken => {
            let token = applications.reveal_token(id).await?;
            Ok(json!({ "managementToken": token.expose() }))
        }
        ApplicationRequest::AddMachineSecret => {
            let made = applications.add_machine_secret(id).await?;
            Ok(json!({
                "clientId": made.client_id,
                "id": made.id,
                "clientSecret": made.secret.expose(),
            }))
        }
        ApplicationRequest::ShowMachineCredential => {
            let found = applications.machine_credential(id).await?;
            Ok(found.as_ref().map_or(Value::Null, machine))
        }
        ApplicationRequest::RemoveMachineSecret { secret } => {
            applications.remove_machine_secret(id, secret).await?;
            Ok(json!({ "removed": secret }))
        }
    }
}

fn changed(changed: bool) -> Value {
    json!({ "changed": changed })
}

fn secret(row: &SecretRow) -> Value {
    json!({
        "id": row.id,
        "hint": row.hint,
        "createdAt": row.created_at.to_string(),
        "expiresAt": row.expires_at.map(|end| end.to_string()),
    })
}

fn machine(credential: &MachineCredential) -> Value {
    let secret = |secret: &MachineSecret| {
        json!({
            "id": secret.id,
            "hint": secret.hint,
            "createdAt": secret.created_at.to_string(),
        })
    };
    json!({
        "clientId": credential.client_id,
        "createdAt": credential.created_at.to_string(),
        "secrets": credential.secrets.iter().map(secret).collect::<Vec<_>>(),
    })
}
