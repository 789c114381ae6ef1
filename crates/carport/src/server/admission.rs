//! How many requests are in work at once, and how long the others wait for their refusal.
//!
//! Work is admitted up to a bound at which storage commits in full groups; beyond it a request is
//! refused before it costs anything. Reads and changes have places of their own: a queue of changes
//! in front of the disk is no reason to refuse a read, nor is a maker that does not answer a reason
//! to refuse a refresh. The refusal is held back a little: a client that asks again
//! at once would otherwise eat the time that admitted requests need. On a connection of HTTP/1
//! nothing else is read meanwhile.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::Method;
use tokio::time::{Instant, sleep};

/// How long a refusal takes, in microseconds; clients are promised less than 50 ms.
const HOLD: u32 = 20_000;
/// Timers so much overdue hold nobody back any more: the wait for a thread does it.
const PLENTY: u32 = 8_000;
/// Refusals that are held back at once, so that their memory is bounded too.
const HELD: usize = 8_192;

/// The places for requests in work.
#[derive(Debug)]
pub(super) struct Admission {
    places: usize,
    reads: AtomicUsize,
    changes: AtomicUsize,
    held: AtomicUsize,
    /// How long timers are overdue, in microseconds, averaged: what a request waits for a thread.
    overdue: AtomicU32,
}

/// A place, free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Admission {
    pub(super) fn new(places: usize) -> Self {
        Self {
            places,
            reads: AtomicUsize::new(0),
            changes: AtomicUsize::new(0),
            held: AtomicUsize::new(0),
            overdue: AtomicU32::new(0),
        }
    }

    /// A place for a request of this method, if one is free.
    pub(super) fn enter(&self, method: &Method) -> Option<Place<'_>> {
        let taken = if method == Method::GET {
            &self.reads
        } else {
            &self.changes
        };
        take(taken, self.places)
    }

    /// Waits as long as a refusal takes. A busy server has let the request wait already and will
    /// let its answer wait again, so that time is taken off.
    pub(super) async fn hold_back(&self) {
        let Some(_held) = take(&self.held, HELD) else {
            return;
        };
        let overdue = self.overdue.load(Ordering::Relaxed);
        if overdue >= PLENTY {
            // One in a hundred tries again whether timers are punctual by now.
            self.overdue
                .store(overdue - overdue / 1024, Ordering::Relaxed);
            return;
        }
        let hold = HOLD - 2 * overdue;
        let hold = Duration::from_micros(hold.into());
        let begun = Instant::now();
        sleep(hold).await;
        let late = begun.elapsed().saturating_sub(hold).as_micros();
        let late = u32::try_from(late).unwrap_or(u32::MAX).min(2 * PLENTY);
        // Two at once may lose one of their samples, which matters to nobody.
        self.overdue
            .store(overdue - overdue / 8 + late / 8, Ordering::Relaxed);
    }
}

fn take(taken: &AtomicUsize, places: usize) -> Option<Place<'_>> {
    // Taken first and given back: one addition is all that the usual request pays.
    let before = taken.fetch_add(1, Ordering::Relaxed);
    let place = Place(taken);
    (before < places).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_given_back() {
        let admission = Admission::new(2);
        let first = admission.enter(&Method::POST);
        let second = admission.enter(&Method::POST);
        assert!(first.is_some() && second.is_some());
        assert!(admission.enter(&Method::POST).is_none());
        assert!(admission.enter(&Method::POST).is_none());
        assert!(admission.enter(&Method::GET).is_some());
        drop(first);
        assert!(admission.enter(&Method::POST).is_some());
        drop(second);
        assert_eq!(admission.changes.load(Ordering::Relaxed), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_server_holds_nobody_back_longer() {
        let admission = Admission::new(0);
        let begun = Instant::now();
        admission.hold_back().await;
        assert_eq!(begun.elapsed().as_millis(), 20);
        admission.overdue.store(6_000, Ordering::Relaxed);
        admission.hold_back().await;
        assert_eq!(begun.elapsed().as_millis(), 20 + 8);
        admission.overdue.store(PLENTY, Ordering::Relaxed);
        admission.hold_back().await;
        assert_eq!(begun.elapsed().as_millis(), 20 + 8);
        // The average falls as soon as timers are punctual.
        assert!(admission.overdue.load(Ordering::Relaxed) < PLENTY);
        assert_eq!(admission.held.load(Ordering::Relaxed), 0);
    }
}
