//! Members of the team.

use carport_model::{ApplicationId, EmailAddress, Member, MemberId, Role, Timestamp};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// What shows that a member is who they say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credentials {
    /// The argon2id hash.
    pub password: Option<String>,
    /// The sealed secret of the second factor.
    pub second_factor: Option<Vec<u8>>,
    /// The last time step whose code was used.
    pub step: i64,
}

/// Adds a member; `false`, and nothing is changed, when the address is taken.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(
    tx: &mut Tx<'_>,
    member: &Member,
    password: Option<&str>,
) -> Result<bool, StoreError> {
    const SQL: &str = "INSERT INTO members (id, email, name, role, applications, password, \
                       second_factor_step, created_at, joined_at, disabled_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9) ON CONFLICT DO NOTHING";
    let params = [
        Value::id(member.id),
        member.email.as_str().into(),
        member.name.as_str().into(),
        member.role.as_str().into(),
        limit(member.only.as_deref()),
        Value::optional(password),
        member.created_at.into(),
        Value::optional(member.joined_at),
        Value::optional(member.disabled_at),
    ];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// The member with this id.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(tx: &mut Tx<'_>, id: MemberId) -> Result<Option<Member>, StoreError> {
    const SQL: &str = "SELECT id, email, name, role, applications, created_at, joined_at, \
                       disabled_at, CAST(CASE WHEN password IS NULL THEN 0 ELSE 1 END AS BIGINT), \
                       CAST(CASE WHEN second_factor IS NULL THEN 0 ELSE 1 END AS BIGINT) \
                       FROM members WHERE id = $1";
    let row = tx.row(SQL, &[Value::id(id)]).await?;
    row.as_ref().map(|row| read(row, 0)).transpose()
}

/// The member with this address.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn by_email(tx: &mut Tx<'_>, email: &EmailAddress) -> Result<Option<Member>, StoreError> {
    const SQL: &str = "SELECT id FROM members WHERE email = $1";
    match tx.row(SQL, &[email.as_str().into()]).await? {
        Some(row) => find(tx, row.id(0)?).await,
        None => Ok(None),
    }
}

/// A page of the members in the order of their addresses, after one of them.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn page(
    tx: &mut Tx<'_>,
    after: Option<&EmailAddress>,
    limit: i64,
) -> Result<Vec<Member>, StoreError> {
    const SQL: &str = "SELECT id, email, name, role, applications, created_at, joined_at, \
                       disabled_at, CAST(CASE WHEN password IS NULL THEN 0 ELSE 1 END AS BIGINT), \
                       CAST(CASE WHEN second_factor IS NULL THEN 0 ELSE 1 END AS BIGINT) \
                       FROM members WHERE email > $1 ORDER BY email LIMIT $2";
    let after = after.map_or("", EmailAddress::as_str);
    let rows = tx.rows(SQL, &[after.into(), limit.into()]).await?;
    rows.iter().map(|row| read(row, 0)).collect()
}

/// Whether there is a member at all.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn any(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT id FROM members LIMIT 1";
    Ok(tx.row(SQL, &[]).await?.is_some())
}

/// What shows that the member is who they say; `None` when there is no such member.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn credentials(tx: &mut Tx<'_>, id: MemberId) -> Result<Option<Credentials>, StoreError> {
    const SQL: &str = "SELECT password, second_factor, second_factor_step FROM members \
                       WHERE id = $1";
    let Some(row) = tx.row(SQL, &[Value::id(id)]).await? else {
        return Ok(None);
    };
    Ok(Some(Credentials {
        password: row.maybe(0, Row::text)?.map(str::to_owned),
        second_factor: row.maybe(1, Row::bytes)?.map(<[u8]>::to_vec),
        step: row.int(2)?,
    }))
}

/// Holds the team until the unit ends, so that of two units that take an owner away the second sees
/// what the first has left. SQLite has one writer anyway; on PostgreSQL both would count the other's.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn hold_team(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO settings (name, value) VALUES ('team_held', '') \
                       ON CONFLICT (name) DO UPDATE SET value = settings.value";
    tx.exec(SQL, &[]).await.map(drop)
}

/// Whether an owner who can come in remains without this member. Ask after [`hold_team`].
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn has_other_owner(tx: &mut Tx<'_>, id: MemberId) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT id FROM members WHERE role = 'owner' AND joined_at IS NOT NULL \
                       AND disabled_at IS NULL AND id <> $1 LIMIT 1";
    Ok(tx.row(SQL, &[Value::id(id)]).await?.is_some())
}

/// Gives a member a role and a limit; `false` when there is no such member.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn set_role(
    tx: &mut Tx<'_>,
    id: MemberId,
    role: Role,
    only: Option<&[ApplicationId]>,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE members SET role = $2, applications = $3 WHERE id = $1";
    let params = [Value::id(id), role.as_str().into(), limit(only)];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// Renames a member; `false` when there is no such member.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn set_name(tx: &mut Tx<'_>, id: MemberId, name: &str) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE members SET name = $2 WHERE id = $1";
    Ok(tx.exec(SQL, &[Value::id(id), name.into()]).await? == 1)
}

/// Gives a member a password, as its hash; `false` when there is no such member.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn set_password(tx: &mut Tx<'_>, id: MemberId, hash: &str) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE members SET password = $2 WHERE id = $1";
    Ok(tx.exec(SQL, &[Value::id(id), hash.into()]).await? == 1)
}

/// Notes that an invited member came; `false` when they had come before.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn join(tx: &mut Tx<'_>, id: MemberId, now: Timestamp) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE members SET joined_at = $2 WHERE id = $1 AND joined_at IS NULL";
    Ok(tx.exec(SQL, &[Value::id(id), now.into()]).await? == 1)
}

/// Keeps a member out, or lets them in again; `false` when that was so before.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn set_disabled(
    tx: &mut Tx<'_>,
    id: MemberId,
    since: Option<Timestamp>,
) -> Result<bool, StoreError> {
    const OUT: &str = "UPDATE members SET disabled_at = $2 \
                       WHERE id = $1 AND disabled_at IS NULL";
    const IN: &str = "UPDATE members SET disabled_at = NULL \
                      WHERE id = $1 AND disabled_at IS NOT NULL";
    let rows = match since {
        Some(since) => tx.exec(OUT, &[Value::id(id), since.into()]).await?,
        None => tx.exec(IN, &[Value::id(id)]).await?,
    };
    Ok(rows == 1)
}

/// Gives a member a second factor, sealed, whose code of `step` was shown; `false` when they have
/// one already.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn enrol(
    tx: &mut Tx<'_>,
    id: MemberId,
    sealed: Vec<u8>,
    step: i64,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE members SET second_factor = $2, second_factor_step = $3 \
                       WHERE id = $1 AND second_factor IS NULL";
    let params = [Value::id(id), sealed.into(), step.into()];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// Takes the second factor away; `false` when there was none.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn disenrol(tx: &mut Tx<'_>, id: MemberId) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE members SET second_factor = NULL \
                       WHERE id = $1 AND second_factor IS NOT NULL";
    Ok(tx.exec(SQL, &[Value::id(id)]).await? == 1)
}

/// Uses the code of a time step, once: `false` when it or a later one was used.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn use_step(tx: &mut Tx<'_>, id: MemberId, step: i64) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE members SET second_factor_step = $2 \
                       WHERE id = $1 AND second_factor IS NOT NULL AND second_factor_step < $2";
    Ok(tx.exec(SQL, &[Value::id(id), step.into()]).await? == 1)
}

/// Removes a member with their sessions, links and codes; `false` when there was none.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn delete(tx: &mut Tx<'_>, id: MemberId) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM members WHERE id = $1";
    Ok(tx.exec(SQL, &[Value::id(id)]).await? == 1)
}

fn limit(only: Option<&[ApplicationId]>) -> Value {
    only.map_or(Value::Null, |only| Value::json(&only))
}

/// A member whose columns begin at `first`, in the order of the statements above.
pub(crate) fn read(row: &Row, first: usize) -> Result<Member, StoreError> {
    Ok(Member {
        id: row.id(first)?,
        email: row.parsed(first + 1)?,
        name: row.text(first + 2)?.to_owned(),
        role: row.parsed(first + 3)?,
        only: row.maybe(first + 4, Row::json)?,
        created_at: row.time(first + 5)?,
        joined_at: row.maybe(first + 6, Row::time)?,
        disabled_at: row.maybe(first + 7, Row::time)?,
        has_password: row.flag(first + 8)?,
        has_second_factor: row.flag(first + 9)?,
    })
}
