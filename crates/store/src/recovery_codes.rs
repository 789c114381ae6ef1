//! Codes that stand in for a lost second factor, each once.

use carport_model::{Digest, MemberId, Timestamp};

use crate::StoreError;
use crate::engine::{Tx, Value};

/// Gives a member these codes instead of all earlier ones.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn replace(
    tx: &mut Tx<'_>,
    member: MemberId,
    codes: &[Digest],
) -> Result<(), StoreError> {
    const DROP: &str = "DELETE FROM recovery_codes WHERE member_id = $1";
    const ADD: &str = "INSERT INTO recovery_codes (member_id, digest) VALUES ($1, $2)";
    tx.exec(DROP, &[Value::id(member)]).await?;
    for code in codes {
        tx.exec(ADD, &[Value::id(member), code.into()]).await?;
    }
    Ok(())
}

/// Uses a code, once: `false` when it was used or is none of the member's.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn consume(
    tx: &mut Tx<'_>,
    member: MemberId,
    code: &Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE recovery_codes SET used_at = $3 \
                       WHERE member_id = $1 AND digest = $2 AND used_at IS NULL";
    let params = [Value::id(member), code.into(), now.into()];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// How many codes a member has left.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn left(tx: &mut Tx<'_>, member: MemberId) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM recovery_codes \
                       WHERE member_id = $1 AND used_at IS NULL";
    tx.row(SQL, &[Value::id(member)])
        .await?
        .map_or(Ok(0), |row| row.int(0))
}
