//! Housekeeping that falls due: dropping rows in which nothing can matter any more.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use carport_model::Timestamp;
use carport_model::agenda::Due;
use carport_store::sweep::{self, Swept};
use carport_store::{StoreError, Tx, car_counts};
use tokio::task::JoinHandle;

use super::Parts;

/// How often the sweep runs.
const EVERY: Duration = Duration::from_mins(10);

/// Sweeps now and then until aborted, and when the clock of a `dev` server is moved.
pub(super) fn start(parts: Parts) -> JoinHandle<()> {
    let time = parts.time.clone();
    let sweeping = Arc::new(Sweeping {
        last: Mutex::new(parts.clock.now()),
        parts,
    });
    if let Some(time) = time {
        time.register(sweeping.clone());
    }
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            tick.tick().await;
            // What one sweep leaves waits for the next: others write too.
            sweeping.sweep(sweeping.parts.clock.now()).await;
        }
    })
}

struct Sweeping {
    parts: Parts,
    last: Mutex<Timestamp>,
}

impl Sweeping {
    /// Sweeps once; `None` when it failed.
    async fn sweep(&self, now: Timestamp) -> Option<Swept> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = now;
        if let Some(log) = &self.parts.request_log {
            log.sweep(now.minus(self.parts.request_log_keeps));
        }
        if let Err(error) = self.count(now).await {
            tracing::warn!(%error, "connections could not be counted");
        }
        let swept = self
            .parts
            .store
            .write(async move |tx: &mut Tx<'_>| sweep::sweep(tx, now).await)
            .await;
        match swept {
            Ok(swept) => {
                tracing::debug!(
                    token_pairs = swept.token_pairs,
                    codes = swept.codes,
                    runs = swept.runs,
                    calls = swept.calls,
                    "old rows were dropped"
                );
                Some(swept)
            }
            Err(error) => {
                let error: StoreError = error;
                tracing::warn!(%error, "old rows could not be dropped");
                None
            }
        }
    }

    /// Counts the connections of each application, for the overview of the Dashboard.
    async fn count(&self, now: Timestamp) -> Result<(), StoreError> {
        let store = &self.parts.store;
        let counted = store
            .scan(async |tx: &mut Tx<'_>| car_counts::of_all(tx).await)
            .await?;
        let unit = async move |tx: &mut Tx<'_>| car_counts::keep(tx, &counted, now).await;
        store.write(unit).await
    }
}

#[async_trait]
impl Due for Sweeping {
    fn name(&self) -> &'static str {
        "sweep"
    }

    async fn next_due(&self, until: Timestamp) -> Option<Timestamp> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        (until.since(last) >= EVERY).then_some(until)
    }

    async fn run_due(&self, now: Timestamp) {
        while self.sweep(now).await.is_some_and(|swept| swept.has_more()) {}
    }
}
