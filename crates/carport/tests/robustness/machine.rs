//! What the machine itself does to whoever waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::bystander::percentile;

/// How late this machine wakes a thread that sleeps: nothing to speak of unless others are busy.
pub struct Machine {
    done: Arc<AtomicBool>,
    watch: JoinHandle<Vec<Duration>>,
}

impl Machine {
    pub fn watch() -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let until = done.clone();
        let watch = std::thread::spawn(move || {
            let mut late = Vec::new();
            while !until.load(Ordering::Relaxed) {
                let begun = Instant::now();
                std::thread::sleep(Duration::from_millis(1));
                late.push(begun.elapsed().saturating_sub(Duration::from_millis(1)));
            }
            late
        });
        Self { done, watch }
    }

    /// The lateness that 99 of 100 wakings did not have.
    pub fn lateness(self) -> Duration {
        self.done.store(true, Ordering::Relaxed);
        percentile(&mut self.watch.join().unwrap(), 99)
    }
}
