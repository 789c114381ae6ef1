//! Client secrets, as digests.

use carport_model::{ApplicationId, Digest, Timestamp};

use crate::StoreError;
use crate::engine::{Tx, Value};

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
    tx.exec(SQL, &[secret.into(), Value::text(&application), now.into()])
        .await
        .map(drop)
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
    tx.exec(SQL, &[Value::text(&application), until.into()])
        .await
}

/// Digests of the secrets that work at `now`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn valid(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    now: Timestamp,
) -> Result<Vec<Digest>, StoreError> {
    const SQL: &str = "SELECT digest FROM client_secrets \
                       WHERE application_id = $1 AND (expires_at IS NULL OR expires_at > $2)";
    let rows = tx
        .rows(SQL, &[Value::text(&application), now.into()])
        .await?;
    rows.iter().map(|row| row.digest(0)).collect()
}
