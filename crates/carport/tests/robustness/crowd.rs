//! More connections than the server takes.

use std::time::{Duration, Instant};

use crate::rig::Rig;

#[tokio::test]
async fn one_connection_too_many_is_told_so_at_once() {
    let rig = Rig::start_with(&[("CARPORT_LIMITS_CONNECTIONS", "20")]).await;
    let mut inside = Vec::new();
    // The connections of `Rig::start` may still be lingering.
    let begun = Instant::now();
    while inside.len() < 20 {
        let mut client = rig.client().await;
        let answer = client.ask(rig.get("/healthz").as_bytes()).await;
        if answer.is_ok_and(|answer| answer.status == 200) {
            inside.push(client);
        }
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
    for _ in 0..100 {
        let begun = Instant::now();
        let mut client = rig.client().await;
        let answer = client.ask(rig.odometer().as_bytes()).await.unwrap();
        assert_eq!(answer.status, 503, "{answer:?}");
        assert_eq!(answer.header("retry-after"), Some("1"));
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(answer.header("sc-request-id").map(str::len), Some(36));
        assert!(client.is_closed().await);
        assert!(begun.elapsed() < Duration::from_millis(500));
    }
    // Those inside are served, and a place is free again when one leaves.
    let mut last = inside.pop().unwrap();
    assert_eq!(
        last.ask(rig.odometer().as_bytes()).await.unwrap().status,
        200
    );
    drop(last);
    let begun = Instant::now();
    loop {
        let mut client = rig.client().await;
        if client.ask(rig.odometer().as_bytes()).await.unwrap().status == 200 {
            break;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "no place is free again"
        );
    }
    let mut client = inside.pop().unwrap();
    let metrics = client.ask(rig.get("/metrics").as_bytes()).await.unwrap();
    assert!(
        metrics
            .body
            .contains("carport_refused_total{reason=\"connections\"}")
    );
    rig.finish().await;
}
