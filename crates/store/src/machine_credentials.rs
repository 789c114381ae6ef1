//! Machine credentials: a client id of an application for its programs, and secrets of that id.

use carport_model::{ApplicationId, Digest, Timestamp};

use crate::StoreError;
use crate::client_secrets::NewSecret;
use crate::engine::{Tx, Value};

/// A secret of a machine credential as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineSecret {
    /// Its digest.
    pub digest: Digest,
    /// Its last characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The client id of an application, which is `fresh` when it had none.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn ensure(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    fresh: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    const SQL: &str = "INSERT INTO machine_credentials (client_id, application_id, created_at) \
                       VALUES ($1, $2, $3)";
    if let Some((client_id, _)) = find(tx, application).await? {
        return Ok(client_id);
    }
    let params = [fresh.into(), Value::id(application), now.into()];
    tx.exec(SQL, &params).await?;
    Ok(fresh.to_owned())
}

/// The client id of an application and when it was made.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    application: ApplicationId,
) -> Result<Option<(String, Timestamp)>, StoreError> {
    const SQL: &str = "SELECT client_id, created_at FROM machine_credentials \
                       WHERE application_id = $1";
    let row = tx.row(SQL, &[Value::id(application)]).await?;
    row.map(|row| Ok((row.text(0)?.to_owned(), row.time(1)?)))
        .transpose()
}

/// Removes the credential of an application with its secrets; `false` when it had none.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn remove(tx: &mut Tx<'_>, application: ApplicationId) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM machine_credentials WHERE application_id = $1";
    Ok(tx.exec(SQL, &[Value::id(application)]).await? == 1)
}

/// Adds a secret.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn add_secret(
    tx: &mut Tx<'_>,
    client_id: &str,
    secret: &NewSecret,
    now: Timestamp,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO machine_secrets (digest, client_id, hint, created_at) \
                       VALUES ($1, $2, $3, $4)";
    let params = [
        (&secret.digest).into(),
        client_id.into(),
        secret.hint.as_str().into(),
        now.into(),
    ];
    tx.exec(SQL, &params).await.map(drop)
}

/// The secrets of a client id, the newest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn secrets(tx: &mut Tx<'_>, client_id: &str) -> Result<Vec<MachineSecret>, StoreError> {
    const SQL: &str = "SELECT digest, hint, created_at FROM machine_secrets \
                       WHERE client_id = $1 ORDER BY created_at DESC, digest";
    let rows = tx.rows(SQL, &[client_id.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(MachineSecret {
                digest: row.digest(0)?,
                hint: row.text(1)?.to_owned(),
                created_at: row.time(2)?,
            })
        })
        .collect()
}

/// Removes a secret; `false` when it was not there.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn remove_secret(
    tx: &mut Tx<'_>,
    client_id: &str,
    secret: &Digest,
) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM machine_secrets WHERE client_id = $1 AND digest = $2";
    Ok(tx.exec(SQL, &[client_id.into(), secret.into()]).await? == 1)
}
