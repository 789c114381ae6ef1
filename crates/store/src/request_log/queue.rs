//! The queue between requests and the thread that writes.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use carport_model::{Timestamp, VehicleId};

use super::entry::{Entry, RouteName};

/// Entries that wait at most: more than a second of a busy core, in 6 MiB that are touched only
/// when they are needed.
pub(super) const CAPACITY: usize = 65_536;
/// How long entries gather while requests come. Nothing wakes the thread for a single one, and a
/// batch of a fully loaded core is written within a millisecond or two.
const GATHER: Duration = Duration::from_millis(20);

/// What requests leave, and what the thread is asked for.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// There is something to do.
    work: Condvar,
    /// Something was done.
    done: Condvar,
    written: AtomicU64,
    dropped: AtomicU64,
    /// Patterns of routes; the position is the name.
    routes: Mutex<Vec<Arc<str>>>,
}

#[derive(Debug, Default)]
struct State {
    entries: Vec<Entry>,
    /// Drop what is older than this.
    sweep: Option<Timestamp>,
    /// Forget that entries are about these.
    forget: Vec<VehicleId>,
    /// The thread waits without a limit: whoever brings work wakes it.
    asleep: bool,
    /// Somebody waits: do not gather.
    hurry: bool,
    closed: bool,
    /// Rounds of work begun and ended.
    begun: u64,
    ended: u64,
}

impl State {
    /// Whether there is more to do than to write.
    fn has_task(&self) -> bool {
        self.sweep.is_some() || !self.forget.is_empty()
    }
}

/// One round of work.
#[derive(Debug)]
pub(super) struct Round {
    /// Drop what is older than this.
    pub(super) sweep: Option<Timestamp>,
    /// Forget that entries are about these.
    pub(super) forget: Vec<VehicleId>,
    /// The last one.
    pub(super) last: bool,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                entries: Vec::with_capacity(CAPACITY),
                ..State::default()
            }),
            work: Condvar::new(),
            done: Condvar::new(),
            written: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            routes: Mutex::default(),
        }
    }
}

impl Queue {
    pub(super) fn push(&self, entry: Entry) {
        let mut state = self.locked();
        if state.closed || state.entries.len() >= CAPACITY {
            drop(state);
            self.count_dropped(1);
            return;
        }
        state.entries.push(entry);
        let wake = state.asleep || state.entries.len() == CAPACITY / 2;
        state.asleep = false;
        drop(state);
        if wake {
            self.work.notify_one();
        }
    }

    pub(super) fn sweep(&self, before: Timestamp) {
        let mut state = self.locked();
        state.sweep = Some(before);
        self.wake(&mut state);
    }

    pub(super) fn forget(&self, vehicles: &[VehicleId]) {
        let mut state = self.locked();
        state.forget.extend_from_slice(vehicles);
        self.wake(&mut state);
    }

    pub(super) fn flush(&self) {
        let mut state = self.locked();
        // Work that has begun does not hold what came since.
        let round = state.begun + 1;
        while state.ended < round && !(state.closed && state.begun == state.ended) {
            state.hurry = true;
            self.wake(&mut state);
            state = wait(&self.done, state);
        }
    }

    pub(super) fn close(&self) {
        let mut state = self.locked();
        state.closed = true;
        self.wake(&mut state);
    }

    fn wake(&self, state: &mut State) {
        state.asleep = false;
        self.work.notify_one();
    }

    /// Waits for work. `batch` comes empty and goes filled.
    pub(super) fn next(&self, batch: &mut Vec<Entry>) -> Round {
        let mut state = self.locked();
        while state.entries.is_empty() && !state.has_task() && !state.hurry && !state.closed {
            state.asleep = true;
            state = wait(&self.work, state);
        }
        let gathering = |state: &mut State| {
            state.entries.len() < CAPACITY / 2 && !state.hurry && !state.closed && !state.has_task()
        };
        let (mut state, _) = self
            .work
            .wait_timeout_while(state, GATHER, gathering)
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut state.entries, batch);
        state.hurry = false;
        state.begun += 1;
        Round {
            sweep: state.sweep.take(),
            forget: std::mem::take(&mut state.forget),
            last: state.closed,
        }
    }

    /// What came in the meantime, without waiting; whether the queue is still open.
    pub(super) fn take(&self, batch: &mut Vec<Entry>) -> bool {
        let mut state = self.locked();
        std::mem::swap(&mut state.entries, batch);
        !state.closed
    }

    /// The round that [`Queue::next`] gave is done.
    pub(super) fn ended(&self) {
        let mut state = self.locked();
        state.ended = state.begun;
        self.done.notify_all();
    }

    pub(super) fn name(&self, pattern: &str) -> RouteName {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = routes.iter().position(|known| **known == *pattern);
        let position = known.unwrap_or_else(|| {
            routes.push(pattern.into());
            routes.len() - 1
        });
        // There are as many as the server has routes.
        RouteName(u16::try_from(position).unwrap_or(u16::MAX))
    }

    /// The pattern of a name that this queue gave.
    pub(super) fn pattern(&self, name: RouteName) -> Arc<str> {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = routes.get(usize::from(name.0)).cloned();
        known.unwrap_or_else(|| "".into())
    }

    pub(super) fn count_written(&self, entries: usize) {
        self.written.fetch_add(entries as u64, Relaxed);
    }

    pub(super) fn count_dropped(&self, entries: usize) {
        self.dropped.fetch_add(entries as u64, Relaxed);
    }

    pub(super) fn written(&self) -> u64 {
        self.written.load(Relaxed)
    }

    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }

    /// How often the thread had work.
    #[cfg(test)]
    pub(super) fn rounds(&self) -> u64 {
        self.locked().begun
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait<'a>(on: &Condvar, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
    on.wait(state).unwrap_or_else(PoisonError::into_inner)
}
