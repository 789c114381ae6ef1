//! Calls of each vehicle in the calendar month, for plans that limit them.
//!
//! They are counted in memory and saved now and then, many at a time: a count that was not saved
//! yet is lost when the process is killed, and what other replicas count is learned when this one
//! saves.

use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use carport_model::{Month, Timestamp, VehicleId};
use carport_store::vehicle_calls::{self, Calls};
use carport_store::{Store, StoreError, Tx};
use quick_cache::sync::Cache;

/// Vehicles whose calls are remembered; the others are read again when they are called.
const VEHICLES: usize = 1_000_000;
/// How many counts one unit of work saves, so that other writers wait for it only briefly.
const BATCH: usize = 1000;

/// Counts up to a limit.
#[derive(Debug)]
pub(super) struct Tally {
    store: Store,
    limit: u64,
    counts: Cache<(VehicleId, Month), Arc<Count>>,
    /// Those that have something to save. A count stands here once, however much it gains.
    changed: Mutex<Vec<Arc<Count>>>,
    /// Held while saving: a count must learn its totals in the order they were made.
    saving: tokio::sync::Mutex<()>,
}

/// Calls of one vehicle in one month.
#[derive(Debug)]
pub(crate) struct Count {
    vehicle: VehicleId,
    month: Month,
    /// As far as is known here: what was saved by anyone, and what was not saved here.
    total: AtomicU64,
    /// Not saved yet.
    unsaved: AtomicU64,
    /// What the database told last.
    saved: AtomicU64,
}

impl Tally {
    pub(super) fn new(store: Store, limit: u64) -> Self {
        Self {
            store,
            limit,
            counts: super::cache(VEHICLES),
            changed: Mutex::default(),
            saving: tokio::sync::Mutex::default(),
        }
    }

    /// The count of a vehicle in the month of `now`; from the database when it is not remembered.
    pub(super) async fn of(
        &self,
        vehicle: VehicleId,
        now: Timestamp,
    ) -> Result<Arc<Count>, StoreError> {
        let month = now.month();
        let read = async {
            let find = async move |tx: &mut Tx<'_>| vehicle_calls::of(tx, vehicle, month).await;
            let saved = self.store.read(find).await?;
            Ok(Arc::new(Count {
                vehicle,
                month,
                total: saved.into(),
                unsaved: 0.into(),
                saved: saved.into(),
            }))
        };
        self.counts
            .get_or_insert_async(&(vehicle, month), read)
            .await
    }

    /// Whether no call is left.
    pub(super) fn is_used_up(&self, count: &Count) -> bool {
        count.total.load(Ordering::Relaxed) >= self.limit
    }

    /// Counts one call; `false` when none was left.
    pub(super) fn take(&self, count: &Arc<Count>) -> bool {
        let more = |total: u64| (total < self.limit).then_some(total + 1);
        let taken = count
            .total
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .is_ok();
        if taken {
            self.note(count, 1);
        }
        taken
    }

    fn note(&self, count: &Arc<Count>, calls: u64) {
        if count.unsaved.fetch_add(calls, Ordering::AcqRel) == 0 {
            let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
            changed.push(Arc::clone(count));
        }
    }

    /// Saves what has changed. What cannot be saved is kept for the next time; a caller that goes
    /// away while the database works may lose the calls of one unit of work.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub(super) async fn save(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.saving.lock().await;
        let changed = mem::take(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner));
        let mut left = Left {
            tally: self,
            counts: changed,
        };
        while !left.counts.is_empty() {
            let rest = left.counts.len().saturating_sub(BATCH);
            let counts = left.counts.split_off(rest);
            self.save_some(&counts).await?;
        }
        Ok(())
    }

    async fn save_some(&self, counts: &[Arc<Count>]) -> Result<(), StoreError> {
        let calls: Vec<Calls> = counts
            .iter()
            .map(|count| Calls {
                vehicle: count.vehicle,
                month: count.month,
                calls: count.unsaved.swap(0, Ordering::AcqRel),
            })
            .collect();
        let added = calls.clone();
        let unit = async move |tx: &mut Tx<'_>| vehicle_calls::add(tx, &added).await;
        match self.store.write(unit).await {
            Ok(totals) => {
                for ((count, calls), saved) in counts.iter().zip(calls).zip(totals) {
                    count.learn(calls.calls, saved);
                }
                Ok(())
            }
            Err(error) => {
                for (count, calls) in counts.iter().zip(calls) {
                    self.note(count, calls.calls);
                }
                Err(error)
            }
        }
    }
}

impl Count {
    /// The database holds `saved` now that `calls` were added: whatever else came was counted by
    /// other replicas.
    fn learn(&self, calls: u64, saved: u64) {
        let before = self.saved.swap(saved, Ordering::Relaxed);
        let others = saved.saturating_sub(before.saturating_add(calls));
        self.total.fetch_add(others, Ordering::Relaxed);
    }
}

/// Counts that are to be saved; those left over when it goes stand among the changed ones again.
struct Left<'a> {
    tally: &'a Tally,
    counts: Vec<Arc<Count>>,
}

impl Drop for Left<'_> {
    fn drop(&mut self) {
        let changed = &self.tally.changed;
        let mut changed = changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.append(&mut self.counts);
    }
}

#[cfg(test)]
mod tests {
    use carport_model::Clock as _;
    use carport_store::sweep;
    use carport_testkit::TestBed;

    use super::*;

    async fn kept(bed: &TestBed, vehicle: VehicleId) -> u64 {
        let month = bed.clock.now().month();
        let find = async move |tx: &mut Tx<'_>| vehicle_calls::of(tx, vehicle, month).await;
        let found: Result<u64, StoreError> = bed.store.read(find).await;
        found.unwrap()
    }

    #[tokio::test]
    async fn a_month_s_calls_survive_a_restart_and_end_with_the_month() {
        let bed = TestBed::new().await;
        let vehicle = VehicleId::draw(&*bed.rng);
        let tally = Tally::new(bed.store.clone(), 3);
        let count = tally.of(vehicle, bed.clock.now()).await.unwrap();
        assert!(tally.take(&count) && tally.take(&count));
        // Nothing is written for a call.
        assert_eq!(kept(&bed, vehicle).await, 0);
        tally.save().await.unwrap();
        tally.save().await.unwrap();
        assert_eq!(kept(&bed, vehicle).await, 2);
        let restarted = Tally::new(bed.store.clone(), 3);
        let count = restarted.of(vehicle, bed.clock.now()).await.unwrap();
        assert!(!restarted.is_used_up(&count));
        assert!(restarted.take(&count));
        assert!(restarted.is_used_up(&count));
        assert!(!restarted.take(&count));
        restarted.save().await.unwrap();
        assert_eq!(kept(&bed, vehicle).await, 3);
        // A call of the last month, saved in the next, counts in its own.
        let april = bed
            .clock
            .now()
            .plus(std::time::Duration::from_hours(24 * 31));
        bed.clock.set(april);
        let count = restarted.of(vehicle, april).await.unwrap();
        assert!(restarted.take(&count));
        restarted.save().await.unwrap();
        assert_eq!(kept(&bed, vehicle).await, 1);
    }

    #[tokio::test]
    async fn replicas_learn_of_one_another_when_they_save() {
        let bed = TestBed::new().await;
        let (vehicle, now) = (VehicleId::draw(&*bed.rng), bed.clock.now());
        let replicas = [0, 1].map(|_| Tally::new(bed.store.clone(), 5));
        let [one, two] = &replicas;
        let counts = (
            one.of(vehicle, now).await.unwrap(),
            two.of(vehicle, now).await.unwrap(),
        );
        for _ in 0..2 {
            assert!(one.take(&counts.0) && two.take(&counts.1));
        }
        one.save().await.unwrap();
        two.save().await.unwrap();
        // The second knows of all four calls, the first of its own two until it saves again.
        assert!(two.take(&counts.1) && !two.take(&counts.1));
        assert!(one.take(&counts.0));
        two.save().await.unwrap();
        one.save().await.unwrap();
        assert_eq!(kept(&bed, vehicle).await, 6);
        assert!(one.is_used_up(&counts.0) && !one.take(&counts.0));
    }

    #[tokio::test]
    async fn what_cannot_be_saved_is_kept_for_the_next_time() {
        let bed = TestBed::new().await;
        let now = bed.clock.now();
        let tally = Tally::new(bed.store.clone(), 100);
        let vehicles: Vec<_> = (0..BATCH + 7).map(|_| VehicleId::draw(&*bed.rng)).collect();
        for vehicle in &vehicles {
            let count = tally.of(*vehicle, now).await.unwrap();
            assert!(tally.take(&count) && tally.take(&count));
        }
        // A row that cannot grow any more fails the unit of work it is in.
        let stuck = Calls {
            vehicle: vehicles[BATCH],
            month: now.month(),
            calls: u64::try_from(i64::MAX).unwrap(),
        };
        let unit = async move |tx: &mut Tx<'_>| vehicle_calls::add(tx, &[stuck]).await;
        let seeded: Result<_, StoreError> = bed.store.write(unit).await;
        seeded.unwrap();
        assert!(tally.save().await.is_err());
        let count = tally.of(vehicles[0], now).await.unwrap();
        assert!(tally.take(&count));
        let later = now.plus(std::time::Duration::from_hours(24 * 70));
        let unit = async move |tx: &mut Tx<'_>| sweep::sweep(tx, later).await;
        let swept: Result<sweep::Swept, StoreError> = bed.store.write(unit).await;
        assert!(swept.unwrap().calls > 0);
        tally.save().await.unwrap();
        assert!(tally.changed.lock().unwrap().is_empty());
        assert_eq!(kept(&bed, vehicles[0]).await, 3);
        for vehicle in &vehicles[1..] {
            assert_eq!(kept(&bed, *vehicle).await, 2);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_call_is_lost_between_callers_and_saving() {
        const CALLERS: u64 = 4;
        const EACH: u64 = 500;
        let bed = TestBed::new().await;
        let (vehicle, now) = (VehicleId::draw(&*bed.rng), bed.clock.now());
        let tally = Arc::new(Tally::new(bed.store.clone(), CALLERS * EACH - 10));
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..CALLERS {
            let tally = Arc::clone(&tally);
            callers.spawn(async move {
                let mut taken = 0;
                for _ in 0..EACH {
                    let count = tally.of(vehicle, now).await.unwrap();
                    taken += u64::from(tally.take(&count));
                    tokio::task::yield_now().await;
                }
                taken
            });
        }
        for _ in 0..20 {
            tally.save().await.unwrap();
        }
        let taken: u64 = callers.join_all().await.into_iter().sum();
        assert_eq!(taken, CALLERS * EACH - 10);
        tally.save().await.unwrap();
        assert_eq!(kept(&bed, vehicle).await, taken);
    }
}
