//! SQLite: writes go to one thread ([`super::writer`]), readers run inline.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::tx::{Engine, Tx};
use super::writer::{Writer, finish};
use super::{Row, Value};
use crate::cache::Caches;
use crate::migrations::is_foreign;
use crate::{StoreError, token_pairs};

/// The database file: a queue to its writer and a shelf of readers.
#[derive(Debug)]
pub(super) struct Sqlite {
    path: PathBuf,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
}

impl Sqlite {
    /// Opens the file for reading and writing and starts the writer. The schema is in place.
    pub(super) fn start(path: &Path, caches: Arc<Caches>) -> Result<Self, StoreError> {
        Ok(Self {
            path: path.to_owned(),
            writer: Writer::start(path, caches)?,
            readers: Mutex::default(),
        })
    }

    pub(super) fn writer(&self) -> &Writer {
        &self.writer
    }

    pub(super) fn read<F, T, E>(&self, unit: &F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let shelf = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut connection = match shelf {
            Some(connection) => connection,
            None => open_reader(&self.path, MAPPED)?,
        };
        let outcome = finish(unit, &mut Tx::new(Engine::Sqlite(&mut connection)));
        self.readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        outcome
    }

    /// As [`Self::read`], for what walks through much of the file: on a connection of its own,
    /// which reads pages by a call each and gives its memory back. In the shared mapping every page
    /// that was walked over stays resident, with fifteen neighbours.
    pub(super) fn scan<F, T, E>(&self, unit: &F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let mut connection = open_reader(&self.path, UNMAPPED)?;
        finish(unit, &mut Tx::new(Engine::Sqlite(&mut connection)))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Place of the last access token in the file.
pub(super) fn last_place(connection: &mut Connection) -> Result<u64, StoreError> {
    let unit = async |tx: &mut Tx<'_>| token_pairs::last_place(tx).await;
    finish(&unit, &mut Tx::new(Engine::Sqlite(connection)))
}

/// Opens a connection as the writer uses it; creates the file. Why each setting has its value:
/// house style, section 4, rule 4; `mmap_size` is the largest that SQLite takes, since pages beyond
/// it are read by a call each (a tenth of all refreshes at 10^6 cars).
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path).map_err(|error| cannot_open(path, &error))?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // Before the settings, of which WAL is written to the file.
    if is_foreign(&connection).map_err(|error| cannot_open(path, &error))? {
        return Err(StoreError::Foreign(path.display().to_string()));
    }
    connection
        .execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;
             PRAGMA wal_autocheckpoint=250; PRAGMA cache_size=-65536;
             PRAGMA mmap_size=2147418112; PRAGMA temp_store=MEMORY;",
        )
        .map_err(|error| cannot_open(path, &error))?;
    keep_statements(&connection)?;
    Ok(connection)
}

/// Statements are parsed once and kept. Without the "query planner stability guarantee" SQLite
/// parses one again each time its parameters are bound anew, to look at their values, which made a
/// read five times slower; our statements are point reads that have one good plan.
fn keep_statements(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// How a reader keeps pages: in the mapping that all share, or a few in memory of its own.
const MAPPED: &str = "PRAGMA cache_size=-65536; PRAGMA mmap_size=2147418112;";
const UNMAPPED: &str = "PRAGMA cache_size=-4096; PRAGMA mmap_size=0;";

fn open_reader(path: &Path, pages: &str) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch("PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;")?;
    connection.execute_batch(pages)?;
    keep_statements(&connection)?;
    Ok(connection)
}

fn cannot_open(path: &Path, error: &rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    let path = path.display().to_string();
    if let Some(NotADatabase | DatabaseCorrupt) = error.sqlite_error_code() {
        return StoreError::NotADatabase(path);
    }
    // SQLite repeats the path for some problems.
    let problem = error.to_string();
    let problem = problem.trim_end_matches(&path).trim_end_matches([':', ' ']);
    StoreError::CannotOpen {
        problem: problem.to_owned(),
        path,
    }
}

pub(super) fn exec(
    connection: &Connection,
    sql: &'static str,
    params: &[Value],
) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    Ok(statement.raw_execute()? as u64)
}

pub(super) fn rows(
    connection: &Connection,
    sql: &'static str,
    params: &[Value],
) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let columns = statement.column_count();
    let corrupt = |column| StoreError::Corrupt {
        table: table_of(sql),
        column,
    };
    let mut answer = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = answer.next()? {
        let values = (0..columns)
            .map(|column| {
                Ok(match row.get_ref(column)? {
                    rusqlite::types::ValueRef::Null => Value::Null,
                    rusqlite::types::ValueRef::Integer(value) => Value::Int(value),
                    rusqlite::types::ValueRef::Text(value) => Value::Text(
                        str::from_utf8(value)
                            .map_err(|_| corrupt(column))?
                            .to_owned(),
                    ),
                    rusqlite::types::ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
                    rusqlite::types::ValueRef::Real(_) => return Err(corrupt(column)),
                })
            })
            .collect::<Result<_, _>>()?;
        rows.push(Row {
            table: table_of(sql),
            values,
        });
    }
    Ok(rows)
}

/// SQLite numbers `$N` parameters by first appearance, not by N: bind by the written name.
fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value]) -> Result<(), StoreError> {
    for index in 1..=statement.parameter_count() {
        let number: usize = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$')?.parse().ok())
            .expect("parameters are written $1, $2, …");
        let value = params
            .get(number - 1)
            .expect("a statement has a value for each parameter");
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

/// The table a statement speaks of, for error messages.
pub(super) fn table_of(sql: &'static str) -> &'static str {
    let mut words = sql.split_ascii_whitespace();
    words
        .find(|word| ["FROM", "INTO", "UPDATE"].contains(word))
        .and_then(|_| words.next())
        .unwrap_or("an unnamed table")
}
