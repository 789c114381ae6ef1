//! Who changed or lost what; append-only.

use carport_model::{ApplicationId, Timestamp};

use crate::StoreError;
use crate::engine::{Tx, Value};

/// One entry. No secret, token, VIN, e-mail or position belongs in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Application it concerns.
    pub application: ApplicationId,
    /// Who: `client`, `operator`, `owner`.
    pub actor: String,
    /// What, as `noun.verb`.
    pub action: String,
    /// Ids of what was touched.
    pub detail: String,
}

/// Appends an entry.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn append(tx: &mut Tx<'_>, entry: &Entry) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO audit_log (at, application_id, actor, action, detail) \
                       VALUES ($1, $2, $3, $4, $5)";
    let params = [
        entry.at.into(),
        Value::id(entry.application),
        entry.actor.as_str().into(),
        entry.action.as_str().into(),
        entry.detail.as_str().into(),
    ];
    tx.exec(SQL, &params).await.map(drop)
}

/// The newest entries of an application, newest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn newest(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    const SQL: &str = "SELECT at, actor, action, detail FROM audit_log \
                       WHERE application_id = $1 ORDER BY at DESC LIMIT $2";
    let rows = tx
        .rows(SQL, &[Value::id(application), limit.into()])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                at: row.time(0)?,
                application,
                actor: row.text(1)?.to_owned(),
                action: row.text(2)?.to_owned(),
                detail: row.text(3)?.to_owned(),
            })
        })
        .collect()
}
