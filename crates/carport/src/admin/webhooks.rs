//! Carries requests about webhooks out.

use carport_model::Webhook;
use carport_webhooks::{NewWebhook, WebhookError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::server::Parts;

/// A webhook as commands show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookView {
    /// What subscriptions name.
    pub id: String,
    /// Application it belongs to.
    pub application_id: String,
    /// Name.
    pub name: String,
    /// Where to.
    pub callback_uri: String,
    /// When it was made: ISO 8601 in UTC with milliseconds.
    pub created_at: String,
    /// Vehicles that are subscribed to it.
    pub subscriptions: i64,
}

impl WebhookView {
    /// With as many vehicles subscribed to it.
    #[must_use]
    pub fn of(webhook: &Webhook, subscriptions: i64) -> Self {
        Self {
            id: webhook.id.to_string(),
            application_id: webhook.application.to_string(),
            name: webhook.name.clone(),
            callback_uri: webhook.callback_uri.clone(),
            created_at: webhook.created_at.to_string(),
            subscriptions,
        }
    }
}

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
