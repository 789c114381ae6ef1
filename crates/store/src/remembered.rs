//! What the caches of bearer requests hold: a connection that knows when it is out of date, and a
//! token with the connection that it was last used for.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use quick_cache::Lifecycle;

use crate::cache::{AccessGrant, Connected};

/// A connection that is remembered. Whoever holds one from an earlier request asks it whether it
/// still stands.
#[derive(Debug)]
pub struct Remembered {
    connected: Connected,
    /// Set before anybody is told that the change happened which makes it untrue.
    is_outdated: AtomicBool,
}

impl Remembered {
    pub(crate) const fn new(connected: Connected) -> Self {
        Self {
            connected,
            is_outdated: AtomicBool::new(false),
        }
    }

    /// It is untrue from now on, or cannot be reached by what makes it untrue any more.
    pub(crate) fn end(&self) {
        self.is_outdated.store(true, Ordering::Release);
    }

    pub(crate) fn is_outdated(&self) -> bool {
        self.is_outdated.load(Ordering::Acquire)
    }
}

impl Deref for Remembered {
    type Target = Connected;

    fn deref(&self) -> &Connected {
        &self.connected
    }
}

/// What an access token opens, as it is remembered.
#[derive(Debug, Clone)]
pub struct Access {
    /// What it opens.
    pub grant: AccessGrant,
    /// The first vehicle that was asked for with it. Most tokens are used for one: a read then looks
    /// in one table of a million instead of two.
    pub(crate) car: Option<Arc<Remembered>>,
}

impl Access {
    /// A token that nothing was asked for with yet.
    pub(crate) const fn new(grant: AccessGrant) -> Self {
        Self { grant, car: None }
    }
}

/// A connection that leaves its cache to make room is no longer found by what makes it untrue, so
/// tokens must not keep it.
#[derive(Debug, Clone, Default)]
pub(crate) struct EndsWhatLeaves;

impl<K> Lifecycle<K, Arc<Remembered>> for EndsWhatLeaves {
    type RequestState = ();

    fn on_evict(&self, (): &mut (), _: K, car: Arc<Remembered>) {
        car.end();
    }
}
