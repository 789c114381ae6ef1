//! Connected-services accounts. Identity is (mode, brand, login).

use carport_model::{AccountId, BrandId, Mode, Timestamp};

use crate::StoreError;
use crate::engine::{Tx, Value};

/// The account of this identity; made under `fresh` when it is new.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn ensure(
    tx: &mut Tx<'_>,
    fresh: AccountId,
    (mode, brand, login): (Mode, &BrandId, &str),
    now: Timestamp,
) -> Result<AccountId, StoreError> {
    const SQL: &str = "INSERT INTO accounts (id, mode, brand, login, created_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (mode, brand, login) \
                       DO UPDATE SET mode = excluded.mode RETURNING id";
    let params = [
        Value::id(fresh),
        mode.as_str().into(),
        brand.as_str().into(),
        login.into(),
        now.into(),
    ];
    tx.row(SQL, &params)
        .await?
        .map_or(Ok(fresh), |row| row.id(0))
}
