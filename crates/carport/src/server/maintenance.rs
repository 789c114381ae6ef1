//! Housekeeping that falls due: dropping rows in which nothing can matter any more.

use std::time::Duration;

use carport_store::{StoreError, Tx, sweep};
use tokio::task::JoinHandle;

use super::Parts;

/// How often the sweep runs.
const EVERY: Duration = Duration::from_mins(10);

/// Sweeps now and then until aborted.
pub(super) fn start(parts: Parts) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            tick.tick().await;
            let now = parts.clock.now();
            if let Some(log) = &parts.request_log {
                log.sweep(now.minus(parts.request_log_keeps));
            }
            let swept = parts
                .store
                .write(async move |tx: &mut Tx<'_>| sweep::sweep(tx, now).await)
                .await;
            match swept {
                Ok(swept) => tracing::debug!(
                    token_pairs = swept.token_pairs,
                    codes = swept.codes,
                    runs = swept.runs,
                    calls = swept.calls,
                    "old rows were dropped"
                ),
                Err(error) => {
                    let error: StoreError = error;
                    tracing::warn!(%error, "old rows could not be dropped");
                }
            }
        }
    })
}
