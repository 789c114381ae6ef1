//! Owners, as one application sees them: one per (application, account).

use carport_model::{AccountId, ApplicationId, BrandId, Mode, Timestamp, UserId};

use crate::StoreError;
use crate::engine::{Tx, Value};

/// The user of this identity; made under `fresh` when it is new.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn ensure(
    tx: &mut Tx<'_>,
    fresh: UserId,
    application: ApplicationId,
    account: AccountId,
    now: Timestamp,
) -> Result<UserId, StoreError> {
    const SQL: &str = "INSERT INTO users (id, application_id, account_id, created_at) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT (application_id, account_id) \
                       DO UPDATE SET account_id = excluded.account_id RETURNING id";
    let params = [
        Value::id(fresh),
        Value::id(application),
        Value::id(account),
        now.into(),
    ];
    tx.row(SQL, &params)
        .await?
        .map_or(Ok(fresh), |row| row.id(0))
}

/// The user an account is known as, if it was ever connected to this application.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    (mode, brand, login): (Mode, &BrandId, &str),
) -> Result<Option<UserId>, StoreError> {
    const SQL: &str = "SELECT users.id FROM users \
                       JOIN accounts ON accounts.id = users.account_id \
                       WHERE users.application_id = $1 AND accounts.mode = $2 \
                       AND accounts.brand = $3 AND accounts.login = $4";
    let params = [
        Value::id(application),
        mode.as_str().into(),
        brand.as_str().into(),
        login.into(),
    ];
    tx.row(SQL, &params).await?.map(|row| row.id(0)).transpose()
}

/// Holds a user until the unit ends: of units that hold the same one, each sees what the one
/// before it did. SQLite has one writer anyway. An approval holds its user too, by [`ensure`].
pub(crate) async fn hold(tx: &mut Tx<'_>, id: UserId) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE users SET account_id = account_id WHERE id = $1";
    tx.exec(SQL, &[Value::id(id)]).await.map(drop)
}

/// How many users an application has, counted up to `most`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn count(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    most: i64,
) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM \
                       (SELECT 1 FROM users WHERE application_id = $1 LIMIT $2) AS counted";
    let row = tx.row(SQL, &[Value::id(application), most.into()]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}
