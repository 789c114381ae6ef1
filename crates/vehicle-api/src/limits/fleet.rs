//! Which vehicles of an application lie beyond the number its plan has room for: those that were
//! connected last.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use carport_model::{ApplicationId, Mode, Timestamp, VehicleId};
use carport_store::{Connected, Store, StoreError, Tx, connections};
use quick_cache::sync::Cache;

/// Applications whose vehicles are remembered.
const APPLICATIONS: usize = 10_000;
/// How long an answer holds at least; a vehicle that comes or goes is noticed so late.
const HOLDS: Duration = Duration::from_secs(1);
/// An answer holds so many times as long as it took to find, which grows with the plan: to look at a
/// million vehicles takes seconds, and must not be all that the database does.
const SHARE: u32 = 100;

/// Looks for the first vehicle beyond the limit, at most once a second and application.
#[derive(Debug)]
pub(super) struct Fleet {
    store: Store,
    limit: u64,
    modes: Box<[Mode]>,
    known: Cache<ApplicationId, Arc<Line>>,
}

/// Where the vehicles end that there is room for.
#[derive(Debug)]
struct Line {
    /// The first vehicle beyond, `None` when there is room for all.
    beyond: Option<(Timestamp, VehicleId)>,
    asked_at: Timestamp,
    holds: Duration,
    /// A request is asking anew; others go on with what is known.
    is_asked: AtomicBool,
}

impl Line {
    fn holds_at(&self, now: Timestamp) -> bool {
        self.asked_at <= now && now.since(self.asked_at) < self.holds
    }
}

/// Lets the next request ask, whatever became of this one.
struct Asking<'a>(&'a AtomicBool);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Fleet {
    pub(super) fn new(store: Store, limit: u64, modes: &[Mode]) -> Self {
        Self {
            store,
            limit,
            modes: modes.into(),
            known: super::cache(APPLICATIONS),
        }
    }

    /// Whether there is room for a vehicle.
    pub(super) async fn has_room_for(
        &self,
        car: &Connected,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let line = self.line(car.vehicle.application, now).await?;
        let place = (car.since, car.vehicle.id);
        Ok(line.beyond.is_none_or(|beyond| place < beyond))
    }

    async fn line(
        &self,
        application: ApplicationId,
        now: Timestamp,
    ) -> Result<Arc<Line>, StoreError> {
        let first = self.look(application, now);
        let line = self.known.get_or_insert_async(&application, first).await?;
        if line.holds_at(now) || line.is_asked.swap(true, Ordering::Acquire) {
            return Ok(line);
        }
        let asking = Asking(&line.is_asked);
        let found = self.look(application, now).await;
        drop(asking);
        Ok(match found {
            Ok(found) => {
                self.known.insert(application, Arc::clone(&found));
                found
            }
            Err(error) => {
                tracing::warn!(%error, "the vehicles of a plan could not be counted");
                line
            }
        })
    }

    async fn look(
        &self,
        application: ApplicationId,
        now: Timestamp,
    ) -> Result<Arc<Line>, StoreError> {
        let (modes, limit) = (self.modes.clone(), self.limit);
        let start = Instant::now();
        let unit = async move |tx: &mut Tx<'_>| {
            connections::first_behind(tx, application, &modes, limit).await
        };
        let beyond = self.store.scan(unit).await?;
        Ok(Arc::new(Line {
            beyond,
            asked_at: now,
            holds: HOLDS.max(start.elapsed() * SHARE),
            is_asked: AtomicBool::new(false),
        }))
    }
}
