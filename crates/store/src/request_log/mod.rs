//! The request log: a line for each answered request, in a database of its own.
//!
//! It is an SQLite file in all cases, `log.db`, and shares no commit with tokens. The request path
//! pushes a small copy into a bounded queue ([`queue`]) and goes on; one thread ([`writer`]) writes
//! what has gathered, many entries to a transaction. When it cannot keep up, or the disk is full,
//! entries are dropped and counted, and requests are never slowed.
//!
//! What was pushed in the last fraction of a second is lost when the process is killed, and what
//! was not checkpointed may be lost in a power cut: this is a log, not a ledger. The file itself
//! stays sound.

mod entry;
mod file;
mod hours;
mod queue;
mod reader;
mod segments;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use carport_model::{ApplicationId, Timestamp, VehicleId};

use crate::StoreError;
pub use entry::{Entry, Method, RouteName};
pub use hours::{Counts, HOUR};
use queue::Queue;
pub use reader::{Filter, Listed, Position, Recorded};

/// Name of the file in the data folder.
pub const FILE: &str = "log.db";

/// The request log of a process. Cheap to clone; the last clone to go writes the queue out.
#[derive(Debug, Clone)]
pub struct RequestLog(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl RequestLog {
    /// Starts the thread that writes the file at `path`, which it opens when there is something to
    /// write: a log never keeps a server from starting. The file grows to about `bytes`; the oldest
    /// entries make room.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn spawn(path: &Path, bytes: u64) -> Result<Self, StoreError> {
        Self::start(path, file::Limits::of(bytes))
    }

    fn start(path: &Path, limits: file::Limits) -> Result<Self, StoreError> {
        let queue = Arc::new(Queue::default());
        let thread = {
            let queue = Arc::clone(&queue);
            let path = path.to_owned();
            std::thread::Builder::new()
                .name("carport-log".to_owned())
                .spawn(move || writer::run(&queue, path, limits))
        };
        let thread = thread.map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        Ok(Self(Arc::new(Inner {
            path: path.to_owned(),
            queue,
            thread: Mutex::new(Some(thread)),
        })))
    }

    /// A name for a route's pattern, to be asked for once and kept.
    #[must_use]
    pub fn route(&self, pattern: &str) -> RouteName {
        self.0.queue.name(pattern)
    }

    /// Leaves an entry to be written; drops and counts it when the queue is full. Never waits for
    /// the disk.
    pub fn push(&self, entry: Entry) {
        self.0.queue.push(entry);
    }

    /// Has the thread drop everything older than `before`, a little at a time.
    pub fn sweep(&self, before: Timestamp) {
        self.0.queue.sweep(before);
    }

    /// Has the thread forget that entries are about these vehicles, which are nobody's any more; the
    /// entries stay.
    pub fn forget(&self, vehicles: &[VehicleId]) {
        self.0.queue.forget(vehicles);
    }

    /// Waits until everything that was pushed, and all else that was asked for, is done.
    pub fn flush(&self) {
        self.0.queue.flush();
    }

    /// Writes the queue out and ends the thread. Entries pushed later are dropped and counted.
    pub fn close(&self) {
        self.0.close();
    }

    /// Entries written since the start.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.0.queue.written()
    }

    /// Entries dropped since the start: the queue was full, or the file could not be written.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.queue.dropped()
    }

    /// Entries that `filter` lets through, newest first, `limit` at most. Entries appear a moment
    /// after their request was answered. Filters of which there is no index look through the file
    /// from the newest entry on.
    ///
    /// # Errors
    /// [`StoreError`] when the file is there but cannot be read.
    pub async fn recent(&self, filter: Filter, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        Ok(self.page(filter, limit, None).await?.entries)
    }

    /// As [`RequestLog::recent`], looking no longer than about `patience`: then it tells how far it
    /// came, to go on from there.
    ///
    /// # Errors
    /// [`StoreError`] when the file is there but cannot be read.
    pub async fn page(
        &self,
        filter: Filter,
        limit: u32,
        patience: Option<Duration>,
    ) -> Result<Listed, StoreError> {
        self.look(move |path| reader::page(path, &filter, limit, patience))
            .await
    }

    /// The entry at a place, if it is still there.
    ///
    /// # Errors
    /// [`StoreError`] when the file is there but cannot be read.
    pub async fn find(&self, at: Position) -> Result<Option<Recorded>, StoreError> {
        self.look(move |path| reader::find(path, at)).await
    }

    /// What was counted in each hour that begins at `since` or later, by the hour's beginning; of
    /// these applications, or of all requests, those of nobody known included. Hours without
    /// requests are left out. Costs a few rows an hour, however many requests there were.
    ///
    /// # Errors
    /// [`StoreError`] when the file is there but cannot be read.
    pub async fn hours(
        &self,
        applications: Option<Vec<ApplicationId>>,
        since: Timestamp,
    ) -> Result<BTreeMap<Timestamp, Counts>, StoreError> {
        self.look(move |path| hours::read(path, applications.as_deref(), since))
            .await
    }

    async fn look<T: Send + 'static>(
        &self,
        reading: impl FnOnce(&Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let path = self.0.path.clone();
        tokio::task::spawn_blocking(move || reading(&path))
            .await
            .unwrap_or(Err(StoreError::Panicked))
    }
}

impl Inner {
    fn close(&self) {
        self.queue.close();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // It catches nothing: a panic of it was told on standard error already.
            drop(thread.join());
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}
