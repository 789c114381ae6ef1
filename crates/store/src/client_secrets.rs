//! Client secrets, as digests.

use carport_model::{ApplicationId, Digest, Timestamp};

use crate::StoreError;
use crate::change_log::{self, Change};
use crate::engine::{Row, Tx, Value};

/// A secret as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientSecret {
    /// Its digest.
    pub digest: Digest,
    /// When it stops working; `None` as long as nothing replaces it.
    pub expires_at: Option<Timestamp>,
}

impl ClientSecret {
    /// Whether it works at `now`.
    #[must_use]
    pub fn works_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }
}

/// Adds a secret.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    secret: &Digest,
    now: Timestamp,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO client_secrets (digest, application_id, created_at) \
                       VALUES ($1, $2, $3)";
    tx.exec(SQL, &[secret.into(), Value::id(application), now.into()])
        .await?;
    change_log::append(tx, Change::Client(application)).await
}

/// Ends the secrets that have no end yet at `until`; they go on working until then.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn expire_all(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    until: Timestamp,
) -> Result<u64, StoreError> {
    const SQL: &str = "UPDATE client_secrets SET expires_at = $2 \
                       WHERE application_id = $1 AND expires_at IS NULL";
    let ended = tx
        .exec(SQL, &[Value::id(application), until.into()])
        .await?;
    change_log::append(tx, Change::Client(application)).await?;
    Ok(ended)
}

/// All secrets of an application, also those that have expired.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn list(
    tx: &mut Tx<'_>,
    application: ApplicationId,
) -> Result<Vec<ClientSecret>, StoreError> {
    const SQL: &str = "SELECT digest, expires_at FROM client_secrets WHERE application_id = $1";
    let rows = tx.rows(SQL, &[Value::id(application)]).await?;
    rows.iter()
        .map(|row| {
            Ok(ClientSecret {
                digest: row.digest(0)?,
                expires_at: row.maybe(1, Row::time)?,
            })
        })
        .collect()
}
