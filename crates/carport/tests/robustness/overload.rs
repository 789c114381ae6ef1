//! Ten times as much as the server can do.
//!
//! Half of the clients refresh tokens, durably, and half read a car. As few as keep the server busy
//! take turns with ten times as many, who ask again as soon as they are answered or refused, and
//! with as many whose requests come at ten times the rate just measured, as far as this machine can
//! send them. Turns are short, because the machine may be busy with something else in between.
//! Some ten seconds in all; each overload lasts `CARPORT_OVERLOAD_SECONDS` when that is set.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep_until;

use crate::bystander::percentile;
use crate::client::{Answer, Client};
use crate::machine::Machine;
use crate::rig::Rig;

/// Clients that keep the server busy: more do not get more done.
const SATURATING: usize = 8;
/// Times the capacity.
const TIMES: usize = 10;
/// Places for changes and for reads. Fewer than by default, so that these clients find them taken.
const PLACES: &str = "24";
/// One turn of one kind of load.
const TURN: Duration = Duration::from_secs(1);
/// Refusals must be out by then; one in a hundred may also wait for the machine itself.
const PROMPT: Duration = Duration::from_millis(50);

/// What clients were told.
#[derive(Debug, Default)]
struct Told {
    refreshed: usize,
    read: usize,
    refused: Vec<Duration>,
    /// The 99th percentile of each turn.
    slowest: Vec<Duration>,
}

impl Told {
    fn note(&mut self, work: &Work, answer: &Answer, took: Duration) {
        match (answer.status, work) {
            (200, Work::Refresh(_)) => self.refreshed += 1,
            (200, Work::Read) => self.read += 1,
            (429 | 503, _) => {
                assert!(answer.header("retry-after").is_some(), "{answer:?}");
                assert!(answer.header("sc-request-id").is_some(), "{answer:?}");
                self.refused.push(took);
            }
            _ => panic!("{answer:?}"),
        }
    }
}

/// What a client does: refreshes a token of its own, or reads.
enum Work {
    Refresh(String),
    Read,
}

/// One client with its connection.
struct Worker {
    rig: Arc<Rig>,
    client: Client,
    work: Work,
}

impl Worker {
    /// Sends one request; an answer always comes.
    async fn once(&mut self) -> Answer {
        let request = match &self.work {
            Work::Refresh(token) => self.rig.refreshing(token),
            Work::Read => self.rig.odometer(),
        };
        let answer = self.client.ask(request.as_bytes()).await;
        let answer = answer.expect("no connection ends without an answer");
        if let (200, Work::Refresh(token)) = (answer.status, &mut self.work) {
            answer.member("refresh_token").unwrap().clone_into(token);
        }
        answer
    }
}

/// Clients of which every other one refreshes.
async fn workers(rig: &Arc<Rig>, count: usize) -> Vec<Worker> {
    let mut workers = Vec::new();
    for number in 0..count {
        let mut client = rig.client().await;
        let work = if number % 2 == 0 {
            let answer = client.ask(rig.refreshing(&rig.refresh).as_bytes()).await;
            let answer = answer.unwrap();
            Work::Refresh(answer.member("refresh_token").unwrap().to_owned())
        } else {
            Work::Read
        };
        let rig = rig.clone();
        workers.push(Worker { rig, client, work });
    }
    workers
}

/// Lets clients ask for a turn, each as fast as it is answered, or all together `rate` times a
/// second. Whoever is late does not wait.
async fn turn(workers: &mut Vec<Worker>, rate: Option<f64>, all: &mut Told) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "there are some hundreds of clients"
    )]
    let pause = rate.map(|rate| Duration::from_secs_f64(workers.len() as f64 / rate));
    let end = Instant::now() + TURN;
    let running = workers.drain(..).map(|mut worker| {
        tokio::spawn(async move {
            let mut told = Told::default();
            let mut due = Instant::now();
            while Instant::now() < end {
                let begun = Instant::now();
                let answer = worker.once().await;
                told.note(&worker.work, &answer, begun.elapsed());
                if let Some(pause) = pause {
                    due += pause;
                    sleep_until(due.into()).await;
                }
            }
            (worker, told)
        })
    });
    let running: Vec<_> = running.collect();
    let so_far = all.refused.len();
    for client in running {
        let (worker, told) = client.await.unwrap();
        workers.push(worker);
        all.read += told.read;
        all.refreshed += told.refreshed;
        all.refused.extend(told.refused);
    }
    if all.refused.len() > so_far {
        let slowest = percentile(&mut all.refused[so_far..], 99);
        all.slowest.push(slowest);
    }
}

/// How much was served, by kind, of what is served without overload; a refresh costs many times a
/// read, so requests cannot just be added up.
#[expect(clippy::cast_precision_loss, reason = "counts of a minute are small")]
fn goodput(told: &Told, calm: &Told) -> f64 {
    let refreshes = told.refreshed as f64 / calm.refreshed as f64;
    let reads = told.read as f64 / calm.read as f64;
    println!("  refreshes {refreshes:.2}, reads {reads:.2} of those without overload");
    f64::midpoint(refreshes, reads)
}

fn judge(what: &str, told: &mut Told, calm: &Told, lateness: Duration) {
    println!("{what}:");
    let goodput = goodput(told, calm);
    let median = percentile(&mut told.refused, 50);
    // Turns in which the machine did something else say nothing about the server: it must be
    // prompt in one of four.
    let p99 = percentile(&mut told.slowest, 20);
    let count = told.refused.len();
    println!(
        "  goodput {goodput:.2}; {count} refusals, median {median:.1?}, p99 {:.1?}",
        told.slowest
    );
    assert!(goodput >= 0.8, "{what}: goodput fell to {goodput:.2}");
    assert!(
        count >= 250,
        "{what}: {count} refusals are too few to judge"
    );
    assert!(median < PROMPT, "{what}: a refusal takes {median:?}");
    let limit = PROMPT + 5 * lateness;
    assert!(
        p99 < limit,
        "{what}: a refusal takes {p99:?}, not {limit:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_times_the_capacity() {
    let turns = std::env::var("CARPORT_OVERLOAD_SECONDS");
    let turns = turns.map_or(4, |seconds| seconds.parse().expect("a number of seconds"));
    let rig = Rig::start_with(&[("CARPORT_LIMITS_REQUESTS", PLACES)]).await;
    let rig = Arc::new(rig);
    let mut few = workers(&rig, SATURATING).await;
    let mut many = workers(&rig, SATURATING * TIMES).await;
    // The first turn fills caches.
    turn(&mut few, None, &mut Told::default()).await;
    let (before, kept) = (rig.held(), rig.kept());
    let machine = Machine::watch();
    let mut under = before;
    let (mut calm, mut closed, mut open) = (Told::default(), Told::default(), Told::default());
    for _ in 0..turns {
        let so_far = calm.read + calm.refreshed;
        turn(&mut few, None, &mut calm).await;
        #[expect(clippy::cast_precision_loss, reason = "counts of a second are small")]
        let capacity = (calm.read + calm.refreshed - so_far) as f64 / TURN.as_secs_f64();
        println!("capacity {capacity:.0}/s");
        turn(&mut many, None, &mut closed).await;
        turn(&mut many, Some(capacity * 10.0), &mut open).await;
        under.memory = under.memory.max(rig.held().memory);
    }
    assert!(
        calm.refused.is_empty(),
        "{} refused at capacity",
        calm.refused.len()
    );
    println!("{before:?}, under overload {under:?}");
    let lateness = machine.lateness();
    println!("the machine wakes threads {lateness:.1?} late");
    judge("ten times the clients", &mut closed, &calm, lateness);
    judge("ten times the rate", &mut open, &calm, lateness);
    // Tokens that were issued are on the disk, mapped from there, and remembered by two caches.
    // Requests that wait, or were refused, must leave nothing.
    let kept = rig.kept() - kept;
    println!("the database grew by {kept} KiB");
    assert!(
        under.memory < before.memory + 32 * 1024 + 3 * kept,
        "{before:?} {under:?}"
    );
    drop((few, many));
    println!("after it {:?}", rig.held());
    Arc::into_inner(rig).unwrap().finish().await;
}
