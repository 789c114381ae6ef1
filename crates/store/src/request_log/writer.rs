//! The thread that writes.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use carport_model::{Timestamp, VehicleId};

use super::entry::Entry;
use super::file::{self, File, Limits};
use super::queue::{CAPACITY, Queue};
use super::segments::SEGMENTS;

/// How long a file that failed is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes until the queue is closed and empty.
pub(super) fn run(queue: &Queue, path: PathBuf, limits: Limits) {
    let mut writer = Writer {
        queue,
        path,
        limits,
        file: None,
        failed: None,
    };
    let mut batch = Vec::with_capacity(CAPACITY);
    loop {
        let round = queue.next(&mut batch);
        writer.write(&mut batch);
        if let Some(before) = round.sweep {
            // Entries go on being written between two steps.
            let mut open = true;
            while open && writer.sweep(before) {
                open = queue.take(&mut batch);
                writer.write(&mut batch);
            }
        }
        for vehicle in round.forget {
            for segment in 0..SEGMENTS {
                writer.forget(segment, vehicle);
                queue.take(&mut batch);
                writer.write(&mut batch);
            }
        }
        queue.ended();
        if round.last {
            return;
        }
    }
}

struct Writer<'a> {
    queue: &'a Queue,
    path: PathBuf,
    limits: Limits,
    file: Option<File>,
    /// Since when the file cannot be written, and what had been dropped by then.
    failed: Option<Failure>,
}

#[derive(Clone, Copy)]
struct Failure {
    last: Instant,
    dropped: u64,
}

impl Writer<'_> {
    /// Writes the batch, or drops and counts it, and leaves it empty.
    fn write(&mut self, batch: &mut Vec<Entry>) {
        if let Some(newest) = batch.last().map(|entry| entry.at) {
            let queue = self.queue;
            let written =
                self.with_file(newest, |file| file.write(batch, |name| queue.pattern(name)));
            if written.is_some() {
                self.queue.count_written(batch.len());
                self.recovered();
            } else {
                self.queue.count_dropped(batch.len());
            }
        }
        batch.clear();
    }

    /// Drops some old entries; whether there may be more.
    fn sweep(&mut self, before: Timestamp) -> bool {
        if !self.path.exists() {
            return false;
        }
        self.with_file(before, |file| file.sweep(before))
            .unwrap_or(false)
    }

    /// Forgets that entries of one table are about a vehicle.
    fn forget(&mut self, segment: usize, vehicle: VehicleId) {
        if self.path.exists() {
            self.with_file(Timestamp::default(), |file| file.forget(segment, vehicle));
        }
    }

    /// Does something with the open file. A failure closes it, and it is left alone for a while.
    fn with_file<T>(
        &mut self,
        now: Timestamp,
        action: impl FnOnce(&mut File) -> rusqlite::Result<T>,
    ) -> Option<T> {
        if self.file.is_none() {
            if self
                .failed
                .is_some_and(|failed| failed.last.elapsed() < PAUSE)
            {
                return None;
            }
            match File::open(&self.path, &self.limits, now) {
                Ok(file) => self.file = Some(file),
                Err(error) => {
                    self.fail(&error);
                    return None;
                }
            }
        }
        let done = action(self.file.as_mut()?);
        match done {
            Ok(done) => Some(done),
            Err(error) => {
                self.file = None;
                if file::is_damage(&error) {
                    file::set_aside(&self.path, now);
                }
                self.fail(&error);
                None
            }
        }
    }

    /// Remembers a failure and tells the first one.
    fn fail(&mut self, error: &rusqlite::Error) {
        let dropped = if let Some(failed) = self.failed {
            failed.dropped
        } else {
            tracing::warn!(
                %error,
                "the request log cannot be written; entries are dropped until it can"
            );
            self.queue.dropped()
        };
        self.failed = Some(Failure {
            last: Instant::now(),
            dropped,
        });
    }

    fn recovered(&mut self) {
        if let Some(failed) = self.failed.take() {
            let dropped = self.queue.dropped() - failed.dropped;
            tracing::warn!(dropped, "the request log is written again");
        }
    }
}
