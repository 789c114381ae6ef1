//! SQLite: one writer thread that groups commits, readers that run inline.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::FutureExt as _;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::tx::{Engine, Tx};
use super::{Row, Value};
use crate::StoreError;
use crate::cache::Caches;
use crate::change_log::Change;
use crate::migrations::is_foreign;

/// Units that may wait; one more is told "busy" at once.
const QUEUE: usize = 1024;
/// Units that share one commit.
const GROUP: usize = 128;

/// The database file: a queue to its writer and a shelf of readers.
#[derive(Debug)]
pub(super) struct Sqlite {
    path: PathBuf,
    queue: Option<SyncSender<Box<dyn Unit>>>,
    writer: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
}

/// A unit of work waiting for the writer.
trait Unit: Send {
    fn run(self: Box<Self>, connection: &mut Connection) -> Ran;
    fn refuse(self: Box<Self>, error: StoreError);
}

/// A unit that ran inside its savepoint and waits for the group's commit.
struct Ran {
    keep: bool,
    full: bool,
    changes: Vec<Change>,
    answer: Box<dyn FnOnce(Option<StoreError>) + Send>,
}

struct Job<F, T, E> {
    unit: F,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Unit for Job<F, T, E>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn run(self: Box<Self>, connection: &mut Connection) -> Ran {
        let mut tx = Tx::new(Engine::Sqlite(connection));
        let outcome = finish(&self.unit, &mut tx);
        let outcome = tx.conclude(outcome);
        let changes = std::mem::take(&mut tx.changes);
        let caller = self.caller;
        Ran {
            keep: outcome.is_ok(),
            full: tx.full,
            changes,
            // A caller that went away has nobody to tell.
            answer: Box::new(move |failure| {
                drop(caller.send(failure.map_or(outcome, |error| Err(error.into()))));
            }),
        }
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        drop(self.caller.send(Err(error.into())));
    }
}

/// Runs a unit with one poll. Store functions never pend on SQLite, so a unit that does awaited
/// something else, which would stall every writer.
fn finish<F, T, E>(unit: &F, tx: &mut Tx<'_>) -> Result<T, E>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E>,
{
    unit(tx)
        .now_or_never()
        .expect("a unit of work awaits nothing but the store")
}

impl Sqlite {
    /// Opens the file for reading and writing and starts the writer. The schema is in place.
    pub(super) fn start(path: &Path, caches: Arc<Caches>) -> Result<Self, StoreError> {
        let connection = open(path)?;
        let (queue, waiting) = sync_channel(QUEUE);
        let writer = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_groups(connection, &waiting, &caches))
            .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        Ok(Self {
            path: path.to_owned(),
            queue: Some(queue),
            writer: Some(writer),
            readers: Mutex::default(),
        })
    }

    pub(super) async fn write<F, T, E>(&self, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let job: Box<dyn Unit> = Box::new(Job { unit, caller });
        let queue = self
            .queue
            .as_ref()
            .expect("the queue is open until the store is dropped");
        match queue.try_send(job) {
            Ok(()) => answer
                .await
                .unwrap_or_else(|_| Err(StoreError::Panicked.into())),
            Err(TrySendError::Full(_)) => Err(StoreError::Busy.into()),
            Err(TrySendError::Disconnected(_)) => Err(StoreError::Panicked.into()),
        }
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
            None => open_reader(&self.path)?,
        };
        let outcome = finish(unit, &mut Tx::new(Engine::Sqlite(&mut connection)));
        self.readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        outcome
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Lets the writer finish what is queued, so that the file is at rest when the store is gone.
impl Drop for Sqlite {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            drop(writer.join());
        }
    }
}

/// The writer: each pass takes what is queued, runs every unit in a savepoint, commits once, and
/// only then answers.
fn write_groups(mut connection: Connection, waiting: &Receiver<Box<dyn Unit>>, caches: &Caches) {
    while let Ok(first) = waiting.recv() {
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            first.refuse(error.into());
            continue;
        }
        let mut group = Vec::new();
        let mut next = Some(first);
        let mut ended_early = false;
        while let Some(unit) = next.take() {
            group.extend(run_in_savepoint(&mut connection, unit));
            // A full disk or an I/O error makes SQLite end the whole transaction by itself.
            if connection.is_autocommit() {
                ended_early = true;
                break;
            }
            if group.len() < GROUP {
                next = waiting.try_recv().ok();
            }
        }
        let failure = if ended_early {
            Some(if group.last().is_some_and(|ran| ran.full) {
                StoreError::Full
            } else {
                StoreError::Unavailable("SQLite ended the transaction".into())
            })
        } else {
            connection
                .execute_batch("COMMIT")
                .err()
                .map(StoreError::from)
        };
        match failure {
            None => {
                for ran in &group {
                    caches.apply(&ran.changes);
                }
                for ran in group {
                    (ran.answer)(None);
                }
            }
            Some(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    units = group.len(),
                    "a group of writes was not committed"
                );
                if !connection.is_autocommit() {
                    drop(connection.execute_batch("ROLLBACK"));
                }
                for ran in group {
                    (ran.answer)(Some(lost_with_its_group(&error)));
                }
            }
        }
    }
}

/// What each caller of a group is told when none of it was kept: it may ask again.
fn lost_with_its_group(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full => StoreError::Full,
        StoreError::Busy => StoreError::Busy,
        other => StoreError::Unavailable(other.to_string().into()),
    }
}

/// `None` when the unit panicked: its caller is told by the dropped channel.
fn run_in_savepoint(connection: &mut Connection, unit: Box<dyn Unit>) -> Option<Ran> {
    if let Err(error) = batch(connection, "SAVEPOINT unit") {
        unit.refuse(error.into());
        return None;
    }
    let mut ran = catch_unwind(AssertUnwindSafe(|| unit.run(connection))).ok();
    if !connection.is_autocommit() {
        let undone = if ran.as_ref().is_some_and(|ran| ran.keep) {
            Ok(())
        } else {
            if let Some(ran) = &mut ran {
                ran.changes.clear();
            }
            batch(connection, "ROLLBACK TO unit")
        };
        if let Err(error) = undone.and_then(|()| batch(connection, "RELEASE unit")) {
            tracing::error!(%error, "a savepoint could not be closed");
            drop(connection.execute_batch("ROLLBACK"));
        }
    }
    ran
}

fn batch(connection: &Connection, sql: &'static str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute().map(drop)
}

/// Opens a connection as the writer uses it; creates the file. Why each setting has its value:
/// house style, section 4, rule 4.
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
             PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
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

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch(
        "PRAGMA query_only=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;
         PRAGMA temp_store=MEMORY;",
    )?;
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
