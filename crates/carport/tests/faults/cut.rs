//! PostgreSQL is cut off for a while, and comes back.

use std::time::{Duration, Instant};

use crate::chance::{Chance, number};
use crate::client::{Client, Lost};
use crate::load::Crew;
use crate::proxy::{Network, Proxy};
use crate::site::{Database, Site};

/// How long a cut lasts: longer than the change log looks back.
fn length() -> Duration {
    Duration::from_secs(number("CARPORT_FAULT_CUT_SECONDS").unwrap_or(12))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_break() {
    is_cut_off("broken connections", Network::Refused).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packets_are_swallowed() {
    is_cut_off("swallowed packets", Network::Swallowed).await;
}

async fn is_cut_off(test: &str, fault: Network) {
    let Some(database) = Database::make(test) else {
        return;
    };
    let (direct, proxy) = (database.url(), Proxy::to(database.address()).await);
    let site = Site::behind(database, Some(proxy.port));
    let one = site.start();
    let two = site.folder().join("two");
    let two = site.launch(site.serve_from(&two).env("CARPORT_DATABASE", direct));
    let (near, far) = (site.client(&one), site.client(&two));
    let mut crew = Crew::new(&Chance::of(test));
    crew.work_for(&near, Duration::from_millis(300)).await;
    let (kept, ended) = (Crew::bystander(&near).await, Crew::bystander(&near).await);
    for token in [&kept, &ended] {
        assert!(near.works(token).await.unwrap());
    }

    let shift = crew.work(&near);
    proxy.set(fault);
    let cut = Instant::now();
    far.revoke(&ended).await.unwrap();
    let revoked = Instant::now();
    let reads = watch(&near, &kept, &ended, cut, revoked);
    let writes = async {
        // The first may have been on its way.
        drop(near.get(&near.link(), "").await);
        while cut.elapsed() < length() {
            assert!(!near.writes().await, "a write without its database");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::join!(reads, writes);
    proxy.set(Network::Whole);

    near.recovers_within(Duration::from_secs(30)).await;
    crew.back(shift).await;
    assert!(crew.count().1 > 0, "no client met the cut");
    let back = Instant::now();
    while back.elapsed() < Duration::from_secs(2) {
        assert_ne!(
            near.works(&ended).await,
            Ok(true),
            "a revocation was missed"
        );
        assert_ne!(near.works(&kept).await, Ok(false));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    crew.work_for(&near, Duration::from_millis(300)).await;
    crew.check(&near, true).await;
    crew.check(&far, true).await;
}

/// Reads during the cut: true answers, at most one second old, or none.
async fn watch(near: &Client, kept: &str, ended: &str, cut: Instant, revoked: Instant) {
    while cut.elapsed() < length() {
        let asked = Instant::now();
        let answer = near.works(ended).await;
        if asked.duration_since(revoked) > Duration::from_secs(1) {
            let late = revoked.elapsed();
            assert_ne!(answer, Ok(true), "a wrong answer, {late:?} late");
        }
        let answer = near.works(kept).await;
        assert!(
            matches!(answer, Ok(true) | Err(Lost::Unavailable)),
            "{answer:?}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
