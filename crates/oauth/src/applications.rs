//! Registering applications and renewing their secrets.

use std::sync::Arc;
use std::time::Duration;

use carport_model::scope::Scope;
use carport_model::token::draw_secret;
use carport_model::{Application, ApplicationId, Clock, Digest, Rng, Secret, Timestamp};
use carport_store::applications::ManagementToken;
use carport_store::{
    Store, StoreError, Tx, applications, audit_log, client_secrets, redirect_uris,
};

use crate::redirect_uri::{self, RedirectUriError};
use crate::sealing::Sealer;

/// Scope of a new application when its Connect links carry none: what the guide asks for.
const DEFAULT_SCOPE: &str = "required:read_vehicle_info";

/// What a developer says about a new application.
#[derive(Debug, Clone, Default)]
pub struct NewApplication {
    /// Name owners read in Connect.
    pub name: String,
    /// The first is the default.
    pub redirect_uris: Vec<String>,
    /// Native or single-page application, without a secret.
    pub public: bool,
}

/// A new application's credentials, told this once.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The application.
    pub application: Application,
    /// Client secret; none for a public client.
    pub client_secret: Option<Secret<String>>,
    /// Application management token.
    pub management_token: Secret<String>,
}

/// An application could not be registered or changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// The name is empty or longer than 60 characters.
    #[error("An application needs a name of 1 to 60 characters.")]
    Name,
    /// A redirect URI is refused.
    #[error("{uri}: {reason}")]
    RedirectUri {
        /// The refused URI.
        uri: String,
        /// What to change.
        reason: RedirectUriError,
    },
    /// More than fifty redirect URIs.
    #[error("An application has at most 50 redirect URIs. Remove one first.")]
    TooManyRedirectUris,
    /// No application has this id.
    #[error("There is no application with this id. `carport app list` shows them.")]
    Unknown,
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The registry of applications, over storage, clock, randomness and the installation's key.
#[derive(Clone)]
pub struct Applications {
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    sealer: Sealer,
    /// Who the audit log says it was.
    actor: Arc<str>,
}

impl Applications {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>, sealer: Sealer) -> Self {
        Self {
            store,
            clock,
            rng,
            sealer,
            actor: "operator".into(),
        }
    }

    /// The same in the name of somebody else than the operator: no e-mail, no name.
    #[must_use]
    pub fn acting_as(&self, actor: &str) -> Self {
        Self {
            actor: actor.into(),
            ..self.clone()
        }
    }

    /// Registers an application with credentials drawn from the server's randomness.
    ///
    /// # Errors
    /// [`ApplicationError`] says what to change.
    pub async fn register(&self, new: NewApplication) -> Result<Registered, ApplicationError> {
        self.register_drawn_from(new, &*self.rng).await
    }

    /// Registers an application with credentials drawn from `rng`; when one with the drawn id is
    /// there already, nothing is changed. A `dev` server finds its application this way.
    ///
    /// # Errors
    /// [`ApplicationError`] says what to change.
    pub async fn register_drawn_from(
        &self,
        new: NewApplication,
        rng: &dyn Rng,
    ) -> Result<Registered, ApplicationError> {
        let id = ApplicationId::draw(rng);
        let secret = draw_secret(rng);
        let token = draw_secret(rng);
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > 60 {
            return Err(ApplicationError::Name);
        }
        if new.redirect_uris.len() > redirect_uri::MAX_COUNT {
            return Err(ApplicationError::TooManyRedirectUris);
        }
        for uri in &new.redirect_uris {
            checked(uri, id)?;
        }
        let now = self.clock.now();
        let application = Application {
            id,
            name: name.to_owned(),
            privacy_url: None,
            created_at: now,
            enabled: true,
            suspended_at: None,
            default_scope: DEFAULT_SCOPE.parse().unwrap_or_else(|_| Scope::default()),
            public: new.public,
            require_pkce: new.public,
            send_iss: true,
            strict_required: false,
        };
        let registered = Registered {
            application: application.clone(),
            client_secret: (!new.public).then(|| secret.clone()),
            management_token: token.clone(),
        };
        let kept = self.keep(id, &token);
        let secret = (!new.public).then(|| Digest::of(secret.expose()));
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                if applications::find(tx, id).await?.is_some() {
                    return Ok(());
                }
                applications::insert(tx, &application, &kept).await?;
                if let Some(secret) = &secret {
                    client_secrets::insert(tx, id, secret, now).await?;
                }
                for uri in &new.redirect_uris {
                    redirect_uris::add(tx, id, uri).await?;
                }
                Ok::<_, StoreError>(())
            })
            .await?;
        Ok(registered)
    }

    /// Makes a new client secret; the old ones go on working for `overlap`.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn rotate_secret(
        &self,
        id: ApplicationId,
        overlap: Duration,
    ) -> Result<Secret<String>, ApplicationError> {
        let secret = draw_secret(&*self.rng);
        let digest = Digest::of(secret.expose());
        let now = self.clock.now();
        let entry = self.entry(id, "client_secret.rotated", now);
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                applications::find(tx, id)
                    .await?
                    .ok_or(ApplicationError::Unknown)?;
                client_secrets::expire_all(tx, id, now.plus(overlap)).await?;
                client_secrets::insert(tx, id, &digest, now).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await
            .map(|()| secret)
    }

    /// Makes a new management token; the old one stops working at once.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn rotate_token(
        &self,
        id: ApplicationId,
    ) -> Result<Secret<String>, ApplicationError> {
        let token = draw_secret(&*self.rng);
        let kept = self.keep(id, &token);
        let now = self.clock.now();
        let entry = self.entry(id, "management_token.rotated", now);
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                if !applications::replace_management_token(tx, id, &kept).await? {
                    return Err(ApplicationError::Unknown);
                }
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await
            .map(|()| token)
    }

    /// Adds a redirect URI; `false` when it was there already.
    ///
    /// # Errors
    /// [`ApplicationError`] says what to change.
    pub async fn add_redirect_uri(
        &self,
        id: ApplicationId,
        uri: &str,
    ) -> Result<bool, ApplicationError> {
        checked(uri, id)?;
        let uri = uri.to_owned();
        let now = self.clock.now();
        let entry = self.entry(id, "redirect_uri.added", now);
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                applications::find(tx, id)
                    .await?
                    .ok_or(ApplicationError::Unknown)?;
                if redirect_uris::list(tx, id).await?.len() >= redirect_uri::MAX_COUNT {
                    return Err(ApplicationError::TooManyRedirectUris);
                }
                let added = redirect_uris::add(tx, id, &uri).await?;
                if added {
                    audit_log::append(tx, &entry).await?;
                }
                Ok(added)
            })
            .await
    }

    /// Removes a redirect URI; `false` when it was not there.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn remove_redirect_uri(
        &self,
        id: ApplicationId,
        uri: &str,
    ) -> Result<bool, ApplicationError> {
        let uri = uri.to_owned();
        let now = self.clock.now();
        let entry = self.entry(id, "redirect_uri.removed", now);
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                applications::find(tx, id)
                    .await?
                    .ok_or(ApplicationError::Unknown)?;
                let removed = redirect_uris::remove(tx, id, &uri).await?;
                if removed {
                    audit_log::append(tx, &entry).await?;
                }
                Ok(removed)
            })
            .await
    }

    /// Suspends an application: the vehicle API refuses its calls until [`Applications::resume`].
    /// `false` when it was suspended before.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn suspend(&self, id: ApplicationId) -> Result<bool, ApplicationError> {
        let now = self.clock.now();
        self.set_suspended(id, Some(now), "application.suspended")
            .await
    }

    /// Ends a suspension; `false` when there was none.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn resume(&self, id: ApplicationId) -> Result<bool, ApplicationError> {
        self.set_suspended(id, None, "application.resumed").await
    }

    async fn set_suspended(
        &self,
        id: ApplicationId,
        since: Option<Timestamp>,
        action: &str,
    ) -> Result<bool, ApplicationError> {
        let entry = self.entry(id, action, self.clock.now());
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                applications::find(tx, id)
                    .await?
                    .ok_or(ApplicationError::Unknown)?;
                let changed = applications::suspend(tx, id, since).await?;
                if changed {
                    audit_log::append(tx, &entry).await?;
                }
                Ok(changed)
            })
            .await
    }

    /// Deletes an application with everything under it; its tokens stop working at once.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn delete(&self, id: ApplicationId) -> Result<(), ApplicationError> {
        let entry = self.entry(id, "application.deleted", self.clock.now());
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                if !applications::delete(tx, id).await? {
                    return Err(ApplicationError::Unknown);
                }
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await
    }

    fn entry(&self, application: ApplicationId, action: &str, at: Timestamp) -> audit_log::Entry {
        audit_log::Entry {
            at,
            application,
            actor: self.actor.to_string(),
            action: action.to_owned(),
            detail: String::new(),
        }
    }

    fn keep(&self, id: ApplicationId, token: &Secret<String>) -> ManagementToken {
        let place = format!("applications/{id}/management_token");
        ManagementToken {
            digest: Digest::of(token.expose()),
            sealed: self.sealer.seal(token, &place, &*self.rng),
        }
    }
}

fn checked(uri: &str, id: ApplicationId) -> Result<(), ApplicationError> {
    redirect_uri::check(uri, id).map_err(|reason| ApplicationError::RedirectUri {
        uri: uri.to_owned(),
        reason,
    })
}

#[cfg(test)]
mod tests;
