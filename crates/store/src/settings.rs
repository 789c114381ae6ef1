//! Facts the installation keeps about itself.

use crate::StoreError;
use crate::engine::Tx;

/// Counts the starts of a seeded server on this database and returns the count so far, beginning
/// at zero: the generation of its random stream.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn next_seed_generation(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    const SQL: &str = "INSERT INTO settings (name, value) VALUES ('seed_generation', '0') \
                       ON CONFLICT (name) DO UPDATE \
                       SET value = CAST(CAST(settings.value AS BIGINT) + 1 AS TEXT) RETURNING value";
    match tx.row(SQL, &[]).await? {
        Some(row) => row.parsed(0),
        None => Ok(0),
    }
}

/// What a setting says; `None` when nobody has set it.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    const SQL: &str = "SELECT value FROM settings WHERE name = $1";
    let row = tx.row(SQL, &[name.into()]).await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Sets it.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn put(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) \
                       ON CONFLICT (name) DO UPDATE SET value = $2";
    tx.exec(SQL, &[name.into(), value.into()]).await.map(drop)
}
