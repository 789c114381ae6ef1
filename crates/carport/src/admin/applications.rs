//! What commands ask of an application besides registering, showing and deleting it.

use carport_model::{Application, ApplicationId};
use carport_oauth::applications::{
    ApplicationError, Applications, MachineCredential, MachineSecret, SecretRow, TextChange,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What commands ask of an application.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ApplicationRequest {
    /// Changes texts; what is absent stays, and an empty text takes the old one away.
    Describe {
        /// Name owners read.
        name: Option<String>,
        /// A sentence for the developer's own list.
        description: Option<String>,
        /// Link owners find in Connect.
        privacy_url: Option<String>,
    },
    /// Enables or disables it.
    Enable {
        /// Whether it is to be enabled.
        enabled: bool,
    },
    /// Makes a redirect URI the default.
    MakeDefaultRedirectUri {
        /// The URI.
        uri: String,
    },
    /// Lists its client secrets.
    ListSecrets,
    /// Ends a client secret.
    RevokeSecret {
        /// Its id.
        secret: String,
    },
    /// Shows the management token.
    ShowToken,
    /// Makes a secret of the machine credential.
    AddMachineSecret,
    /// Shows the machine credential.
    ShowMachineCredential,
    /// Removes a secret of the machine credential.
    RemoveMachineSecret {
        /// Its id.
        secret: String,
    },
}

/// An application as commands show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationView {
    /// Equals `client_id`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Equals `id`.
    pub client_id: String,
    /// Only when it was just made, or on `dev`, where it comes from the seed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client_secret: Option<String>,
    /// Only when it was just made, or on `dev`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub management_token: Option<String>,
    /// The default first.
    pub redirect_uris: Vec<String>,
    /// Its webhook on `dev`, which has one to subscribe vehicles to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub webhook_id: Option<String>,
    /// A sentence for the developer's own list.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// Link owners find in Connect.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub privacy_url: Option<String>,
    /// Whether it is disabled; absent when it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub disabled: bool,
    /// Since when it is suspended; absent when it is not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suspended_at: Option<String>,
}

impl ApplicationView {
    /// Without secrets.
    #[must_use]
    pub fn of(application: &Application, redirect_uris: Vec<String>) -> Self {
        Self {
            id: application.id.to_string(),
            name: application.name.clone(),
            client_id: application.id.to_string(),
            client_secret: None,
            management_token: None,
            redirect_uris,
            webhook_id: None,
            description: None,
            privacy_url: application.privacy_url.clone(),
            disabled: !application.enabled,
            suspended_at: application.suspended_at.map(|at| at.to_string()),
        }
    }
}

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
