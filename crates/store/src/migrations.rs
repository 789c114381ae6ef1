//! Brings a database up to the schema this program knows, from one folder for both engines.

use std::path::Path;

use include_dir::{Dir, include_dir};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use crate::StoreError;

static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/migrations");

/// Marks an SQLite file as Carport's: "CARP" as a number.
const APPLICATION_ID: i64 = 0x4341_5250;
/// Key of the lock under which one replica at a time migrates.
const LOCK: i64 = APPLICATION_ID;

const MAKE_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations \
                          (version BIGINT PRIMARY KEY, name TEXT NOT NULL)";
const NEWEST: &str = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM schema_migrations";
const NOTE: &str = "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)";

struct Migration {
    version: i64,
    name: String,
    sql: &'static str,
}

/// All migrations in order; files are called `NNNN_what_it_does.sql`.
fn all() -> Vec<Migration> {
    let mut migrations: Vec<Migration> = FOLDER
        .files()
        .map(|file| {
            let name = file.path().display().to_string();
            let version = name
                .split('_')
                .next()
                .and_then(|number| number.parse().ok());
            Migration {
                version: version.expect("migrations are called NNNN_name.sql"),
                sql: file.contents_utf8().expect("migrations are UTF-8"),
                name,
            }
        })
        .collect();
    migrations.sort_by_key(|migration| migration.version);
    migrations
}

/// The migrations that come after `found`, or why there can be none.
fn after(found: i64) -> Result<Vec<Migration>, StoreError> {
    let all = all();
    let known = newest();
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    Ok(all
        .into_iter()
        .filter(|migration| migration.version > found)
        .collect())
}

/// Newest version this program knows.
pub(crate) fn newest() -> i64 {
    all().last().map_or(0, |migration| migration.version)
}

/// Every migration as it is written, in order.
#[cfg(test)]
pub(crate) fn texts() -> impl Iterator<Item = &'static str> {
    all().into_iter().map(|migration| migration.sql)
}

/// Schema version of an SQLite file, which is refused when it is not ours or too new.
pub(crate) fn version(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let name = || path.display().to_string();
    if is_foreign(connection).map_err(|_| StoreError::NotADatabase(name()))? {
        return Err(StoreError::Foreign(name()));
    }
    let found = connection
        .query_row(NEWEST, [], |row| row.get(0))
        .unwrap_or(0);
    after(found).map(|_| found)
}

/// Whether an SQLite file was made by another program: neither marked as ours nor empty.
pub(crate) fn is_foreign(connection: &Connection) -> rusqlite::Result<bool> {
    let application_id: i64 =
        connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(application_id != APPLICATION_ID && (application_id != 0 || tables > 0))
}

/// Whether an SQLite file holds nothing at all, which no Carport leaves behind.
pub(crate) fn is_blank(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| {
        row.get(0)
    })
}

/// Migrates an SQLite file.
pub(crate) fn sqlite(connection: &mut Connection) -> Result<(), StoreError> {
    let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    work.execute_batch(MAKE_TABLE)?;
    let found: i64 = work
        .query_row(NEWEST, [], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    for migration in after(found)? {
        // PostgreSQL clusters no table by itself; there it stays a comment.
        let sql = migration
            .sql
            .replace(") /* clustered */;", ") WITHOUT ROWID;");
        work.execute_batch(&sql)?;
        work.execute(NOTE, rusqlite::params![migration.version, migration.name])?;
        tracing::info!(migration.version, "the database was migrated");
    }
    work.pragma_update(None, "application_id", APPLICATION_ID)?;
    work.commit()?;
    Ok(())
}

/// Migrates a PostgreSQL database; replicas that start together wait for one another.
pub(crate) async fn postgres(client: &mut deadpool_postgres::Client) -> Result<(), StoreError> {
    let work = client.transaction().await?;
    // Waiting for another replica, or a migration itself, may take its time.
    work.batch_execute(
        "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
    )
    .await?;
    work.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
        .await?;
    work.batch_execute(MAKE_TABLE).await?;
    let found: i64 = work.query_one(NEWEST, &[]).await?.get(0);
    for migration in after(found)? {
        work.batch_execute(migration.sql).await?;
        work.execute(NOTE, &[&migration.version, &migration.name])
            .await?;
        tracing::info!(migration.version, "the database was migrated");
    }
    work.commit().await?;
    Ok(())
}
