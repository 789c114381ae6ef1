//! Links that work once: signing in, taking an invitation, setting a password anew.

use carport_model::member::Purpose;
use carport_model::{Digest, MemberId, Timestamp};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// A link as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Digest of the token in it.
    pub digest: Digest,
    /// What it is for.
    pub purpose: Purpose,
    /// Whom it is for; `None` for the link that makes the first member.
    pub member: Option<MemberId>,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Adds a link.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(tx: &mut Tx<'_>, link: &Link) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO member_links (digest, purpose, member_id, expires_at) \
                       VALUES ($1, $2, $3, $4)";
    let params = [
        (&link.digest).into(),
        link.purpose.as_str().into(),
        link.member.map_or(Value::Null, Value::id),
        link.expires_at.into(),
    ];
    tx.exec(SQL, &params).await.map(drop)
}

/// The link with this digest, when it is for `purpose` and still works.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    digest: &Digest,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Link>, StoreError> {
    const SQL: &str = "SELECT member_id, expires_at FROM member_links WHERE digest = $1 \
                       AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
    let params = [digest.into(), purpose.as_str().into(), now.into()];
    let Some(row) = tx.row(SQL, &params).await? else {
        return Ok(None);
    };
    Ok(Some(Link {
        digest: *digest,
        purpose,
        member: row.maybe(0, Row::id)?,
        expires_at: row.time(1)?,
    }))
}

/// Uses a link, once: `false` when it was used, has expired or is for something else.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn consume(
    tx: &mut Tx<'_>,
    digest: &Digest,
    purpose: Purpose,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE member_links SET used_at = $3 WHERE digest = $1 \
                       AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
    let params = [digest.into(), purpose.as_str().into(), now.into()];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// Drops the links of a member for a purpose: a new one makes the old ones worthless.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn drop_all(
    tx: &mut Tx<'_>,
    member: MemberId,
    purpose: Purpose,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM member_links WHERE member_id = $1 AND purpose = $2";
    let params = [Value::id(member), purpose.as_str().into()];
    tx.exec(SQL, &params).await.map(drop)
}
