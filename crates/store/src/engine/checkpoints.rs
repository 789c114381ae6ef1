//! Copies the log of an SQLite file into the file, beside the writer.
//!
//! SQLite does it in the commit that made the log long: hundreds of scattered pages and a flush, on a
//! plain disk ten milliseconds in which nobody is answered. Here a thread copies while commits go on,
//! and again what came meanwhile, until little is left. A log that is never copied whole would grow
//! without end under load, so the writer copies that little between two commits; the next one then
//! begins the log anew.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};

use crate::StoreError;

/// Frames of the log at which copying begins.
const BEGIN: i32 = 250;
/// So few new frames are left to the writer.
const FEW: i64 = 48;
/// Rounds of copying after which the rest is left to the writer, however much it is.
const ROUNDS: usize = 8;

/// The copying thread, and when the writer has to do with it.
#[derive(Debug)]
pub(super) struct Checkpoints {
    /// Frames that the log had after the last commit.
    frames: Arc<AtomicI32>,
    /// Frames at which copying begins next.
    next: i32,
    is_copying: bool,
    /// Whether the thread has left the rest to the writer.
    is_left: Arc<AtomicBool>,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Starts the thread for the file of `writer`, which copies nothing by itself from then on.
    pub(super) fn start(path: &Path, writer: &mut Connection) -> Result<Self, StoreError> {
        let (wake, woken) = sync_channel(1);
        let is_left = Arc::<AtomicBool>::default();
        let (path, left) = (path.to_owned(), Arc::clone(&is_left));
        let thread = std::thread::Builder::new()
            .name("store-copier".to_owned())
            .spawn(move || copy_when_woken(&path, &woken, &left))
            .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        let checkpoints = Self {
            frames: Arc::default(),
            next: BEGIN,
            is_copying: false,
            is_left,
            wake: Some(wake),
            thread: Some(thread),
        };
        checkpoints.watch(writer)?;
        Ok(checkpoints)
    }

    /// Counts the frames of this connection's commits, instead of copying in one of them.
    pub(super) fn watch(&self, writer: &mut Connection) -> Result<(), StoreError> {
        let frames = Arc::clone(&self.frames);
        writer.wal_hook(Some(move |_: &mut _, count| {
            frames.store(count, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(())
    }

    /// What is due after a commit whose callers have their answers.
    pub(super) fn after_commit(&mut self, writer: &Connection) {
        let frames = self.frames.load(Ordering::Relaxed);
        if self.is_copying {
            if self.is_left.swap(false, Ordering::Acquire) || self.is_over() {
                self.is_copying = false;
                let is_whole = copy(writer).is_some_and(Copied::is_whole);
                // A reader may hold an old page: the log goes on, and is tried again later.
                self.next = if is_whole { BEGIN } else { frames + BEGIN };
            }
        } else if frames >= self.next
            && let Some(wake) = &self.wake
        {
            // Where nobody listens any more, the writer sees it after the next commit.
            let _ = wake.try_send(());
            self.is_copying = true;
        }
    }

    /// Whether the thread has ended before its time: the writer copies alone then.
    fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// What a round of copying found and did.
#[derive(Debug, Clone, Copy)]
struct Copied {
    /// Frames in the log.
    frames: i64,
    /// Of them, those that are in the file.
    done: i64,
}

impl Copied {
    fn is_whole(self) -> bool {
        self.frames == self.done
    }
}

/// Copies what no reader holds back. A failure loses nothing, for the log stays: it is told, and
/// the commits tell by themselves whether the disk takes writes.
fn copy(connection: &Connection) -> Option<Copied> {
    let copied = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok(Copied {
            frames: row.get(1)?,
            done: row.get(2)?,
        })
    });
    copied
        .inspect_err(
            |error| tracing::warn!(%error, "the log was not copied into the database file"),
        )
        .ok()
}

fn copy_when_woken(path: &Path, woken: &Receiver<()>, is_left: &AtomicBool) {
    // Not opened before it is needed: a server at rest has nothing to copy.
    let mut connection = None;
    while woken.recv().is_ok() {
        if connection.is_none() {
            connection = open(path)
                .inspect_err(|error| tracing::warn!(%error, "the log cannot be copied"))
                .ok();
        }
        if let Some(connection) = &connection {
            copy_in_rounds(connection);
        }
        is_left.store(true, Ordering::Release);
    }
}

/// A connection that only copies: it needs neither a cache nor statements.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch("PRAGMA synchronous=FULL; PRAGMA user_version;")?;
    Ok(connection)
}

fn copy_in_rounds(connection: &Connection) {
    let mut before = 0;
    for _ in 0..ROUNDS {
        let Some(copied) = copy(connection) else {
            return;
        };
        if copied.done - before <= FEW {
            return;
        }
        before = copied.done;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_ended_is_stood_in_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("carport.db");
        let mut writer = super::super::sqlite::open(&path).unwrap();
        let mut checkpoints = Checkpoints::start(&path, &mut writer).unwrap();
        checkpoints.wake = Some(sync_channel(1).0);
        let thread = checkpoints.thread.take().unwrap();
        while !thread.is_finished() {
            std::thread::yield_now();
        }
        checkpoints.thread = Some(thread);

        writer
            .execute_batch("CREATE TABLE held (at INTEGER)")
            .unwrap();
        let pages = i64::from(BEGIN) * 4;
        for at in 0..pages {
            writer
                .execute("INSERT INTO held VALUES (?1)", [at])
                .unwrap();
            checkpoints.after_commit(&writer);
        }

        let log = folder.path().join("carport.db-wal");
        let longest = u64::try_from(BEGIN).unwrap() * 2 * 4_200;
        assert!(std::fs::metadata(log).unwrap().len() < longest);
    }
}
