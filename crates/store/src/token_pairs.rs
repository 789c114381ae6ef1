//! Token pairs, as digests. A refresh is one guarded update and one insert.

use carport_model::{ApplicationId, Digest, FamilyId, Mode, Timestamp, UserId};

use crate::StoreError;
use crate::cache::AccessGrant;
use crate::change_log::{self, Change};
use crate::dialect::{self, Dialect};
use crate::engine::{Row, Tx, Value};

/// A pair to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPair {
    /// Digest of the access token.
    pub access: Digest,
    /// Digest of the refresh token.
    pub refresh: Digest,
    /// Family it belongs to.
    pub family: FamilyId,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When the access token stops working.
    pub access_expires_at: Timestamp,
    /// When the refresh token stops working.
    pub refresh_expires_at: Timestamp,
}

/// A pair as it is found by its refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshGrant {
    /// Family of the pair.
    pub family: FamilyId,
    /// Application that holds it.
    pub application: ApplicationId,
    /// Owner it speaks for.
    pub user: UserId,
    /// Mode.
    pub mode: Mode,
    /// When the pair was issued.
    pub issued_at: Timestamp,
    /// When the refresh token stops working.
    pub expires_at: Timestamp,
    /// First use of the refresh token.
    pub refreshed_at: Option<Timestamp>,
    /// Whether its family was revoked.
    pub revoked: bool,
}

/// Adds a pair.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(tx: &mut Tx<'_>, pair: &NewPair) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO token_pairs (access_digest, refresh_digest, family_id, \
                       issued_at, access_expires_at, refresh_expires_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    let params = [
        (&pair.access).into(),
        (&pair.refresh).into(),
        Value::id(pair.family),
        pair.issued_at.into(),
        pair.access_expires_at.into(),
        pair.refresh_expires_at.into(),
    ];
    tx.exec(SQL, &params).await?;
    tx.issued = tx.issued.max(pair.access.place());
    Ok(())
}

/// Place of the last access token in the database; zero when there is none.
pub(crate) async fn last_place(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    const SQL: &str = "SELECT access_digest FROM token_pairs ORDER BY access_digest DESC LIMIT 1";
    tx.row(SQL, &[])
        .await?
        .map_or(Ok(0), |row| Ok(row.digest(0)?.place()))
}

/// What an access token opens; `None` when it is unknown or revoked.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn access(tx: &mut Tx<'_>, token: &Digest) -> Result<Option<AccessGrant>, StoreError> {
    Ok(match look_up(tx, token).await? {
        Found::Grant(grant) => Some(grant),
        Found::Revoked | Found::Nothing => None,
    })
}

/// What became of an access token.
pub(crate) enum Found {
    /// It works until it expires.
    Grant(AccessGrant),
    /// It never works again.
    Revoked,
    /// It is unknown, or its application is disabled.
    Nothing,
}

/// Looks for an access token.
pub(crate) async fn look_up(tx: &mut Tx<'_>, token: &Digest) -> Result<Found, StoreError> {
    const SQL: &str = "SELECT grant_families.application_id, grant_families.user_id, \
                       grant_families.mode, token_pairs.issued_at, token_pairs.access_expires_at, \
                       token_pairs.family_id, token_pairs.access_revoked_at, \
                       grant_families.revoked_at, applications.suspended_at FROM token_pairs \
                       JOIN grant_families ON grant_families.id = token_pairs.family_id \
                       JOIN applications ON applications.id = grant_families.application_id \
                       WHERE token_pairs.access_digest = $1 AND applications.enabled = 1";
    let Some(row) = tx.row(SQL, &[token.into()]).await? else {
        return Ok(Found::Nothing);
    };
    if row
        .maybe(6, Row::time)?
        .or(row.maybe(7, Row::time)?)
        .is_some()
    {
        return Ok(Found::Revoked);
    }
    Ok(Found::Grant(AccessGrant {
        application: row.id(0)?,
        user: row.id(1)?,
        mode: row.parsed(2)?,
        issued_at: row.time(3)?,
        expires_at: row.time(4)?,
        family: row.id(5)?,
        is_suspended: row.maybe(8, Row::time)?.is_some(),
    }))
}

/// The pair of a refresh token, used or not.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn by_refresh_token(
    tx: &mut Tx<'_>,
    token: &Digest,
) -> Result<Option<RefreshGrant>, StoreError> {
    const SQL: &str = "SELECT token_pairs.family_id, grant_families.application_id, \
                       grant_families.user_id, grant_families.mode, token_pairs.issued_at, \
                       token_pairs.refresh_expires_at, token_pairs.refreshed_at, \
                       grant_families.revoked_at FROM token_pairs \
                       JOIN grant_families ON grant_families.id = token_pairs.family_id \
                       WHERE token_pairs.refresh_digest = $1";
    let Some(row) = tx.row(SQL, &[token.into()]).await? else {
        return Ok(None);
    };
    Ok(Some(RefreshGrant {
        family: row.id(0)?,
        application: row.id(1)?,
        user: row.id(2)?,
        mode: row.parsed(3)?,
        issued_at: row.time(4)?,
        expires_at: row.time(5)?,
        refreshed_at: row.maybe(6, Row::time)?,
        revoked: row.maybe(7, Row::time)?.is_some(),
    }))
}

/// The plain refresh: marks a token that `application` uses for the first time, and adds `pair` to the
/// family it belongs to, whichever `pair` names. `false`, and nothing is changed, when the token is
/// unknown, another application's, expired, used before or revoked; which of them it is,
/// [`by_refresh_token`] tells. One statement on PostgreSQL, for [`Store::write_alone`].
///
/// [`Store::write_alone`]: crate::Store::write_alone
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn rotate(
    tx: &mut Tx<'_>,
    token: &Digest,
    application: ApplicationId,
    pair: &NewPair,
) -> Result<bool, StoreError> {
    let (key, now) = (Value::from(token), pair.issued_at);
    let mut params = vec![key, now.into(), Value::id(application)];
    match tx.dialect() {
        Dialect::Sqlite => {
            let Some(row) = tx.row(dialect::USE_REFRESH_TOKEN, &params).await? else {
                return Ok(false);
            };
            let family = row.id(0)?;
            let pair = NewPair {
                family,
                ..pair.clone()
            };
            insert(tx, &pair).await?;
            Ok(true)
        }
        Dialect::Postgres => {
            params.extend([
                (&pair.access).into(),
                (&pair.refresh).into(),
                pair.access_expires_at.into(),
                pair.refresh_expires_at.into(),
            ]);
            Ok(tx.exec(dialect::ROTATE, &params).await? == 1)
        }
    }
}

/// Revokes one access token; its pair's refresh token goes on working. `false` when it was not
/// there or was revoked before.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn revoke_access(
    tx: &mut Tx<'_>,
    token: &Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE token_pairs SET access_revoked_at = $2 \
                       WHERE access_digest = $1 AND access_revoked_at IS NULL";
    let revoked = tx.exec(SQL, &[token.into(), now.into()]).await? == 1;
    if revoked {
        change_log::append(tx, Change::Token(*token)).await?;
    }
    Ok(revoked)
}
