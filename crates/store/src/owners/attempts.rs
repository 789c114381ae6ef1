//! How often somebody may try to enter. Counted before the attempt is made, so that many at once
//! do not count as one.

use std::time::Duration;

use carport_model::{Digest, Timestamp};

use crate::StoreError;
use crate::engine::{Tx, Value};

/// So many attempts in so long a time, from the first of them on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Attempts.
    pub tries: u64,
    /// Time.
    pub within: Duration,
}

/// Takes one attempt of a subject, an address or a login; when the next may be made, if there was
/// none left.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn take(
    tx: &mut Tx<'_>,
    subject: &Digest,
    limit: Limit,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    const SQL: &str = "INSERT INTO owner_attempts (subject, tries, since) VALUES ($1, 1, $2) \
                       ON CONFLICT (subject) DO UPDATE SET \
                       tries = CASE WHEN owner_attempts.since <= $3 THEN 1 \
                       ELSE owner_attempts.tries + 1 END, \
                       since = CASE WHEN owner_attempts.since <= $3 THEN excluded.since \
                       ELSE owner_attempts.since END RETURNING tries, since";
    let over = now.minus(limit.within);
    let params: [Value; 3] = [subject.into(), now.into(), over.into()];
    let Some(row) = tx.row(SQL, &params).await? else {
        return Ok(None);
    };
    let is_left = row.count(0)? <= limit.tries;
    let opens = row.time(1)?.plus(limit.within);
    Ok((!is_left).then_some(opens))
}

/// Gives an attempt back that was none, or was right.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn give_back(tx: &mut Tx<'_>, subject: &Digest) -> Result<(), StoreError> {
    const SQL: &str =
        "UPDATE owner_attempts SET tries = tries - 1 WHERE subject = $1 AND tries > 0";
    tx.exec(SQL, &[subject.into()]).await.map(drop)
}
