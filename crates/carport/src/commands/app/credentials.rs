//! `carport app secret` and `carport app machine-credential`.

use serde_json::Value;

use crate::admin::{self, ApplicationRequest, Request};
use crate::cli::{AppSecret, MachineCredential};
use crate::commands::text;
use crate::config::Config;

/// Lists or revokes client secrets.
pub(super) async fn secret(config: &Config, args: AppSecret) -> anyhow::Result<()> {
    match args {
        AppSecret::List { id, json } => {
            let answer = ask(config, id, ApplicationRequest::ListSecrets).await?;
            if json {
                println!("{answer}");
            } else if answer.as_array().is_none_or(Vec::is_empty) {
                eprintln!("No secret works. Make one with `carport app rotate-secret`.");
            } else {
                print(&answer);
            }
        }
        AppSecret::Revoke { id, secret } => {
            ask(config, id, ApplicationRequest::RevokeSecret { secret }).await?;
            println!("Revoked. It has stopped working.");
        }
    }
    Ok(())
}

/// Makes, lists or removes secrets of the machine credential.
pub(super) async fn machine(config: &Config, args: MachineCredential) -> anyhow::Result<()> {
    match args {
        MachineCredential::Add { id, json } => {
            let answer = ask(config, id, ApplicationRequest::AddMachineSecret).await?;
            if json {
                println!("{answer}");
            } else {
                println!("Client id      {}", text(&answer, "clientId"));
                println!("Client secret  {}", text(&answer, "clientSecret"));
            }
            eprintln!(
                "The secret is shown this once. This Carport gives out no tokens by \
                 client_credentials yet."
            );
        }
        MachineCredential::List { id, json } => {
            let answer = ask(config, id, ApplicationRequest::ShowMachineCredential).await?;
            if json {
                println!("{answer}");
            } else if answer.is_null() {
                eprintln!("None yet. Make one with `carport app machine-credential add`.");
            } else {
                println!("{}", text(&answer, "clientId"));
                print(&answer["secrets"]);
            }
        }
        MachineCredential::Remove { id, secret } => {
            ask(
                config,
                id,
                ApplicationRequest::RemoveMachineSecret { secret },
            )
            .await?;
            println!("Removed.");
        }
    }
    Ok(())
}

async fn ask(
    config: &Config,
    id: String,
    application: ApplicationRequest,
) -> anyhow::Result<Value> {
    admin::carry_out(config, &Request::Application { id, application }).await
}

/// One secret a line: id, last characters, when made, when it ends.
fn print(secrets: &Value) {
    for secret in secrets.as_array().into_iter().flatten() {
        let hint = secret["hint"].as_str().unwrap_or("????");
        let (id, made) = (text(secret, "id"), text(secret, "createdAt"));
        let end = secret["expiresAt"].as_str();
        let end = end.map_or_else(String::new, |end| format!("  ends {end}"));
        println!("{id}  ...{hint}  made {made}{end}");
    }
}
