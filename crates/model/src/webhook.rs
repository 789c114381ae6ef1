//! Webhooks: where an application wants to be told of its vehicles.

use crate::{ApplicationId, Timestamp, WebhookId};

/// A webhook as it is registered. Nothing is delivered to it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id, which subscriptions name.
    pub id: WebhookId,
    /// Application whose vehicles it tells of.
    pub application: ApplicationId,
    /// Name for people, 1 to 60 characters.
    pub name: String,
    /// Address for vehicle data: http or https, with a host.
    pub callback_uri: String,
    /// When it was made.
    pub created_at: Timestamp,
}
