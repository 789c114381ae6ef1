//! Browsers in which members are signed in.

use carport_model::{Digest, Member, MemberId, Session, SessionId, Timestamp};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};
use crate::members;

/// Adds a session that opens to the secret of this digest.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(tx: &mut Tx<'_>, session: &Session, digest: &Digest) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO member_sessions (id, digest, member_id, made_at, seen_at, \
                       expires_at, address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let params = [
        Value::id(session.id),
        digest.into(),
        Value::id(session.member),
        session.made_at.into(),
        session.seen_at.into(),
        session.expires_at.into(),
        session.address.as_str().into(),
        session.agent.as_str().into(),
    ];
    tx.exec(SQL, &params).await.map(drop)
}

/// The session that opens to the secret of this digest, and whose it is. Whether it is over, and
/// whether the member is still let in, the caller judges.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn by_digest(
    tx: &mut Tx<'_>,
    digest: &Digest,
) -> Result<Option<(Session, Member)>, StoreError> {
    const SQL: &str = "SELECT s.id, s.member_id, s.made_at, s.seen_at, s.expires_at, s.address, \
                       s.agent, m.id, m.email, m.name, m.role, m.applications, m.created_at, \
                       m.joined_at, m.disabled_at, \
                       CAST(CASE WHEN m.password IS NULL THEN 0 ELSE 1 END AS BIGINT), \
                       CAST(CASE WHEN m.second_factor IS NULL THEN 0 ELSE 1 END AS BIGINT) \
                       FROM member_sessions s JOIN members m ON m.id = s.member_id \
                       WHERE s.digest = $1";
    let Some(row) = tx.row(SQL, &[digest.into()]).await? else {
        return Ok(None);
    };
    Ok(Some((read(&row)?, members::read(&row, 7)?)))
}

/// Notes that a session was used.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn touch(
    tx: &mut Tx<'_>,
    id: SessionId,
    now: Timestamp,
    address: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE member_sessions SET seen_at = $2, address = $3 WHERE id = $1";
    let params = [Value::id(id), now.into(), address.into()];
    tx.exec(SQL, &params).await.map(drop)
}

/// The sessions of a member, the last used first, a hundred at most.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn list(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<Session>, StoreError> {
    const SQL: &str = "SELECT id, member_id, made_at, seen_at, expires_at, address, agent \
                       FROM member_sessions WHERE member_id = $1 ORDER BY seen_at DESC, id \
                       LIMIT 100";
    let rows = tx.rows(SQL, &[Value::id(member)]).await?;
    rows.iter().map(read).collect()
}

/// Ends a session of a member; `false` when there was none.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn end(tx: &mut Tx<'_>, member: MemberId, id: SessionId) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM member_sessions WHERE id = $1 AND member_id = $2";
    Ok(tx.exec(SQL, &[Value::id(id), Value::id(member)]).await? == 1)
}

/// Ends the sessions of a member, except one; tells how many.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn end_all(
    tx: &mut Tx<'_>,
    member: MemberId,
    except: Option<SessionId>,
) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM member_sessions WHERE member_id = $1 AND id <> $2";
    // No session has the id of zeros.
    let except = except.unwrap_or(SessionId::from_bytes([0; 16]));
    tx.exec(SQL, &[Value::id(member), Value::id(except)]).await
}

fn read(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.id(0)?,
        member: row.id(1)?,
        made_at: row.time(2)?,
        seen_at: row.time(3)?,
        expires_at: row.time(4)?,
        address: row.text(5)?.to_owned(),
        agent: row.text(6)?.to_owned(),
    })
}
