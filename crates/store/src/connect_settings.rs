//! What applications have set about their side of Connect, their logos, and those of their switches
//! that Connect obeys.

use carport_model::{Application, ApplicationId, ConnectSettings};

use crate::StoreError;
use crate::change_log::{self, Change};
use crate::engine::{Tx, Value};

/// Holds an application's settings until the unit ends, so that what is read after this and saved
/// in the same unit loses nothing that others saved.
///
/// # Errors
/// [`StoreError`] from the database, also when there is no such application.
pub async fn hold(tx: &mut Tx<'_>, application: ApplicationId) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO connect_settings (application_id, settings) VALUES ($1, '{}') \
                       ON CONFLICT (application_id) DO UPDATE \
                       SET settings = connect_settings.settings";
    tx.exec(SQL, &[Value::id(application)]).await.map(drop)
}

/// What an application has set.
///
/// # Errors
/// [`StoreError`] from the database; `Corrupt` for settings that cannot be read.
pub async fn find(
    tx: &mut Tx<'_>,
    application: ApplicationId,
) -> Result<ConnectSettings, StoreError> {
    const SQL: &str = "SELECT settings FROM connect_settings WHERE application_id = $1";
    let row = tx.row(SQL, &[Value::id(application)]).await?;
    row.map_or(Ok(ConnectSettings::default()), |row| row.json(0))
}

/// Saves what an application has set, and of the application itself its vehicle access and the
/// switches that Connect obeys; `false` when it is gone.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn save(
    tx: &mut Tx<'_>,
    application: &Application,
    settings: &ConnectSettings,
) -> Result<bool, StoreError> {
    const SETTINGS: &str = "UPDATE connect_settings SET settings = $2 WHERE application_id = $1";
    const SWITCHES: &str = "UPDATE applications SET default_scope = $2, require_pkce = $3, \
                            send_iss = $4, strict_required = $5 WHERE id = $1";
    let id = application.id;
    let params = [Value::id(id), Value::json(settings)];
    let kept = tx.exec(SETTINGS, &params).await? == 1;
    let params = [
        Value::id(id),
        Value::text(&application.default_scope),
        application.require_pkce.into(),
        application.send_iss.into(),
        application.strict_required.into(),
    ];
    let kept = tx.exec(SWITCHES, &params).await? == 1 && kept;
    change_log::append(tx, Change::Client(id)).await?;
    Ok(kept)
}

/// Puts a logo in the place of the one before; `None` removes it. Its name goes into the settings
/// in the same unit.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn put_logo(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    logo: Option<(&str, &[u8])>,
) -> Result<(), StoreError> {
    const PUT: &str = "INSERT INTO logos (application_id, name, content) VALUES ($1, $2, $3) \
                       ON CONFLICT (application_id) DO UPDATE \
                       SET name = excluded.name, content = excluded.content";
    const REMOVE: &str = "DELETE FROM logos WHERE application_id = $1";
    match logo {
        Some((name, content)) => {
            let params = [
                Value::id(application),
                name.into(),
                Value::Bytes(content.to_vec()),
            ];
            tx.exec(PUT, &params).await.map(drop)
        }
        None => tx.exec(REMOVE, &[Value::id(application)]).await.map(drop),
    }
}

/// The logo of an application, when this is its name.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn logo(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    name: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    const SQL: &str = "SELECT content FROM logos WHERE application_id = $1 AND name = $2";
    let row = tx.row(SQL, &[Value::id(application), name.into()]).await?;
    row.map(|row| row.bytes(0).map(<[u8]>::to_vec)).transpose()
}
