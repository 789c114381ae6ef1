//! `kill -9` at a random moment of the mixed load.

use std::time::Duration;

use crate::chance::{Chance, rounds};
use crate::load::Crew;
use crate::site::Site;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_on_sqlite() {
    survives_kills(&Site::sqlite(), &Chance::of("kill on SQLite")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_on_postgres() {
    if let Some(site) = Site::postgres("kill on PostgreSQL") {
        survives_kills(&site, &Chance::of("kill on PostgreSQL")).await;
    }
}

async fn survives_kills(site: &Site, chance: &Chance) {
    let mut crew = Crew::new(chance);
    let mut server = site.start();
    for _ in 0..rounds() {
        let shift = crew.work(&site.client(&server));
        let moment = Duration::from_millis(50 + chance.below(350) as u64);
        tokio::time::sleep(moment).await;
        server.kill();
        crew.back(shift).await;
        // As the kill left it, before a start repairs anything.
        site.is_sound();
        server = site.start();
        crew.check(&site.client(&server), false).await;
    }
    crew.check(&site.client(&server), true).await;
    let (acknowledged, unavailable) = crew.count();
    assert_eq!(unavailable, 0, "nothing was wrong while the server ran");
    assert!(
        acknowledged > 10 * rounds(),
        "{acknowledged} answers are no load"
    );
    server.kill();
    site.is_sound();
}
