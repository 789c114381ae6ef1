//! The news that the server is about to stop, for answers that would otherwise never end.

use tokio::sync::watch;

/// Told once, heard by everyone who holds a copy. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Stopping(watch::Sender<bool>);

impl Default for Stopping {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stopping {
    /// Tells it.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Completes when it was told, also if that was long ago.
    pub async fn begun(&self) {
        let mut heard = self.0.subscribe();
        // The sender lives as long as this does.
        let _ = heard.wait_for(|begun| *begun).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn early_and_late_listeners_hear_it() {
        let stopping = Stopping::default();
        let early = tokio::spawn({
            let stopping = stopping.clone();
            async move { stopping.begun().await }
        });
        stopping.begin();
        early.await.unwrap();
        stopping.clone().begun().await;
    }
}
