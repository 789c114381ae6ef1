//! What commands ask of a server, and what it tells of itself.

use carport_model::{Application, Mode, Webhook};
use serde::{Deserialize, Serialize};

use crate::original_hosts::OriginalHosts;

/// A request of a command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "camelCase")]
pub enum Request {
    /// Registers an application.
    CreateApplication {
        /// Its name.
        name: String,
        /// The first is the default.
        redirect_uris: Vec<String>,
        /// Without a secret, for phones and browsers.
        public: bool,
    },
    /// Lists applications.
    ListApplications,
    /// Shows one.
    ShowApplication {
        /// Its id.
        id: String,
    },
    /// Makes a new client secret.
    RotateSecret {
        /// Application.
        id: String,
        /// How long the old ones go on working.
        overlap_seconds: u64,
    },
    /// Makes a new management token.
    RotateToken {
        /// Application.
        id: String,
    },
    /// Adds a redirect URI.
    AddRedirectUri {
        /// Application.
        id: String,
        /// The URI.
        uri: String,
    },
    /// Removes a redirect URI.
    RemoveRedirectUri {
        /// Application.
        id: String,
        /// The URI.
        uri: String,
    },
    /// Suspends an application.
    SuspendApplication {
        /// Its id.
        id: String,
    },
    /// Ends its suspension.
    ResumeApplication {
        /// Its id.
        id: String,
    },
    /// Deletes an application.
    DeleteApplication {
        /// Its id.
        id: String,
    },
    /// Makes a webhook.
    CreateWebhook {
        /// Application.
        application: String,
        /// Its name.
        name: String,
        /// Where to.
        callback_uri: String,
    },
    /// Lists webhooks.
    ListWebhooks {
        /// Application; all when absent.
        application: Option<String>,
    },
    /// Deletes a webhook.
    DeleteWebhook {
        /// Its id.
        id: String,
    },
    /// Consents without a browser, in test and simulated mode.
    Connect {
        /// Application.
        application: String,
        /// Brand.
        brand: String,
        /// Login.
        user: String,
        /// Scope; the application's own when absent.
        scope: Option<String>,
        /// Mode.
        mode: Mode,
    },
    /// The clock of a `dev` server.
    Clock {
        /// What to do with it.
        clock: ClockRequest,
    },
    /// What the ready line said.
    ReadyLine,
}

/// What commands ask of the clock.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClockRequest {
    /// Shows it.
    Show,
    /// Makes it stand.
    Freeze,
    /// Lets it run on.
    Resume,
    /// Moves it to an instant.
    Set {
        /// ISO 8601.
        to: String,
    },
    /// Moves it forward.
    Advance {
        /// A length of time.
        by: String,
    },
    /// Makes it run at another speed.
    Speed {
        /// 0.1 to 3600.
        factor: String,
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
            suspended_at: application.suspended_at.map(|at| at.to_string()),
        }
    }
}

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

/// What a server says when requests are being accepted. Source: contract cli, 3.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadyLine {
    /// Public address.
    pub url: String,
    /// The Dashboard.
    pub dashboard_url: String,
    /// Where the tutorial application begins; `dev` only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tutorial_url: Option<String>,
    /// The application of a `dev` server with its secrets.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub application: Option<ApplicationView>,
    /// How programs with the original hosts built in come here; `dev` only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub original_hosts: Option<OriginalHosts>,
}
