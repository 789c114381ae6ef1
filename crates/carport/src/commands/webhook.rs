//! `carport webhook`: make, list and delete webhooks.

use anyhow::Context as _;
use serde_json::Value;

use super::{configure, confirm};
use crate::admin::{self, Request, WebhookView};
use crate::cli::{Global, Webhook};

/// Carries the subcommand out.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: Webhook) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let ask = async |request: Request| admin::carry_out(&config, &request).await;
    match args {
        Webhook::Create {
            app,
            name,
            callback_uri,
            json,
        } => {
            let request = Request::CreateWebhook {
                application: app,
                name,
                callback_uri,
            };
            created(&ask(request).await?, json)?;
        }
        Webhook::List { app, json } => {
            list(
                &ask(Request::ListWebhooks { application: app }).await?,
                json,
            )?;
        }
        Webhook::Delete { id, yes } => {
            confirm(&id, "subscriptions", yes)?;
            ask(Request::DeleteWebhook { id }).await?;
            println!("Deleted. No vehicle is subscribed to it any more.");
        }
    }
    Ok(())
}

fn created(answer: &Value, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{answer}");
        return Ok(());
    }
    let view: WebhookView = understood(answer)?;
    println!("{}", view.id);
    eprintln!(
        "Subscribe vehicles with POST /v2.0/vehicles/ID/webhooks/{}. Nothing is delivered yet.",
        view.id
    );
    Ok(())
}

fn list(answer: &Value, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{answer}");
        return Ok(());
    }
    let views: Vec<WebhookView> = understood(answer)?;
    if views.is_empty() {
        eprintln!("No webhook yet. Make one with `carport webhook create`.");
    }
    for view in views {
        println!(
            "{}  {}  {}  {} subscribed",
            view.id, view.name, view.callback_uri, view.subscriptions
        );
    }
    Ok(())
}

fn understood<T: serde::de::DeserializeOwned>(answer: &Value) -> anyhow::Result<T> {
    serde_json::from_value(answer.clone()).context("the server's answer is not understood")
}
