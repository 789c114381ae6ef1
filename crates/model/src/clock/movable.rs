//! A clock that its owner may stop, hurry and move forward, but never back.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::{Clock, END, Timestamp};

/// How fast a clock runs beside another: 0.1 to 3600 times, in steps of a thousandth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace(i64);

/// A pace outside 0.1 to 3600.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a clock runs 0.1 to 3600 times as fast; freeze it to make it stand")]
pub struct PaceOutOfRange;

impl Pace {
    /// As fast as the other.
    pub const REAL: Self = Self(1000);

    /// Reads a factor.
    ///
    /// # Errors
    /// It lies outside 0.1 to 3600.
    pub fn of(factor: f64) -> Result<Self, PaceOutOfRange> {
        if !(0.1..=3600.0).contains(&factor) {
            return Err(PaceOutOfRange);
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most 3,600,000")]
        let thousandths = (factor * 1000.0).round() as i64;
        Ok(Self(thousandths))
    }

    /// Times as fast.
    #[must_use]
    pub fn factor(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "at most 3,600,000")]
        let thousandths = self.0 as f64;
        thousandths / 1000.0
    }
}

impl FromStr for Pace {
    type Err = PaceOutOfRange;

    fn from_str(text: &str) -> Result<Self, PaceOutOfRange> {
        Self::of(text.trim().parse().map_err(|_| PaceOutOfRange)?)
    }
}

/// The clock was told to go back, or beyond the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockRefused {
    /// What has expired stays expired.
    #[error("the clock does not run backwards: it shows {now}, which is later than {asked}")]
    Backwards {
        /// What the clock shows.
        now: Timestamp,
        /// What was asked for.
        asked: Timestamp,
    },
    /// Instants end there.
    #[error("the clock ends with the year 9999")]
    TooFar,
}

/// What a clock shows, and how it runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    /// The instant.
    pub now: Timestamp,
    /// Whether it stands.
    pub is_frozen: bool,
    /// How fast it runs when it does not.
    pub pace: Pace,
    /// Milliseconds by which it is ahead of the clock below.
    pub ahead_millis: i64,
}

/// A clock over another one. It begins with what that one shows.
pub struct MovableClock {
    below: Arc<dyn Clock>,
    hands: Mutex<Hands>,
}

/// Each look moves the hands on by what has gone by below since the last one. A thousandth of a
/// millisecond is a step of the slowest pace, so nothing is lost between looks, and a clock below
/// that is set back only makes the hands wait.
#[derive(Debug)]
struct Hands {
    /// Thousandths of milliseconds since the epoch.
    shown: i64,
    /// What the clock below showed then.
    below: Timestamp,
    pace: Pace,
    is_frozen: bool,
    /// How many moves hold the hands still.
    held: u32,
}

impl Hands {
    fn look(&mut self, below: Timestamp) {
        let passed = i64::try_from(below.since(self.below).as_millis()).unwrap_or(i64::MAX);
        self.below = below;
        if !self.is_frozen && self.held == 0 {
            let by = passed.saturating_mul(self.pace.0);
            self.shown = self.shown.saturating_add(by).min(END.saturating_mul(1000));
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.shown / 1000)
    }
}

impl MovableClock {
    /// Over `below`, and as yet like it.
    #[must_use]
    pub fn over(below: Arc<dyn Clock>) -> Self {
        let now = below.now();
        let hands = Hands {
            shown: now.0.saturating_mul(1000),
            below: now,
            pace: Pace::REAL,
            is_frozen: false,
            held: 0,
        };
        Self {
            below,
            hands: Mutex::new(hands),
        }
    }

    fn looked_at(&self) -> MutexGuard<'_, Hands> {
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        hands.look(self.below.now());
        hands
    }

    /// What it shows, and how it runs.
    #[must_use]
    pub fn shown(&self) -> Shown {
        let hands = self.looked_at();
        Shown {
            now: hands.now(),
            is_frozen: hands.is_frozen,
            pace: hands.pace,
            ahead_millis: hands.now().0 - hands.below.0,
        }
    }

    /// Makes it stand.
    pub fn freeze(&self) {
        self.looked_at().is_frozen = true;
    }

    /// Lets it run on from where it stands.
    pub fn resume(&self) {
        self.looked_at().is_frozen = false;
    }

    /// Makes it run at another pace from now on; a frozen one once it is resumed.
    pub fn run_at(&self, pace: Pace) {
        self.looked_at().pace = pace;
    }

    /// Holds it still for a move, until the hold is dropped.
    pub fn hold(&self) -> Hold<'_> {
        self.looked_at().held += 1;
        Hold(self)
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        self.looked_at().now()
    }
}

impl fmt::Debug for MovableClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MovableClock").field(&self.shown()).finish()
    }
}

/// A clock that is held still, to be moved step by step.
#[must_use = "the clock runs on when this is dropped"]
pub struct Hold<'a>(&'a MovableClock);

impl Hold<'_> {
    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// Whether [`Hold::move_to`] would.
    ///
    /// # Errors
    /// The instant is earlier than what the clock shows, or later than the year 9999.
    pub fn can_move_to(&self, to: Timestamp) -> Result<(), ClockRefused> {
        let now = self.now();
        if to < now {
            return Err(ClockRefused::Backwards { now, asked: to });
        }
        if to.0 >= END {
            return Err(ClockRefused::TooFar);
        }
        Ok(())
    }

    /// Moves the clock to a later instant.
    ///
    /// # Errors
    /// As [`Hold::can_move_to`].
    pub fn move_to(&self, to: Timestamp) -> Result<(), ClockRefused> {
        self.can_move_to(to)?;
        let mut hands = self.0.looked_at();
        // The hands may stand between two milliseconds.
        hands.shown = hands.shown.max(to.0 * 1000);
        Ok(())
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.looked_at().held -= 1;
    }
}

/// Paces are written as the factor.
impl Serialize for Pace {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1000 == 0 {
            serializer.serialize_i64(self.0 / 1000)
        } else {
            serializer.serialize_f64(self.factor())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    /// A clock that a test moves, back too.
    #[derive(Default)]
    struct Below(AtomicI64);

    impl Below {
        fn passes(&self, millis: i64) {
            self.0.fetch_add(millis, Ordering::Relaxed);
        }
    }

    impl Clock for Below {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::Relaxed))
        }
    }

    fn clock() -> (Arc<Below>, MovableClock) {
        let below = Arc::new(Below(AtomicI64::new(1_000_000)));
        (below.clone(), MovableClock::over(below))
    }

    #[test]
    fn runs_with_the_clock_below_until_it_is_told_otherwise() {
        let (below, clock) = clock();
        below.passes(5);
        assert_eq!(clock.now(), Timestamp(1_000_005));
        clock.freeze();
        below.passes(5);
        assert_eq!(clock.now(), Timestamp(1_000_005));
        clock.run_at(Pace::of(3600.0).unwrap());
        assert!(clock.shown().is_frozen);
        below.passes(5);
        clock.resume();
        below.passes(10);
        assert_eq!(clock.now(), Timestamp(1_036_005));
        assert_eq!(clock.shown().ahead_millis, 35_980);
    }

    #[test]
    fn the_slowest_pace_loses_nothing_between_looks() {
        let (below, clock) = clock();
        clock.run_at("0.1".parse().unwrap());
        for _ in 0..1000 {
            below.passes(1);
            clock.now();
        }
        assert_eq!(clock.now(), Timestamp(1_000_100));
    }

    #[test]
    fn moves_forward_only_and_stands_while_it_is_moved() {
        let (below, clock) = clock();
        let hold = clock.hold();
        hold.move_to(Timestamp(2_000_000)).unwrap();
        below.passes(5);
        assert_eq!(clock.now(), Timestamp(2_000_000));
        let asked = Timestamp(1_999_999);
        let now = Timestamp(2_000_000);
        let refused = ClockRefused::Backwards { now, asked };
        assert_eq!(hold.move_to(asked), Err(refused));
        assert_eq!(hold.move_to(Timestamp(END)), Err(ClockRefused::TooFar));
        assert_eq!(hold.move_to(now), Ok(()));
        drop(hold);
        below.passes(5);
        assert_eq!(clock.now(), Timestamp(2_000_005));
    }

    #[test]
    fn a_hold_leaves_a_frozen_clock_frozen() {
        let (below, clock) = clock();
        clock.freeze();
        drop(clock.hold());
        below.passes(5);
        assert_eq!(clock.now(), Timestamp(1_000_000));
    }

    #[test]
    fn paces() {
        for factor in ["-1", "0", "0.09", "3601", "NaN", "inf", "fast", ""] {
            assert_eq!(factor.parse::<Pace>(), Err(PaceOutOfRange), "{factor}");
        }
        let written = |text: &str| serde_json::to_string(&text.parse::<Pace>().unwrap()).unwrap();
        assert_eq!(
            (written("60"), written("0.25")),
            ("60".into(), "0.25".into())
        );
    }

    proptest! {
        #[test]
        fn never_runs_backwards(steps in prop::collection::vec((0_u8..6, -1000_i64..100_000), 1..60)) {
            let (below, clock) = clock();
            let mut latest = clock.now();
            for (step, number) in steps {
                match step {
                    0 => clock.freeze(),
                    1 => clock.resume(),
                    2 => clock.run_at(Pace::of(f64::from(u8::try_from(number & 127).unwrap()) + 0.5).unwrap()),
                    3 => drop(clock.hold().move_to(Timestamp(1_000_000 + number))),
                    _ => below.passes(number),
                }
                let now = clock.now();
                prop_assert!(now >= latest, "{now} after {latest}");
                latest = now;
            }
        }
    }
}
