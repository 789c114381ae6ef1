//! Counts wrong client secrets, so that a client that keeps sending them is told to slow down.
//!
//! A right secret always works: whoever guesses must not be able to lock the real client out. The
//! count lives in memory, one per process; secrets have 256 random bits, so it protects the server's
//! time and its log, not the secret.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use carport_model::{ApplicationId, Timestamp};

/// Wrong secrets of one client id within [`WINDOW`] that are answered as such.
const LIMIT: u32 = 30;
/// How long wrong secrets are counted together.
const WINDOW: Duration = Duration::from_mins(1);
/// Client ids that are watched at once; ids that anyone makes up must not fill the memory.
const WATCHED: usize = 10_000;

/// Wrong tries by client id: when the window began, and how many there were.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<ApplicationId, (Timestamp, u32)>>);

impl Attempts {
    /// Notes a wrong secret. `Some` tells how long to wait when there were too many.
    pub(crate) fn wrong(&self, client: ApplicationId, now: Timestamp) -> Option<Duration> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= WATCHED && !tries.contains_key(&client) {
            tries.retain(|_, (began, _)| now < began.plus(WINDOW));
            if tries.len() >= WATCHED {
                tries.clear();
            }
        }
        let (began, count) = tries.entry(client).or_insert((now, 0));
        if now >= began.plus(WINDOW) {
            (*began, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        (*count > LIMIT).then(|| began.plus(WINDOW).since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    #[test]
    fn the_memory_is_bounded_and_a_window_ends() {
        let (attempts, rng) = (Attempts::default(), SeededRng::new(0, 0));
        let now = Timestamp::from_millis(0);
        for _ in 0..WATCHED + 5 {
            assert_eq!(attempts.wrong(ApplicationId::draw(&rng), now), None);
        }
        assert!(attempts.0.lock().unwrap().len() <= WATCHED);
        let client = ApplicationId::draw(&rng);
        let waits: Vec<_> = (0..=LIMIT).map(|_| attempts.wrong(client, now)).collect();
        assert_eq!(waits.iter().flatten().collect::<Vec<_>>(), [&WINDOW]);
        assert_eq!(attempts.wrong(client, now.plus(WINDOW)), None);
    }
}
