//! The same seed gives the same day: all signals of twenty cars, on two runs and on both databases.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::tempdir;

use crate::fleet::send;
use crate::support::Server;

/// Seeds of servers that no other test has; each has four cars.
const SEEDS: std::ops::Range<u64> = 7_101..7_106;
/// How long cars are watched, and how often, in hours.
const HOURS: usize = 24;

fn control(server: &Server, path: &str, body: &Value) {
    let line = format!("POST /simulator/v1/{path}");
    let kind = "content-type: application/json";
    let answer = send(server, &line, &[kind], &body.to_string());
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
}

/// Digest of what the cars of a server of this seed say, hour by hour.
fn day(seed: u64, database: &[&str]) -> String {
    let folder = tempdir().unwrap();
    let number = seed.to_string();
    let start = ["dev", "--no-tutorial", "--data", "data", "--seed", &number];
    let server = Server::start(folder.path(), &[&start, database].concat());
    let cars = server.ready["simulations"].as_array().unwrap();
    assert_eq!(cars.len(), 4);
    let ids: Vec<&str> = cars.iter().map(|car| car["id"].as_str().unwrap()).collect();
    control(&server, "clock/freeze", &json!({}));
    control(
        &server,
        "clock/set",
        &json!({"to": "2040-01-01T00:00:00.000Z"}),
    );
    for id in &ids {
        control(&server, &format!("simulations/{id}/restart"), &json!({}));
    }
    let mut digest = Sha256::new();
    for _ in 0..HOURS {
        for id in &ids {
            let line = format!("GET /simulator/v1/simulations/{id}/signals");
            let said = send(&server, &line, &[], "");
            assert_eq!(said.status, 200, "{}", said.body);
            assert!(said.json()["signals"].as_object().unwrap().len() > 40);
            digest.update(&said.body);
        }
        control(&server, "clock/advance", &json!({"by": "1h"}));
    }
    format!("{:x?}", digest.finalize())
}

fn days(database: &[&str]) -> Vec<String> {
    SEEDS.map(|seed| day(seed, database)).collect()
}

#[test]
fn the_same_seed_gives_the_same_day_everywhere() {
    let once = days(&[]);
    assert_eq!(once, days(&[]));
    let different: std::collections::HashSet<_> = once.iter().collect();
    assert_eq!(
        different.len(),
        once.len(),
        "each seed has a day of its own"
    );
    match std::env::var("CARPORT_TEST_POSTGRES") {
        Ok(url) => assert_eq!(once, days(&["--database", &url])),
        Err(_) => eprintln!("PostgreSQL skipped: CARPORT_TEST_POSTGRES names no database"),
    }
}
