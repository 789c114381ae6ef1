//! Client secrets, as digests.

use carport_model::{ApplicationId, Digest, Secret, Timestamp};

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

/// A secret as it is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// Its digest.
    pub digest: Digest,
    /// Its last characters, by which its owner tells it from others.
    pub hint: String,
}

impl NewSecret {
    /// What is kept of `secret`.
    #[must_use]
    pub fn of(secret: &Secret<String>) -> Self {
        let letters = secret.expose().chars();
        let before = letters.clone().count().saturating_sub(HINT);
        Self {
            digest: Digest::of(secret.expose()),
            hint: letters.skip(before).collect(),
        }
    }
}

/// Characters of a hint: 24 of 256 bits.
const HINT: usize = 4;

/// Adds a secret.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    secret: &NewSecret,
    now: Timestamp,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO client_secrets (digest, application_id, created_at, hint) \
                       VALUES ($1, $2, $3, $4)";
    let params = [
        (&secret.digest).into(),
        Value::id(application),
        now.into(),
        secret.hint.as_str().into(),
    ];
    tx.exec(SQL, &params).await?;
    change_log::append(tx, Change::Client(application)).await
}

/// Ends at `until` the secrets that would work longer; they go on working until then.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn expire_all(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    until: Timestamp,
) -> Result<u64, StoreError> {
    const SQL: &str = "UPDATE client_secrets SET expires_at = $2 \
                       WHERE application_id = $1 AND (expires_at IS NULL OR expires_at > $2)";
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

/// A secret with what its owner may be shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The secret.
    pub secret: ClientSecret,
    /// Its last characters; `None` for one that an older version made.
    pub hint: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// All secrets of an application with what may be shown of them, the newest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn details(
    tx: &mut Tx<'_>,
    application: ApplicationId,
) -> Result<Vec<Detail>, StoreError> {
    const SQL: &str = "SELECT digest, expires_at, hint, created_at FROM client_secrets \
                       WHERE application_id = $1 ORDER BY created_at DESC, digest";
    let rows = tx.rows(SQL, &[Value::id(application)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Detail {
                secret: ClientSecret {
                    digest: row.digest(0)?,
                    expires_at: row.maybe(1, Row::time)?,
                },
                hint: row.maybe(2, Row::text)?.map(str::to_owned),
                created_at: row.time(3)?,
            })
        })
        .collect()
}

/// Removes a secret, which stops working at once; `false` when it was not there.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn remove(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    secret: &Digest,
) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM client_secrets WHERE application_id = $1 AND digest = $2";
    let removed = tx
        .exec(SQL, &[Value::id(application), secret.into()])
        .await?
        == 1;
    if removed {
        change_log::append(tx, Change::Client(application)).await?;
    }
    Ok(removed)
}

/// Forgets the secrets of an application that had stopped working by `now`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn sweep(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM client_secrets WHERE application_id = $1 AND expires_at <= $2";
    tx.exec(SQL, &[Value::id(application), now.into()]).await
}
