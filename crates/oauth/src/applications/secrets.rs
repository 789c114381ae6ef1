//! Client secrets: made, rotated with an overlap, revoked.

use std::time::Duration;

use carport_model::token::draw_secret;
use carport_model::{ApplicationId, Secret, Timestamp};
use carport_store::client_secrets::{self, NewSecret};
use carport_store::{StoreError, Tx, applications};

use super::{ApplicationError, Applications, MAX_SECRETS, hold, note};

/// A client secret as it may be shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRow {
    /// Names it, and opens nothing.
    pub id: String,
    /// Its last characters; `None` for one of an older version.
    pub hint: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working; `None` as long as nothing replaces it.
    pub expires_at: Option<Timestamp>,
}

/// A new secret, told this once.
#[derive(Debug, Clone)]
pub struct Rotated {
    /// The secret.
    pub secret: Secret<String>,
    /// When the old ones stop working.
    pub others_end: Timestamp,
}

impl Applications {
    /// Makes a new client secret; the old ones go on working for `overlap`.
    ///
    /// # Errors
    /// [`ApplicationError`] when there is no such application, or it has secrets enough or none.
    pub async fn rotate_secret(
        &self,
        id: ApplicationId,
        overlap: Duration,
    ) -> Result<Rotated, ApplicationError> {
        let secret = draw_secret(&*self.rng);
        let new = NewSecret::of(&secret);
        let now = self.now();
        let others_end = now.plus(overlap);
        let entry = self.entry(id, "client_secret.rotated");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                hold(tx, id).await?;
                let application = applications::find(tx, id).await?;
                let application = application.ok_or(ApplicationError::Unknown)?;
                if application.public {
                    return Err(ApplicationError::Public);
                }
                client_secrets::expire_all(tx, id, others_end).await?;
                client_secrets::sweep(tx, id, now).await?;
                if client_secrets::list(tx, id).await?.len() >= MAX_SECRETS {
                    return Err(ApplicationError::TooManySecrets);
                }
                client_secrets::insert(tx, id, &new, now).await?;
                note(tx, &entry, &new.digest.name()).await?;
                Ok(())
            })
            .await?;
        Ok(Rotated { secret, others_end })
    }

    /// The secrets of an application that work, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn secrets(&self, id: ApplicationId) -> Result<Vec<SecretRow>, StoreError> {
        let now = self.now();
        let kept = self
            .store
            .read(async move |tx: &mut Tx<'_>| client_secrets::details(tx, id).await)
            .await?;
        let works = |kept: &client_secrets::Detail| kept.secret.works_at(now);
        let rows = kept.into_iter().filter(works).map(|kept| SecretRow {
            id: kept.secret.digest.name(),
            hint: kept.hint,
            created_at: kept.created_at,
            expires_at: kept.secret.expires_at,
        });
        Ok(rows.collect())
    }

    /// Ends a secret at once.
    ///
    /// # Errors
    /// [`ApplicationError::UnknownSecret`] when there is none with this id.
    pub async fn revoke_secret(
        &self,
        id: ApplicationId,
        secret: &str,
    ) -> Result<(), ApplicationError> {
        let secret = secret.to_owned();
        let entry = self.entry(id, "client_secret.revoked");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                let secrets = client_secrets::list(tx, id).await?;
                let meant = secrets.iter().find(|kept| kept.digest.name() == secret);
                let meant = meant.ok_or(ApplicationError::UnknownSecret)?;
                client_secrets::remove(tx, id, &meant.digest).await?;
                note(tx, &entry, &secret).await?;
                Ok(())
            })
            .await
    }
}
