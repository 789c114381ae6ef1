//! Making, listing and deleting webhooks.

use std::sync::Arc;

use carport_model::{ApplicationId, Clock, Rng, Webhook, WebhookId};
use carport_store::webhooks::{self, Listed};
use carport_store::{Store, StoreError, Tx, applications, audit_log};

use crate::callback_uri::{self, CallbackUriError};

/// Most webhooks of one application.
pub const MAX_COUNT: i64 = 50;

/// What a developer says about a new webhook.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Application whose vehicles it is to tell of.
    pub application: ApplicationId,
    /// Name for people.
    pub name: String,
    /// Where to.
    pub callback_uri: String,
}

/// A webhook could not be made or deleted.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The name is empty or longer than 60 characters.
    #[error("A webhook needs a name of 1 to 60 characters.")]
    Name,
    /// The callback URI is refused.
    #[error("{uri}: {reason}")]
    CallbackUri {
        /// The refused URI.
        uri: String,
        /// What to change.
        reason: CallbackUriError,
    },
    /// The application has [`MAX_COUNT`] webhooks.
    #[error("An application has at most {MAX_COUNT} webhooks. Delete one first.")]
    TooMany,
    /// No application has this id.
    #[error("There is no application with this id. `carport app list` shows them.")]
    UnknownApplication,
    /// No webhook has this id.
    #[error("There is no webhook with this id. `carport webhook list` shows them.")]
    Unknown,
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The registry of webhooks, over storage, clock and randomness.
#[derive(Clone)]
pub struct Webhooks {
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl Webhooks {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { store, clock, rng }
    }

    /// Makes a webhook under an id of the server's randomness.
    ///
    /// # Errors
    /// [`WebhookError`] says what to change.
    pub async fn create(&self, new: NewWebhook) -> Result<Webhook, WebhookError> {
        self.create_drawn_from(new, &*self.rng).await
    }

    /// Makes a webhook under an id drawn from `rng`; when that one is there already, it is returned
    /// and nothing is changed. A `dev` server finds its webhook this way.
    ///
    /// # Errors
    /// [`WebhookError`] says what to change.
    pub async fn create_drawn_from(
        &self,
        new: NewWebhook,
        rng: &dyn Rng,
    ) -> Result<Webhook, WebhookError> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > 60 {
            return Err(WebhookError::Name);
        }
        callback_uri::check(&new.callback_uri).map_err(|reason| WebhookError::CallbackUri {
            uri: new.callback_uri.clone(),
            reason,
        })?;
        let webhook = Webhook {
            id: WebhookId::draw(rng),
            application: new.application,
            name: name.to_owned(),
            callback_uri: new.callback_uri,
            created_at: self.clock.now(),
        };
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                if let Some(known) = webhooks::find(tx, webhook.id).await? {
                    return Ok(known);
                }
                let application = webhook.application;
                applications::find(tx, application)
                    .await?
                    .ok_or(WebhookError::UnknownApplication)?;
                if webhooks::count(tx, application).await? >= MAX_COUNT {
                    return Err(WebhookError::TooMany);
                }
                webhooks::insert(tx, &webhook).await?;
                audit_log::append(
                    tx,
                    &audit_entry(&webhook, "webhook.created", webhook.created_at),
                )
                .await?;
                Ok(webhook.clone())
            })
            .await
    }

    /// The webhooks of an application, oldest first; of all applications when none is named.
    ///
    /// # Errors
    /// [`WebhookError::UnknownApplication`] when there is none with that id.
    pub async fn list(
        &self,
        application: Option<ApplicationId>,
    ) -> Result<Vec<Listed>, WebhookError> {
        self.store
            .scan(async move |tx: &mut Tx<'_>| {
                if let Some(id) = application {
                    let known = applications::find(tx, id).await?;
                    known.ok_or(WebhookError::UnknownApplication)?;
                    return Ok(webhooks::list(tx, id).await?);
                }
                let mut all = Vec::new();
                for application in applications::list(tx).await? {
                    all.extend(webhooks::list(tx, application.id).await?);
                }
                Ok(all)
            })
            .await
    }

    /// Deletes a webhook with its subscriptions.
    ///
    /// # Errors
    /// [`WebhookError::Unknown`] when there is no such webhook.
    pub async fn delete(&self, id: WebhookId) -> Result<(), WebhookError> {
        let now = self.clock.now();
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                let known = webhooks::find(tx, id).await?;
                let webhook = known.ok_or(WebhookError::Unknown)?;
                webhooks::delete(tx, id).await?;
                audit_log::append(tx, &audit_entry(&webhook, "webhook.deleted", now)).await?;
                Ok(())
            })
            .await
    }
}

fn audit_entry(webhook: &Webhook, action: &str, at: carport_model::Timestamp) -> audit_log::Entry {
    audit_log::Entry {
        at,
        application: webhook.application,
        actor: "operator".to_owned(),
        action: action.to_owned(),
        detail: format!("webhook {}", webhook.id),
    }
}

#[cfg(test)]
mod tests;
