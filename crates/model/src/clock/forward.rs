//! Time that does not run backwards, made of a clock that may be set.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A step back of more than this, in milliseconds, is somebody's correction of a clock that was
/// wrong; riding it out would keep the wrong time for days.
const CORRECTION: i64 = 24 * 60 * 60 * 1000;
/// Steps smaller than this, in milliseconds, are no news.
const NEWS: i64 = 1000;

/// The latest time told, and how a step back is being ridden out.
#[derive(Debug)]
pub(super) struct Forward {
    latest: AtomicI64,
    ride: Mutex<Option<Ride>>,
}

/// Time at half speed until the clock has caught up.
#[derive(Debug, Clone, Copy)]
struct Ride {
    from: i64,
    since: Instant,
    /// What was told last; the ride is over when something else told a later time.
    reached: i64,
}

impl Forward {
    pub(super) const fn new() -> Self {
        Self {
            latest: AtomicI64::new(i64::MIN),
            ride: Mutex::new(None),
        }
    }

    /// The time for a reading of the clock. Usually one load; a store once a millisecond.
    pub(super) fn time(&self, reading: i64, monotonic: impl FnOnce() -> Instant) -> i64 {
        let latest = self.latest.load(Ordering::Relaxed);
        if reading == latest {
            return reading;
        }
        if reading > latest {
            return self
                .latest
                .fetch_max(reading, Ordering::Relaxed)
                .max(reading);
        }
        self.ridden_out(reading, monotonic())
    }

    #[cold]
    fn ridden_out(&self, reading: i64, now: Instant) -> i64 {
        let mut ride = self.ride.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = self.latest.load(Ordering::Relaxed);
        let back = latest.saturating_sub(reading);
        if back > CORRECTION {
            tracing::warn!(
                back_ms = back,
                "the machine's clock was set back by more than a day"
            );
            *ride = None;
            self.latest.store(reading, Ordering::Relaxed);
            return reading;
        }
        let current = match *ride {
            Some(current) if current.reached == latest => current,
            _ => {
                if back >= NEWS {
                    tracing::warn!(
                        back_ms = back,
                        "the machine's clock was set back; time goes on at half speed until it \
                         has caught up"
                    );
                }
                Ride {
                    from: latest,
                    since: now,
                    reached: latest,
                }
            }
        };
        let half = now.saturating_duration_since(current.since).as_millis() / 2;
        let reached = current
            .from
            .saturating_add(i64::try_from(half).unwrap_or(i64::MAX))
            .max(reading);
        let told = self
            .latest
            .fetch_max(reached, Ordering::Relaxed)
            .max(reached);
        *ride = Some(Ride {
            reached: told,
            ..current
        });
        told
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const HOUR: i64 = 60 * 60 * 1000;

    /// A clock that was set and the one that only counts, moved by hand.
    struct Machine {
        forward: Forward,
        set: i64,
        counted: Instant,
    }

    impl Machine {
        fn new() -> Self {
            Self {
                forward: Forward::new(),
                set: 100 * 24 * HOUR,
                counted: Instant::now(),
            }
        }

        /// Time goes by, and something asks for it now and then.
        fn passes(&mut self, millis: i64) -> i64 {
            for _ in 0..4 {
                self.set += millis / 4;
                self.counted += Duration::from_millis(millis.unsigned_abs() / 4);
                self.time();
            }
            self.time()
        }

        fn is_set(&mut self, by: i64) -> i64 {
            self.set += by;
            self.time()
        }

        fn time(&self) -> i64 {
            self.forward.time(self.set, || self.counted)
        }
    }

    #[test]
    fn a_clock_that_goes_is_told_as_it_is() {
        let mut machine = Machine::new();
        for millis in [0, 4, 0, 8, HOUR] {
            assert_eq!(machine.passes(millis), machine.set);
        }
        assert_eq!(machine.is_set(70 * 24 * HOUR), machine.set);
    }

    #[test]
    fn a_step_back_is_ridden_out_at_half_speed() {
        let mut machine = Machine::new();
        let before = machine.time();
        assert_eq!(machine.is_set(-HOUR), before);
        assert_eq!(machine.passes(HOUR), before + HOUR / 2);
        assert_eq!(machine.passes(HOUR / 2), before + 3 * HOUR / 4);
        // Half an hour later both say the same, and from then on it is the clock's time.
        assert_eq!(machine.passes(HOUR / 2), before + HOUR);
        assert_eq!(machine.time(), machine.set);
        assert_eq!(machine.passes(HOUR), machine.set);
    }

    #[test]
    fn a_second_step_back_is_a_ride_of_its_own() {
        let mut machine = Machine::new();
        machine.time();
        machine.is_set(-HOUR);
        machine.passes(3 * HOUR);
        let before = machine.time();
        assert_eq!(before, machine.set);
        assert_eq!(machine.is_set(-HOUR), before);
        assert_eq!(machine.passes(2000), before + 1000);
        // And one during a ride goes on with it.
        assert_eq!(machine.is_set(-HOUR), before + 1000);
        assert_eq!(machine.passes(2000), before + 2000);
    }

    #[test]
    fn a_correction_is_taken() {
        let mut machine = Machine::new();
        machine.time();
        assert_eq!(machine.is_set(-CORRECTION - 1), machine.set);
        assert_eq!(machine.passes(8), machine.set);
        let before = machine.time();
        assert_eq!(machine.is_set(-CORRECTION), before);
    }

    #[test]
    fn no_thread_sees_another_s_time_run_backwards() {
        let forward = Forward::new();
        let told = AtomicI64::new(i64::MIN);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (forward, told) = (&forward, &told);
                scope.spawn(move || {
                    for reading in 0..20_000 {
                        let floor = told.load(Ordering::SeqCst);
                        // Threads read the clock at odds with one another, and it is set back now and then.
                        let reading = reading - thread * 3 - (reading % 1000) / 2;
                        let time = forward.time(reading, Instant::now);
                        assert!(time >= floor, "{time} after {floor}");
                        told.fetch_max(time, Ordering::SeqCst);
                    }
                });
            }
        });
    }
}
