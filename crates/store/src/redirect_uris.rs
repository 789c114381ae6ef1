//! Redirect URIs of an application. The first one added is its default until another is made it.

use carport_model::ApplicationId;

use crate::StoreError;
use crate::engine::{Tx, Value};

/// Adds a URI after the others; `false` when it was there already.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn add(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    uri: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "INSERT INTO redirect_uris (application_id, uri, position) \
                       SELECT $1, $2, COALESCE(MAX(position), 0) + 1 FROM redirect_uris \
                       WHERE application_id = $1 ON CONFLICT (application_id, uri) DO NOTHING";
    Ok(tx.exec(SQL, &[Value::id(application), uri.into()]).await? == 1)
}

/// Removes a URI; `false` when it was not there.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn remove(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    uri: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM redirect_uris WHERE application_id = $1 AND uri = $2";
    Ok(tx.exec(SQL, &[Value::id(application), uri.into()]).await? == 1)
}

/// Puts a URI before the others; `false` when it is not there.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn make_default(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    uri: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE redirect_uris SET position = (SELECT MIN(position) - 1 \
                       FROM redirect_uris WHERE application_id = $1) \
                       WHERE application_id = $1 AND uri = $2";
    Ok(tx.exec(SQL, &[Value::id(application), uri.into()]).await? == 1)
}

/// The URIs of an application, the default first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn list(tx: &mut Tx<'_>, application: ApplicationId) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT uri FROM redirect_uris WHERE application_id = $1 \
                       ORDER BY position, uri";
    let rows = tx.rows(SQL, &[Value::id(application)]).await?;
    rows.iter()
        .map(|row| row.text(0).map(str::to_owned))
        .collect()
}

/// Whether an enabled application has registered exactly this URI.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn is_registered(tx: &mut Tx<'_>, uri: &str) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT a.id FROM redirect_uris r \
                       JOIN applications a ON a.id = r.application_id \
                       WHERE r.uri = $1 AND a.enabled = 1 LIMIT 1";
    Ok(tx.row(SQL, &[uri.into()]).await?.is_some())
}
