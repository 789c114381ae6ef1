//! Carries requests about webhooks out.

use carport_webhooks::{NewWebhook, WebhookError};
use serde_json::{Value, json};

use super::requests::WebhookView;
use crate::server::Parts;

/// Makes a webhook.
pub(super) async fn create(
    parts: &Parts,
    application: &str,
    name: &str,
    callback_uri: &str,
) -> Result<Value, String> {
    let new = NewWebhook {
        application: application
            .parse()
            .map_err(|_| told(WebhookError::UnknownApplication))?,
        name: name.to_owned(),
        callback_uri: callback_uri.to_owned(),
    };
    let made = parts.webhooks.create(new).await.map_err(told)?;
    Ok(json!(WebhookView::of(&made, 0)))
}

/// Lists the webhooks of an application, or all.
pub(super) async fn list(parts: &Parts, application: Option<&str>) -> Result<Value, String> {
    let application = application
        .map(str::parse)
        .transpose()
        .map_err(|_| told(WebhookError::UnknownApplication))?;
    let listed = parts.webhooks.list(application).await.map_err(told)?;
    let views = listed
        .iter()
        .map(|listed| WebhookView::of(&listed.webhook, listed.subscriptions));
    Ok(json!(views.collect::<Vec<_>>()))
}

/// Deletes a webhook.
pub(super) async fn delete(parts: &Parts, id: &str) -> Result<Value, String> {
    let webhook = id.parse().map_err(|_| told(WebhookError::Unknown))?;
    let deleted = parts.webhooks.delete(webhook).await;
    deleted.map(|()| json!({ "deleted": id })).map_err(told)
}

#[expect(clippy::needless_pass_by_value, reason = "shape of map_err")]
fn told(error: WebhookError) -> String {
    error.to_string()
}
