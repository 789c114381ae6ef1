//! A clock that stands still until a test moves it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use carport_model::{Clock, Timestamp};

/// Tells the instant it was last set to.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// Where every test begins: 2026-03-01T08:15:30.250Z.
    pub const START: Timestamp = Timestamp::from_millis(1_772_352_930_250);

    /// Moves the clock to an instant, forward or back.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.set(self.now().plus(by));
    }
}

impl Default for FixedClock {
    fn default() -> Self {
        Self(Mutex::new(Self::START))
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_still_until_it_is_moved() {
        let clock = FixedClock::default();
        assert_eq!(clock.now().to_string(), "2026-03-01T08:15:30.250Z");
        clock.advance(Duration::from_mins(1));
        assert_eq!(clock.now().since(FixedClock::START), Duration::from_mins(1));
        clock.set(FixedClock::START);
        assert_eq!(clock.now(), FixedClock::START);
    }
}
