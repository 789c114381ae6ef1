//! Saves the calls that plans count: every few seconds, and at the end.

use std::sync::Arc;
use std::time::Duration;

use carport_vehicle_api::limits::Usage;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How often they are saved: what was not is forgotten when the process is killed.
const EVERY: Duration = Duration::from_secs(5);

/// The task that saves.
pub(super) struct Saving {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Starts to save; `None` when no plan counts calls.
pub(super) fn start(usage: Option<Arc<Usage>>) -> Option<Saving> {
    let usage = usage.filter(|usage| usage.is_saved())?;
    let (stop, mut stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut has_failed = false;
        loop {
            let is_last = tokio::select! {
                _ = tick.tick() => false,
                _ = &mut stopped => true,
            };
            // Never broken off: a save that is may lose what it was saving.
            let saved = usage.save().await;
            if let Err(error) = &saved
                && (is_last || !has_failed)
            {
                tracing::warn!(%error, "the calls of vehicles could not be saved");
            }
            has_failed = saved.is_err();
            if is_last {
                return;
            }
        }
    });
    Some(Saving { stop, task })
}

impl Saving {
    /// Saves once more, when no request is answered any longer.
    pub(super) async fn finish(self) {
        // It listens until it is told.
        let _ = self.stop.send(());
        drop(self.task.await);
    }
}
