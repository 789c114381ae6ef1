//! Browsers at the owner's page: those that have entered, and those that wait for a code. Cookies
//! and codes are kept as digests.

use carport_model::{BrandId, Digest, Timestamp};

use super::{Identity, columns};
use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// Wrong codes after which another one has to be sent.
pub const TRIES: u64 = 5;

/// A visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Who it is, or says to be.
    pub identity: Identity,
    /// Digest of the code that is waited for; `None` where the brand sent one, and where nobody
    /// has the e-mail address.
    pub code: Option<Digest>,
    /// Codes that were tried.
    pub tries: u64,
    /// When they entered; `None` while a code is waited for.
    pub entered_at: Option<Timestamp>,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// Adds a visit.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(tx: &mut Tx<'_>, cookie: &Digest, visit: &Visit) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO owner_visits (cookie, mode, brand, login, code, tries, \
                       entered_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (mode, brand, login) = columns(&visit.identity);
    let params = [
        cookie.into(),
        mode,
        brand,
        login,
        Value::optional(visit.code.as_ref()),
        i64::try_from(visit.tries).unwrap_or(i64::MAX).into(),
        Value::optional(visit.entered_at),
        visit.expires_at.into(),
    ];
    tx.exec(SQL, &params).await.map(drop)
}

/// The visit of this cookie, unless it is over.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    cookie: &Digest,
    now: Timestamp,
) -> Result<Option<Visit>, StoreError> {
    const SQL: &str = "SELECT mode, brand, login, code, tries, entered_at, expires_at \
                       FROM owner_visits WHERE cookie = $1 AND expires_at > $2";
    let row = tx.row(SQL, &[cookie.into(), now.into()]).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Visit, StoreError> {
    let login = row.text(2)?.to_owned();
    let mode = row.maybe(0, Row::parsed)?;
    let brand = row.maybe(1, Row::text)?.map(BrandId::new);
    Ok(Visit {
        identity: match mode.zip(brand) {
            Some((mode, brand)) => Identity::Account { mode, brand, login },
            None => Identity::Email(login),
        },
        code: row.maybe(3, Row::digest)?,
        tries: row.count(4)?,
        entered_at: row.maybe(5, Row::time)?,
        expires_at: row.time(6)?,
    })
}

/// Takes one of the tries of a visit that waits for a code; how many are left after it, or `None`
/// when there was none or nothing is waited for.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn take_try(
    tx: &mut Tx<'_>,
    cookie: &Digest,
    now: Timestamp,
) -> Result<Option<u64>, StoreError> {
    const SQL: &str = "UPDATE owner_visits SET tries = tries + 1 WHERE cookie = $1 \
                       AND entered_at IS NULL AND expires_at > $2 AND tries < $3 RETURNING tries";
    let most = i64::try_from(TRIES).unwrap_or(i64::MAX);
    let row = tx
        .row(SQL, &[cookie.into(), now.into(), most.into()])
        .await?;
    row.map(|row| Ok(TRIES.saturating_sub(row.count(0)?)))
        .transpose()
}

/// Lets a visit enter that waited for a code, once, under another cookie.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn enter(
    tx: &mut Tx<'_>,
    (cookie, fresh): (&Digest, &Digest),
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE owner_visits SET cookie = $2, code = NULL, entered_at = $3, \
                       expires_at = $4 WHERE cookie = $1 AND entered_at IS NULL \
                       AND expires_at > $3";
    let params: [Value; 4] = [cookie.into(), fresh.into(), now.into(), until.into()];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// Has a visit go on until an instant.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn prolong(tx: &mut Tx<'_>, cookie: &Digest, until: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE owner_visits SET expires_at = $2 \
                       WHERE cookie = $1 AND entered_at IS NOT NULL";
    tx.exec(SQL, &[cookie.into(), until.into()]).await.map(drop)
}

/// Ends a visit.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn end(tx: &mut Tx<'_>, cookie: &Digest) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM owner_visits WHERE cookie = $1";
    tx.exec(SQL, &[cookie.into()]).await.map(drop)
}
