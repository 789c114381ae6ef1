//! Looks at an SQLite file before it is trusted.
//!
//! SQLite takes an empty file for a new database and ends a log at its first frame that does not
//! check. Both are right after a crash and wrong after damage: the server would start with nothing,
//! or without commits that were acknowledged. So a database is made complete under another name
//! before it gets its own, and [`super::wal`] tells a torn end from damage.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{sqlite, wal};
use crate::{StoreError, migrations};

/// Up to this size every page is looked at when the file is opened; beyond it, that would delay the
/// start, and only the schema and both ends of each table are. `carport db check` reads all of it.
const SMALL: u64 = 8 * 1024 * 1024;
/// How an SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Opens the database at `path` with its schema up to date; makes it where there is none.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    if !exists(path)? {
        make(path)?;
    }
    files(path)?;
    let mut connection = sqlite::open(path)?;
    pages(&connection, path).map_err(|error| damaged(path, error))?;
    migrations::sqlite(&mut connection).map_err(|error| damaged(path, error))?;
    Ok(connection)
}

/// Checks what can be seen without SQLite: the file's head and its log.
pub(crate) fn files(path: &Path) -> Result<(), StoreError> {
    let name = || path.display().to_string();
    let mut head = Vec::new();
    // What cannot be read is for SQLite to complain of.
    if let Ok(file) = File::open(path)
        && file.take(16).read_to_end(&mut head).is_ok()
    {
        if head.is_empty() {
            return Err(StoreError::Empty(name()));
        }
        if head != MAGIC {
            return Err(StoreError::NotADatabase(name()));
        }
    }
    let log = beside(path, "-wal");
    if wal::is_damaged(&log) {
        return Err(StoreError::DamagedLog(log.display().to_string()));
    }
    Ok(())
}

/// Whether there is a database. A log without one holds commits that would be lost.
fn exists(path: &Path) -> Result<bool, StoreError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        _ => return Ok(true),
    }
    let log = beside(path, "-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::OnlyLog {
            path: path.display().to_string(),
            log: log.display().to_string(),
        });
    }
    Ok(false)
}

/// Makes a database that has its own name only when it is complete and on disk.
fn make(path: &Path) -> Result<(), StoreError> {
    let cannot = |error: std::io::Error| StoreError::CannotOpen {
        path: path.display().to_string(),
        problem: error.to_string(),
    };
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = File::open(parent.unwrap_or(Path::new("."))).map_err(cannot)?;
    // Two processes may come first to an empty folder; the lock goes with the descriptor.
    folder.lock().map_err(cannot)?;
    if exists(path)? {
        return Ok(());
    }
    let new = beside(path, ".new");
    for leftover in ["", "-wal", "-shm"] {
        match fs::remove_file(beside(&new, leftover)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(cannot(error)),
            _ => {}
        }
    }
    let mut connection = sqlite::open(&new).map_err(|error| match error {
        StoreError::CannotOpen { problem, .. } => StoreError::CannotOpen {
            path: path.display().to_string(),
            problem,
        },
        other => other,
    })?;
    migrations::sqlite(&mut connection)?;
    // The last connection moves the log into the file and takes it away.
    connection.close().map_err(|(_, error)| error)?;
    File::open(&new)
        .and_then(|file| file.sync_all())
        .map_err(cannot)?;
    fs::rename(&new, path).map_err(cannot)?;
    folder.sync_all().map_err(cannot)
}

/// Reads what a start can afford to read.
fn pages(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    if migrations::is_blank(connection)? {
        return Err(StoreError::Empty(path.display().to_string()));
    }
    if fs::metadata(path).is_ok_and(|file| file.len() <= SMALL) {
        let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if found == "ok" {
            return Ok(());
        }
        // Its own words may take several lines.
        let problem = found.lines().next_back().unwrap_or_default().to_owned();
        return Err(StoreError::Damaged {
            path: path.display().to_string(),
            problem,
        });
    }
    ends(connection).map_err(StoreError::from)
}

/// Reads the first and the last row of each table.
fn ends(connection: &Connection) -> rusqlite::Result<()> {
    for (table, key) in tables(connection)? {
        for end in ["ASC", "DESC"] {
            let sql = format!("SELECT * FROM \"{table}\" ORDER BY {key} {end} LIMIT 1");
            connection.prepare(&sql)?.query([])?.next()?;
        }
    }
    Ok(())
}

/// The tables, each with what it is ordered by on the disk.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    const SQL: &str = "SELECT tables.name, \
                       CASE tables.wr WHEN 0 THEN 'rowid' ELSE \
                       (SELECT '\"' || name || '\"' FROM pragma_table_info(tables.name) \
                       WHERE pk = 1) END \
                       FROM pragma_table_list AS tables \
                       WHERE tables.schema = 'main' AND tables.type = 'table'";
    let mut statement = connection.prepare(SQL)?;
    let tables = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    tables.collect()
}

/// What SQLite calls corrupt, in words that say which file and what to do.
fn damaged(path: &Path, error: StoreError) -> StoreError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    let StoreError::Engine(cause) = &error else {
        return error;
    };
    let code = cause
        .downcast_ref()
        .and_then(rusqlite::Error::sqlite_error_code);
    match code {
        Some(DatabaseCorrupt | NotADatabase) => StoreError::Damaged {
            path: path.display().to_string(),
            problem: cause.to_string(),
        },
        _ => error,
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_every_table_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(&folder.path().join("carport.db")).unwrap();
        let tables = tables(&connection).unwrap();
        assert!(tables.len() > 10, "{tables:?}");
        ends(&connection).unwrap();
    }

    #[test]
    fn leftovers_of_a_start_that_was_broken_off_do_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("carport.db");
        for ending in [".new", ".new-wal", ".new-shm"] {
            fs::write(beside(&path, ending), "half of something").unwrap();
        }
        drop(open(&path).unwrap());
        let names = fs::read_dir(folder.path()).unwrap();
        let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["carport.db"]);
    }
}
