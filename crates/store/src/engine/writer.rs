//! The writer of an SQLite file: a thread that groups commits.
//!
//! Each pass takes what is queued, runs every unit in a savepoint of its own, commits once, and
//! only then answers. After a commit whose flush failed nobody can tell what is on the disk: the
//! writer then refuses every unit until a fresh connection has written and flushed again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::FutureExt as _;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::checkpoints::Checkpoints;
use super::sqlite;
use super::tx::{Engine, Tx};
use crate::StoreError;
use crate::cache::Caches;
use crate::change_log::Change;

/// Units that may wait; one more is told "busy" at once.
const QUEUE: usize = 1024;
/// Units that share one commit.
const GROUP: usize = 128;

/// How often a writer whose flush failed tries whether the disk takes writes again.
const MEND_EVERY: Duration = Duration::from_secs(1);

/// The way to the writer thread.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Option<SyncSender<Box<dyn Unit>>>,
    thread: Option<JoinHandle<()>>,
    /// Whether writes are refused since a flush failed.
    stopped: Arc<AtomicBool>,
    counts: Arc<Counts>,
}

/// What the writer has done since it started.
#[derive(Debug, Default)]
struct Counts {
    commits: AtomicU64,
    units: AtomicU64,
}

impl Writer {
    /// Opens the file for writing and starts the thread.
    pub(super) fn start(path: &Path, caches: Arc<Caches>) -> Result<Self, StoreError> {
        let (queue, waiting) = sync_channel(QUEUE);
        let (stopped, counts) = (Arc::<AtomicBool>::default(), Arc::<Counts>::default());
        let mut connection = sqlite::open(path)?;
        let work = Work {
            path: path.to_owned(),
            checkpoints: Checkpoints::start(path, &mut connection)?,
            connection,
            caches,
            stopped: Arc::clone(&stopped),
            counts: Arc::clone(&counts),
        };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work.until_closed(&waiting))
            .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            stopped,
            counts,
        })
    }

    /// Commits, and units of work that were kept by them.
    pub(super) fn counts(&self) -> (u64, u64) {
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        (count(&self.counts.commits), count(&self.counts.units))
    }

    /// Runs a unit and answers when it is on the disk.
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

    /// Whether writes are taken.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] since a flush failed.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        if self.stopped.load(Ordering::Relaxed) {
            Err(not_flushed())
        } else {
            Ok(())
        }
    }
}

/// Lets the writer finish what is queued, so that the file is at rest when the store is gone.
impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn not_flushed() -> StoreError {
    StoreError::Unavailable("the disk did not take a write; waiting until it does".into())
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
    issued: u64,
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
        let issued = tx.issued;
        let caller = self.caller;
        Ran {
            keep: outcome.is_ok(),
            full: tx.full,
            changes,
            issued,
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
pub(super) fn finish<F, T, E>(unit: &F, tx: &mut Tx<'_>) -> Result<T, E>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E>,
{
    unit(tx)
        .now_or_never()
        .expect("a unit of work awaits nothing but the store")
}

/// What the writer thread holds.
struct Work {
    path: PathBuf,
    connection: Connection,
    checkpoints: Checkpoints,
    caches: Arc<Caches>,
    stopped: Arc<AtomicBool>,
    counts: Arc<Counts>,
}

impl Work {
    fn until_closed(mut self, waiting: &Receiver<Box<dyn Unit>>) {
        while let Ok(first) = waiting.recv() {
            if let Err(failure) = self.group(first, waiting) {
                tracing::error!(
                    error = &failure as &dyn std::error::Error,
                    "a commit was not flushed; writes are refused until one is"
                );
                self.stopped.store(true, Ordering::Relaxed);
                if !self.mend(waiting) {
                    return;
                }
                self.stopped.store(false, Ordering::Relaxed);
                tracing::warn!("the disk takes writes again");
            }
        }
    }

    /// Runs `first` and what else is queued, commits, and answers.
    ///
    /// # Errors
    /// The commit failed in a way after which it is not known what is on the disk.
    fn group(
        &mut self,
        first: Box<dyn Unit>,
        waiting: &Receiver<Box<dyn Unit>>,
    ) -> Result<(), StoreError> {
        if let Err(error) = batch(&self.connection, "BEGIN IMMEDIATE") {
            first.refuse(error.into());
            return Ok(());
        }
        let group = self.run(first, waiting);
        let Err(failure) = self.commit(&group) else {
            let kept = group.iter().filter(|ran| ran.keep).count() as u64;
            self.counts.commits.fetch_add(1, Ordering::Relaxed);
            self.counts.units.fetch_add(kept, Ordering::Relaxed);
            for ran in &group {
                self.caches.apply(&ran.changes);
                self.caches.note_issued(ran.issued);
            }
            for ran in group {
                (ran.answer)(None);
            }
            self.checkpoints.after_commit(&self.connection);
            return Ok(());
        };
        tracing::error!(
            error = &failure as &dyn std::error::Error,
            units = group.len(),
            "a group of writes was not committed"
        );
        if !self.connection.is_autocommit() {
            drop(self.connection.execute_batch("ROLLBACK"));
        }
        for ran in group {
            (ran.answer)(Some(lost_with_its_group(&failure)));
        }
        match failure {
            // Nothing was flushed that should not be: SQLite took the group back.
            StoreError::Full | StoreError::Busy => Ok(()),
            other => Err(other),
        }
    }

    fn run(&mut self, first: Box<dyn Unit>, waiting: &Receiver<Box<dyn Unit>>) -> Vec<Ran> {
        let mut group = Vec::new();
        let mut next = Some(first);
        while let Some(unit) = next.take() {
            group.extend(run_in_savepoint(&mut self.connection, unit));
            // A full disk or an I/O error makes SQLite end the whole transaction by itself.
            if group.len() < GROUP && !self.connection.is_autocommit() {
                next = waiting.try_recv().ok();
            }
        }
        group
    }

    fn commit(&self, group: &[Ran]) -> Result<(), StoreError> {
        if !self.connection.is_autocommit() {
            return batch(&self.connection, "COMMIT").map_err(StoreError::from);
        }
        if group.last().is_some_and(|ran| ran.full) {
            Err(StoreError::Full)
        } else {
            Err(StoreError::Unavailable(
                "SQLite ended the transaction".into(),
            ))
        }
    }

    /// Refuses every unit until the disk is proven to take writes; `false` when the store closes.
    fn mend(&mut self, waiting: &Receiver<Box<dyn Unit>>) -> bool {
        loop {
            let next_try = std::time::Instant::now() + MEND_EVERY;
            loop {
                let left = next_try.saturating_duration_since(std::time::Instant::now());
                match waiting.recv_timeout(left) {
                    Ok(unit) => unit.refuse(not_flushed()),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return false,
                }
            }
            let mended = prove(&self.path).and_then(|mut connection| {
                self.checkpoints.watch(&mut connection)?;
                Ok(connection)
            });
            match mended {
                Ok(connection) => {
                    self.connection = connection;
                    return true;
                }
                Err(error) => tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the disk still takes no writes"
                ),
            }
        }
    }
}

/// A fresh connection whose writes are known to reach the disk: it commits a change, then copies
/// the whole log into the file and flushes both, so that nothing rests on pages whose flush failed
/// and which the kernel may hold for clean.
fn prove(path: &Path) -> Result<Connection, StoreError> {
    let connection = sqlite::open(path)?;
    let proofs: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    connection.pragma_update(None, "user_version", (proofs + 1) % i64::from(i32::MAX))?;
    let unfinished: i64 =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if unfinished != 0 {
        return Err(StoreError::Busy);
    }
    Ok(connection)
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
