//! The request journal of a `dev` server: the last requests of the API, OAuth and Connect, so that
//! a test can ask what its program sent. It lies in memory. The listener writes it; here it is
//! kept and asked.

mod filter;
mod stars;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use carport_model::{ApplicationId, RequestId, Timestamp, VehicleId};

pub use filter::Filter;
pub use stars::{Kind, Stars};

/// Most bytes of a body that is kept.
pub const BODY: usize = 16 * 1024;
/// Most bytes of bodies together; the oldest entries lose theirs first.
const BODIES: usize = 32 * 1024 * 1024;

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it came.
    pub at: Timestamp,
    /// Time until the answer went out.
    pub took: Duration,
    /// Its method.
    pub method: String,
    /// Its path as it was sent, without the query.
    pub path: String,
    /// Its query, secrets starred; empty when there was none.
    pub query: String,
    /// Pattern of its route.
    pub route: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// Whether the connection was cut instead.
    pub is_dropped: bool,
    /// Id that the answer carried.
    pub request: RequestId,
    /// Application that asked, where it proved who it is.
    pub application: Option<ApplicationId>,
    /// Vehicle it asked about, where it may know it.
    pub vehicle: Option<VehicleId>,
    /// Rules of faults that had a part in the answer.
    pub faults: Vec<String>,
    /// What was sent, secrets starred; none when it was not JSON or a form, or too long.
    pub sent: Option<String>,
    /// What was answered, secrets starred; none when it was not JSON, or too long.
    pub answered: Option<String>,
}

impl Entry {
    fn bytes(&self) -> usize {
        [&self.sent, &self.answered]
            .into_iter()
            .flatten()
            .map(String::len)
            .sum()
    }
}

/// A bounded number of entries; the oldest make room.
#[derive(Debug)]
pub struct Journal {
    kept: usize,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    /// The oldest first.
    entries: VecDeque<Arc<Entry>>,
    /// Number of the first of them, counted from the first that ever was.
    first: u64,
    /// Number of the first that has its bodies still.
    whole_from: u64,
    /// Bytes of bodies.
    bytes: usize,
}

impl Pages {
    /// Makes room by the oldest entry.
    fn drop_first(&mut self) {
        if let Some(entry) = self.entries.pop_front() {
            if self.first >= self.whole_from {
                self.bytes -= entry.bytes();
            }
            self.first += 1;
            self.whole_from = self.whole_from.max(self.first);
        }
    }

    /// Takes the bodies from the oldest entry that has some.
    fn strip_first(&mut self) {
        let place = usize::try_from(self.whole_from - self.first).unwrap_or(usize::MAX);
        if let Some(entry) = self.entries.get_mut(place) {
            self.bytes -= entry.bytes();
            let bare = Entry {
                sent: None,
                answered: None,
                ..(**entry).clone()
            };
            *entry = Arc::new(bare);
            self.whole_from += 1;
        }
    }
}

impl Journal {
    /// An empty one that keeps this many entries.
    #[must_use]
    pub fn keeping(kept: usize) -> Self {
        Self {
            kept,
            pages: Mutex::default(),
        }
    }

    /// Adds an entry.
    pub fn add(&self, entry: Entry) {
        let mut pages = self.locked();
        pages.bytes += entry.bytes();
        pages.entries.push_back(Arc::new(entry));
        while pages.entries.len() > self.kept {
            pages.drop_first();
        }
        while pages.bytes > BODIES {
            pages.strip_first();
        }
    }

    /// Entries that `filter` means, the newest first, each with its number: below `before`, if that
    /// is said, and `limit` at most.
    #[must_use]
    pub fn find(
        &self,
        filter: &Filter,
        before: Option<u64>,
        limit: usize,
    ) -> Vec<(u64, Arc<Entry>)> {
        let pages = self.locked();
        let next = pages.first + pages.entries.len() as u64;
        let newest_first = pages.entries.iter().rev();
        let numbered = (0..next).rev().zip(newest_first);
        numbered
            .filter(|(number, entry)| {
                before.is_none_or(|before| *number < before) && filter.means(entry)
            })
            .take(limit)
            .map(|(number, entry)| (number, Arc::clone(entry)))
            .collect()
    }

    /// How many entries `filter` means.
    #[must_use]
    pub fn count(&self, filter: &Filter) -> usize {
        self.locked()
            .entries
            .iter()
            .filter(|entry| filter.means(entry))
            .count()
    }

    /// Removes the entries that `filter` means.
    pub fn clear(&self, filter: &Filter) {
        let mut pages = self.locked();
        let next = pages.first + pages.entries.len() as u64;
        pages.entries.retain(|entry| !filter.means(entry));
        // Numbers are places: what is left moves up to the newest of them, so that none is used twice.
        pages.first = next - pages.entries.len() as u64;
        pages.whole_from = pages.first;
        pages.bytes = pages.entries.iter().map(|entry| entry.bytes()).sum();
    }

    fn locked(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
