//! Scenarios that applications bring, as they were written. What they say is the simulator's business.

use carport_model::{ApplicationId, Timestamp};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// A scenario of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnScenario {
    /// Whose it is.
    pub application: ApplicationId,
    /// What the application calls it.
    pub id: String,
    /// Names id and text: the same key always has the same text behind it.
    pub key: String,
    /// TOML.
    pub text: String,
    /// When it was added.
    pub created_at: Timestamp,
}

/// Adds a scenario; `false`, and nothing is changed, when the application has one of this id.
///
/// # Errors
/// [`StoreError`] from the database, also when there is no such application.
pub async fn insert(tx: &mut Tx<'_>, scenario: &OwnScenario) -> Result<bool, StoreError> {
    const SQL: &str = "INSERT INTO scenarios (application_id, id, key, text, created_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (application_id, id) DO NOTHING";
    let params = [
        Value::id(scenario.application),
        scenario.id.as_str().into(),
        scenario.key.as_str().into(),
        scenario.text.as_str().into(),
        scenario.created_at.into(),
    ];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// The scenario that an application calls `id`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    id: &str,
) -> Result<Option<OwnScenario>, StoreError> {
    const SQL: &str = "SELECT application_id, id, key, text, created_at FROM scenarios \
                       WHERE application_id = $1 AND id = $2";
    let row = tx.row(SQL, &[Value::id(application), id.into()]).await?;
    row.as_ref().map(read).transpose()
}

/// The text behind a key.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn text_behind(tx: &mut Tx<'_>, key: &str) -> Result<Option<String>, StoreError> {
    const SQL: &str = "SELECT text FROM scenarios WHERE key = $1 LIMIT 1";
    let row = tx.row(SQL, &[key.into()]).await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// The scenarios of an application, oldest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn list(
    tx: &mut Tx<'_>,
    application: ApplicationId,
) -> Result<Vec<OwnScenario>, StoreError> {
    const SQL: &str = "SELECT application_id, id, key, text, created_at FROM scenarios \
                       WHERE application_id = $1 ORDER BY created_at, id";
    let rows = tx.rows(SQL, &[Value::id(application)]).await?;
    rows.iter().map(read).collect()
}

/// Deletes a scenario; `false` when it was not there.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn delete(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    id: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM scenarios WHERE application_id = $1 AND id = $2";
    Ok(tx.exec(SQL, &[Value::id(application), id.into()]).await? == 1)
}

fn read(row: &Row) -> Result<OwnScenario, StoreError> {
    Ok(OwnScenario {
        application: row.id(0)?,
        id: row.text(1)?.to_owned(),
        key: row.text(2)?.to_owned(),
        text: row.text(3)?.to_owned(),
        created_at: row.time(4)?,
    })
}
