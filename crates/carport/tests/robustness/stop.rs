//! SIGTERM while clients are at work.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use crate::client::Client;
use crate::rig::Rig;

/// Clients that refresh, each with tokens of its own.
const CLIENTS: usize = 24;

/// What one client saw until its connection ended.
#[derive(Debug, Default)]
struct Ledger {
    /// Refresh tokens of answers that arrived, the last one unused.
    acknowledged: Vec<String>,
    /// The last answer said that it was the last.
    told: bool,
    /// A request was sent and the connection ended without an answer.
    unanswered: Option<ErrorKind>,
}

/// Refreshes without a pause until the server ends the connection.
async fn refresh_on(mut client: Client, rig: Arc<Rig>, first: String) -> Ledger {
    let mut ledger = Ledger {
        acknowledged: vec![first],
        ..Ledger::default()
    };
    loop {
        let request = rig.refreshing(ledger.acknowledged.last().unwrap());
        match client.ask(request.as_bytes()).await {
            Ok(answer) => {
                assert_eq!(answer.status, 200, "{answer:?}");
                let token = answer.member("refresh_token").unwrap();
                ledger.acknowledged.push(token.to_owned());
                if answer.header("connection") == Some("close") {
                    ledger.told = true;
                    assert!(client.is_closed().await);
                    return ledger;
                }
            }
            Err(error) => {
                ledger.unanswered = Some(error.kind());
                return ledger;
            }
        }
    }
}

/// Opens a connection for each request, until none is accepted any more; returns how many were
/// answered, and when one was accepted and reset.
async fn connect_anew(rig: Arc<Rig>) -> (usize, Option<Instant>) {
    let request = rig.odometer();
    for answered in 0.. {
        let Ok(mut client) = Client::open(rig.address).await else {
            return (answered, None);
        };
        match client.ask(request.as_bytes()).await {
            Ok(answer) => assert_eq!(answer.status, 200),
            Err(_) => return (answered, Some(Instant::now())),
        }
    }
    unreachable!("the server is asked to stop")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_loses_and_resets_nothing() {
    let mut rig = Arc::new(Rig::start().await);
    let mut starts = Vec::new();
    for _ in 0..CLIENTS {
        let mut client = rig.client().await;
        let answer = client.ask(rig.refreshing(&rig.refresh).as_bytes()).await;
        starts.push((
            client,
            answer.unwrap().member("refresh_token").unwrap().to_owned(),
        ));
    }
    let mut idle = rig.client().await;
    idle.ask(rig.odometer().as_bytes()).await.unwrap();
    let mut late = rig.client().await;
    late.ask(rig.odometer().as_bytes()).await.unwrap();
    let refreshing: Vec<_> = starts
        .into_iter()
        .map(|(client, first)| tokio::spawn(refresh_on(client, rig.clone(), first)))
        .collect();
    let newcomer = tokio::spawn(connect_anew(rig.clone()));
    sleep(Duration::from_millis(1500)).await;
    rig.terminate();
    let asked = Instant::now();
    // Kept all the time, and used just after the server was asked to stop.
    sleep(Duration::from_millis(300)).await;
    let last = late.ask(rig.odometer().as_bytes()).await.unwrap();
    assert_eq!(last.status, 200);
    assert_eq!(last.header("connection"), Some("close"));
    let mut ledgers = Vec::new();
    for client in refreshing {
        ledgers.push(client.await.unwrap());
    }
    assert!(idle.is_closed().await, "an idle connection was reset");
    let (answered, reset) = newcomer.await.unwrap();
    let mut running = Arc::into_inner(rig).unwrap();
    assert_eq!(running.ended().await.code(), Some(0));
    println!("stopped after {:.1?}", asked.elapsed());
    assert!(asked.elapsed() < Duration::from_secs(8), "nobody dawdled");
    let refreshes: usize = ledgers
        .iter()
        .map(|ledger| ledger.acknowledged.len() - 1)
        .sum();
    println!("{refreshes} refreshes acknowledged, {answered} reads on new connections");
    assert!(answered > 0);
    // The kernel may greet one more in the instant in which the listener closes.
    let reset = reset.map(|reset| reset.saturating_duration_since(asked));
    assert!(
        reset.is_none_or(|at| at < Duration::from_millis(50)),
        "reset after {reset:?}"
    );
    for ledger in &ledgers {
        assert!(ledger.told, "cut off by {:?}", ledger.unanswered);
        assert!(ledger.acknowledged.len() > 1, "a client got nothing done");
    }
    running.restart();
    rig = Arc::new(running);
    let mut client = rig.client().await;
    // A used token works for the grace, the last one because it is unused.
    for token in ledgers.iter().flat_map(|ledger| &ledger.acknowledged) {
        let answer = client.ask(rig.refreshing(token).as_bytes()).await.unwrap();
        assert_eq!(
            answer.status, 200,
            "an acknowledged token is lost: {answer:?}"
        );
    }
    Arc::into_inner(rig).unwrap().finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dawdler_holds_up_a_stop_for_ten_seconds_at_most() {
    let mut rig = Rig::start().await;
    let mut dawdler = rig.client().await;
    let head = "POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nclient";
    dawdler.send(head.as_bytes()).await.unwrap();
    // In time: its body ends while the server is stopping.
    let mut in_time = rig.client().await;
    let request = rig.refreshing(&rig.refresh);
    let (first, rest) = request.split_at(request.len() - 10);
    in_time.send(first.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(200)).await;
    rig.terminate();
    let asked = Instant::now();
    let answered = tokio::spawn(async move {
        let ended = timeout(Duration::from_secs(9), dawdler.answer()).await;
        assert!(ended.is_err(), "cut off before ten seconds");
    });
    sleep(Duration::from_secs(5)).await;
    let answer = in_time.ask(rest.as_bytes()).await.unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("connection"), Some("close"));
    answered.await.unwrap();
    let status = rig.ended().await;
    assert_eq!(status.code(), Some(0));
    let took = asked.elapsed();
    assert!((9.0..12.0).contains(&took.as_secs_f64()), "{took:?}");
}
