//! Applications.

use carport_model::{Application, ApplicationId, Digest, Timestamp};

use crate::StoreError;
use crate::change_log::{self, Change};
use crate::engine::{Row, Tx, Value};

/// The management token of an application as it is kept: a digest to look it up by, and the token
/// sealed under the installation's key, because it also signs webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagementToken {
    /// For look-up.
    pub digest: Digest,
    /// For reading it again.
    pub sealed: Vec<u8>,
}

/// Adds an application.
///
/// # Errors
/// [`StoreError`] from the database, also when the id is taken.
pub async fn insert(
    tx: &mut Tx<'_>,
    application: &Application,
    token: &ManagementToken,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO applications (id, name, privacy_url, created_at, enabled, \
                       default_scope, public, require_pkce, send_iss, strict_required, \
                       management_token_digest, management_token_sealed, suspended_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let params = [
        Value::id(application.id),
        application.name.as_str().into(),
        Value::optional(application.privacy_url.as_deref()),
        application.created_at.into(),
        application.enabled.into(),
        Value::text(&application.default_scope),
        application.public.into(),
        application.require_pkce.into(),
        application.send_iss.into(),
        application.strict_required.into(),
        (&token.digest).into(),
        token.sealed.clone().into(),
        Value::optional(application.suspended_at),
    ];
    tx.exec(SQL, &params).await.map(drop)
}

const FIND: &str = "SELECT id, name, privacy_url, created_at, enabled, default_scope, public, \
                    require_pkce, send_iss, strict_required, suspended_at \
                    FROM applications WHERE id = $1";

/// The application with this id, enabled or not.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Option<Application>, StoreError> {
    tx.row(FIND, &[Value::id(id)])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// All applications, oldest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<Application>, StoreError> {
    const SQL: &str = "SELECT id, name, privacy_url, created_at, enabled, default_scope, public, \
                       require_pkce, send_iss, strict_required, suspended_at FROM applications \
                       ORDER BY created_at, id";
    tx.rows(SQL, &[]).await?.iter().map(read).collect()
}

/// The application whose management token has this digest.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn by_management_token(
    tx: &mut Tx<'_>,
    token: &Digest,
) -> Result<Option<ApplicationId>, StoreError> {
    const SQL: &str = "SELECT id FROM applications WHERE management_token_digest = $1 \
                       AND enabled = 1";
    tx.row(SQL, &[token.into()])
        .await?
        .map(|row| row.id(0))
        .transpose()
}

/// Puts a new management token in place of the old one, which stops working at once.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn replace_management_token(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    token: &ManagementToken,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE applications SET management_token_digest = $2, \
                       management_token_sealed = $3 WHERE id = $1";
    let params = [
        Value::id(id),
        (&token.digest).into(),
        token.sealed.clone().into(),
    ];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// Suspends an application, or ends its suspension with `None`; `false` when it was so before, and
/// then a suspension keeps its beginning.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn suspend(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    since: Option<Timestamp>,
) -> Result<bool, StoreError> {
    const SUSPEND: &str = "UPDATE applications SET suspended_at = $2 \
                           WHERE id = $1 AND suspended_at IS NULL";
    const RESUME: &str = "UPDATE applications SET suspended_at = NULL \
                          WHERE id = $1 AND suspended_at IS NOT NULL";
    let changed = match since {
        Some(at) => tx.exec(SUSPEND, &[Value::id(id), at.into()]).await? == 1,
        None => tx.exec(RESUME, &[Value::id(id)]).await? == 1,
    };
    if changed {
        // Each of its tokens is remembered with it, and nobody finds them by their application.
        change_log::append(tx, Change::Everything).await?;
    }
    Ok(changed)
}

/// Keeps other units of work from changing what belongs to an application until this one ends;
/// `false` when there is no such application.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn hold(tx: &mut Tx<'_>, id: ApplicationId) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE applications SET enabled = enabled WHERE id = $1";
    Ok(tx.exec(SQL, &[Value::id(id)]).await? == 1)
}

/// What an application is called and says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts {
    /// Name owners read in Connect.
    pub name: String,
    /// Link owners find in Connect.
    pub privacy_url: Option<String>,
    /// A sentence for the developer's own list.
    pub description: Option<String>,
}

/// Puts other texts in place of the old ones; `false` when there is no such application.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn rewrite(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    texts: &Texts,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE applications SET name = $2, privacy_url = $3, description = $4 \
                       WHERE id = $1";
    let params = [
        Value::id(id),
        texts.name.as_str().into(),
        Value::optional(texts.privacy_url.as_deref()),
        Value::optional(texts.description.as_deref()),
    ];
    let changed = tx.exec(SQL, &params).await? == 1;
    if changed {
        change_log::append(tx, Change::Client(id)).await?;
    }
    Ok(changed)
}

/// Enables or disables an application; `false` when it was so before.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn enable(tx: &mut Tx<'_>, id: ApplicationId, enabled: bool) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE applications SET enabled = $2 WHERE id = $1 AND enabled <> $2";
    let changed = tx.exec(SQL, &[Value::id(id), enabled.into()]).await? == 1;
    if changed {
        change_log::append(tx, Change::Everything).await?;
    }
    Ok(changed)
}

/// The management token of an application, sealed.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn sealed_management_token(
    tx: &mut Tx<'_>,
    id: ApplicationId,
) -> Result<Option<Vec<u8>>, StoreError> {
    const SQL: &str = "SELECT management_token_sealed FROM applications WHERE id = $1";
    let row = tx.row(SQL, &[Value::id(id)]).await?;
    row.map(|row| row.bytes(0).map(<[u8]>::to_vec)).transpose()
}

/// Deletes an application with everything under it: secrets, users, vehicles, tokens.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn delete(tx: &mut Tx<'_>, id: ApplicationId) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM applications WHERE id = $1";
    let deleted = tx.exec(SQL, &[Value::id(id)]).await? == 1;
    if deleted {
        change_log::append(tx, Change::Everything).await?;
    }
    Ok(deleted)
}

fn read(row: &Row) -> Result<Application, StoreError> {
    Ok(Application {
        id: row.id(0)?,
        name: row.text(1)?.to_owned(),
        privacy_url: row.maybe(2, Row::text)?.map(str::to_owned),
        created_at: row.time(3)?,
        enabled: row.flag(4)?,
        default_scope: row.parsed(5)?,
        public: row.flag(6)?,
        require_pkce: row.flag(7)?,
        send_iss: row.flag(8)?,
        strict_required: row.flag(9)?,
        suspended_at: row.maybe(10, Row::time)?,
    })
}
