//! A well-behaved client beside the others: what does it notice of them?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::machine::Machine;
use crate::rig::Rig;

/// Below this nobody notices a difference, and the machine's own hiccups begin.
const FLOOR: Duration = Duration::from_millis(5);
/// Reads that one client sends a second, roughly.
const PAUSE: Duration = Duration::from_millis(5);
/// Connections of well-behaved clients.
const CLIENTS: usize = 4;

/// Reads the car on a few connections until it is told to stop.
pub struct Bystander {
    done: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<Duration>>>,
    machine: Machine,
}

/// What such a client noticed.
#[derive(Debug, Clone, Copy)]
pub struct Noticed {
    /// The time that 99 of 100 answers did not need.
    p99: Duration,
    /// How late the machine was meanwhile, whoever's fault that was.
    lateness: Duration,
}

impl Bystander {
    pub async fn begin(rig: &Rig) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            let mut client = rig.client().await;
            let (request, done) = (rig.odometer(), done.clone());
            clients.push(tokio::spawn(async move {
                let mut times = Vec::new();
                while !done.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    let answer = client.ask(request.as_bytes()).await;
                    let answer = answer.expect("a well-behaved client is answered");
                    assert_eq!(answer.status, 200, "{answer:?}");
                    times.push(begun.elapsed());
                    sleep(PAUSE).await;
                }
                times
            }));
        }
        let machine = Machine::watch();
        Self {
            done,
            clients,
            machine,
        }
    }

    /// Ends it.
    pub async fn end(self) -> Noticed {
        self.done.store(true, Ordering::Relaxed);
        let mut times = Vec::new();
        for client in self.clients {
            times.extend(client.await.expect("a well-behaved client is served"));
        }
        assert!(times.len() >= 500, "{} answers are too few", times.len());
        Noticed {
            p99: percentile(&mut times, 99),
            lateness: self.machine.lateness(),
        }
    }
}

/// What is noticed while nobody misbehaves.
pub async fn calm(rig: &Rig) -> Noticed {
    let bystander = Bystander::begin(rig).await;
    sleep(Duration::from_secs(3)).await;
    bystander.end().await
}

/// Other clients must not need three times as long as in calm, measured before and after, and what
/// the machine was late: somebody else may be using it.
pub fn compare(what: &str, calm: [Noticed; 2], during: Noticed) {
    println!("{what}: {during:.1?}, in calm {calm:.1?}");
    let calm = calm.map(|noticed| noticed.p99);
    let limit = calm[0].max(calm[1]).max(FLOOR) * 3 + 5 * during.lateness;
    assert!(
        during.p99 < limit,
        "{what}: p99 {:?} is over {limit:?}",
        during.p99
    );
}

/// The `percent`th percentile.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}
