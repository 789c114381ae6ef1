//! Token buckets: so many requests at once, and one more every so often.
//!
//! A bucket is one number, the instant at which it will be full again (the generic cell rate
//! algorithm, ITU-T I.371), so that taking is one compare-and-swap and nothing has to be refilled.
//! Crates for this keep every key until they are told to look for idle ones, and cannot give back.

use std::convert::Infallible;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use carport_model::Timestamp;
use quick_cache::sync::Cache;

/// How many requests at once, and how often one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    size: NonZeroU32,
    /// Between two requests, once the bucket is empty, in microseconds.
    every: i64,
}

impl Rate {
    /// A bucket of `size` requests that gains `refill` within `per`, evenly spread.
    #[must_use]
    pub fn new(size: NonZeroU32, refill: NonZeroU32, per: Duration) -> Self {
        let every = per.as_micros().div_ceil(u128::from(refill.get()));
        Self {
            size,
            every: i64::try_from(every).unwrap_or(i64::MAX).max(1),
        }
    }

    fn lasts(&self, count: u32) -> i64 {
        self.every.saturating_mul(i64::from(count))
    }
}

/// The buckets of many keys, in the memory of this process.
#[derive(Debug)]
pub(super) struct Buckets<K> {
    rate: Rate,
    /// Which are kept is decided by use: one that is forgotten begins full again.
    known: Cache<K, Arc<Bucket>>,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    /// Full buckets, of which at most `most` are remembered.
    pub(super) fn new(rate: Rate, most: usize) -> Self {
        Self {
            rate,
            known: super::cache(most),
        }
    }

    /// Takes `count` requests out of a bucket, all or none.
    ///
    /// # Errors
    /// How long until the bucket holds so many; it never does when it is smaller than that.
    pub(super) fn take(&self, key: &K, count: u32, now: Timestamp) -> Result<(), Duration> {
        self.bucket(key).take(&self.rate, count, now)
    }

    /// Puts back what was taken for requests that were not served after all.
    pub(super) fn give_back(&self, key: &K, count: u32) {
        let back = self.rate.lasts(count);
        self.bucket(key).0.fetch_sub(back, Ordering::Relaxed);
    }

    fn bucket(&self, key: &K) -> Arc<Bucket> {
        let full = || Ok::<_, Infallible>(Arc::default());
        let Ok(bucket) = self.known.get_or_insert_with(key, full);
        bucket
    }
}

/// A bucket that is emptier than empty by so much, in microseconds, is from before the clock was set
/// back, and is empty now. By less than that, other threads may be ahead.
const SET_BACK: i64 = 60_000_000;

/// When it will be full again, in microseconds since the epoch; a past instant is full now.
#[derive(Debug, Default)]
struct Bucket(AtomicI64);

impl Bucket {
    fn take(&self, rate: &Rate, count: u32, now: Timestamp) -> Result<(), Duration> {
        let now = now.millis().saturating_mul(1000);
        let empty = now.saturating_add(rate.lasts(rate.size.get()));
        let known = self.0.load(Ordering::Relaxed);
        if known > empty.saturating_add(SET_BACK) {
            let _ = self
                .0
                .compare_exchange(known, empty, Ordering::Relaxed, Ordering::Relaxed);
        }
        let after = |full_at: i64| full_at.clamp(now, empty).saturating_add(rate.lasts(count));
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
                let after = after(full_at);
                (after <= empty).then_some(after)
            });
        taken.map(drop).map_err(|full_at| {
            let wait = after(full_at).saturating_sub(empty);
            Duration::from_micros(u64::try_from(wait).unwrap_or(0))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_772_352_930_250);

    fn buckets(size: u32, refill: u32, per: Duration) -> Buckets<u8> {
        let number = |number| NonZeroU32::new(number).unwrap();
        Buckets::new(Rate::new(number(size), number(refill), per), 100)
    }

    fn seconds(seconds: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn so_many_at_once_and_one_more_every_so_often() {
        // The documented bucket: 120, and two a minute.
        let buckets = buckets(120, 2, Duration::from_mins(1));
        for _ in 0..120 {
            assert_eq!(buckets.take(&1, 1, NOW), Ok(()));
        }
        let half_a_minute = Duration::from_secs(30);
        assert_eq!(buckets.take(&1, 1, NOW), Err(half_a_minute));
        assert_eq!(buckets.take(&1, 1, seconds(20)), Err(half_a_minute / 3));
        assert_eq!(buckets.take(&1, 1, seconds(30)), Ok(()));
        assert_eq!(buckets.take(&1, 1, seconds(30)), Err(half_a_minute));
        // Nothing of this is another's, and an hour fills it.
        assert_eq!(buckets.take(&2, 1, NOW), Ok(()));
        assert_eq!(buckets.take(&1, 120, seconds(30 + 3600)), Ok(()));
        assert!(buckets.take(&1, 1, seconds(30 + 3600)).is_err());
    }

    #[test]
    fn several_are_taken_at_once_or_not_at_all() {
        let buckets = buckets(5, 1, Duration::from_secs(10));
        assert_eq!(buckets.take(&1, 3, NOW), Ok(()));
        assert_eq!(buckets.take(&1, 3, NOW), Err(Duration::from_secs(10)));
        assert_eq!(buckets.take(&1, 2, NOW), Ok(()));
        buckets.give_back(&1, 2);
        assert_eq!(buckets.take(&1, 2, NOW), Ok(()));
        assert_eq!(buckets.take(&1, 1, NOW), Err(Duration::from_secs(10)));
        // More than ever fits is refused whatever the time.
        assert!(buckets.take(&1, 6, seconds(1_000_000)).is_err());
        assert_eq!(buckets.take(&1, 5, seconds(1_000_000)), Ok(()));
        // What is given back to a full bucket does not overfill it.
        buckets.give_back(&2, 5);
        assert_eq!(buckets.take(&2, 5, NOW), Ok(()));
        assert!(buckets.take(&2, 1, NOW).is_err());
    }

    #[test]
    fn a_clock_that_is_set_back_leaves_it_empty_at_worst() {
        let buckets = buckets(3, 1, Duration::from_secs(10));
        let years_ahead = NOW.plus(Duration::from_hours(24 * 365 * 10));
        assert_eq!(buckets.take(&1, 3, years_ahead), Ok(()));
        assert_eq!(buckets.take(&1, 1, NOW), Err(Duration::from_secs(10)));
        assert_eq!(buckets.take(&1, 1, seconds(9)), Err(Duration::from_secs(1)));
        assert_eq!(buckets.take(&1, 1, seconds(10)), Ok(()));
    }

    #[test]
    fn threads_share_it_exactly() {
        let buckets = buckets(1000, 1, Duration::from_hours(1));
        let taken: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        (0..1000)
                            .filter(|_| buckets.take(&1, 1, NOW).is_ok())
                            .count()
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .sum()
        });
        assert_eq!(taken, 1000);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let buckets: Buckets<u32> = Buckets::new(buckets(1, 1, Duration::from_hours(1)).rate, 100);
        for key in 0..10_000 {
            assert_eq!(buckets.take(&key, 1, NOW), Ok(()));
        }
        assert!(buckets.known.len() <= 100);
    }
}
