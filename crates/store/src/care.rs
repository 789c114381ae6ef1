//! Looking after a database: checks and backups. Source: contract cli, `carport db`.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::engine::{Store, StoreUrl, inspect};
use crate::{StoreError, migrations};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Schema version of the database.
    pub schema: i64,
    /// One line each; empty when all is well.
    pub problems: Vec<String>,
}

/// Checks a database without changing it: structure, references, schema version.
///
/// # Errors
/// The database cannot be opened or is not Carport's.
pub async fn check(url: &StoreUrl) -> Result<Health, StoreError> {
    match url {
        StoreUrl::Sqlite(path) => {
            let path = path.clone();
            tokio::task::spawn_blocking(move || check_file(&path))
                .await
                .unwrap_or(Err(StoreError::Panicked))
        }
        StoreUrl::Postgres(_) => {
            let store = Store::open(url).await?;
            store.ping().await?;
            Ok(Health {
                schema: migrations::newest(),
                problems: Vec::new(),
            })
        }
    }
}

fn check_file(path: &Path) -> Result<Health, StoreError> {
    let connection = read_only(path)?;
    let schema = migrations::version(&connection, path)?;
    let mut problems = Vec::new();
    let mut lines = |sql: &str, healthy: &str| -> Result<(), StoreError> {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != healthy {
                problems.push(line);
            }
        }
        Ok(())
    };
    lines("PRAGMA integrity_check", "ok")?;
    lines(
        "SELECT 'a row of ' || \"table\" || ' points nowhere' FROM pragma_foreign_key_check",
        "",
    )?;
    Ok(Health { schema, problems })
}

/// Writes a consistent copy of an SQLite database to `target`, which must not exist; works while a
/// server writes. The installation's key is not part of it.
///
/// # Errors
/// The database cannot be read, or the copy cannot be written.
pub async fn backup(source: &Path, target: &Path) -> Result<(), StoreError> {
    let (source, target) = (source.to_owned(), target.to_owned());
    let copy = tokio::task::spawn_blocking(move || {
        let connection = read_only(&source)?;
        migrations::version(&connection, &source)?;
        // It writes the copy only, but SQLite counts the copy as writing too.
        connection.pragma_update(None, "query_only", false)?;
        let name = target.display().to_string();
        connection
            .execute("VACUUM INTO $1", [&name])
            .map_err(|error| StoreError::CannotOpen {
                path: name,
                problem: error.to_string(),
            })?;
        Ok(())
    });
    copy.await.unwrap_or(Err(StoreError::Panicked))
}

fn read_only(path: &Path) -> Result<Connection, StoreError> {
    inspect::files(path)?;
    // A file that does not exist must not be made by looking at it. WAL needs write access to the
    // folder even for readers, so the connection is told not to write instead.
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| {
            StoreError::CannotOpen {
                path: path.display().to_string(),
                problem: error.to_string(),
            }
        })?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}
