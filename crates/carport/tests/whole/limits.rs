//! Limits, plans and suspension on a running server.

use std::fs;
use std::time::Instant;

use carport_model::{Clock as _, SystemClock};
use serde_json::Value;
use tempfile::tempdir;

use crate::fleet::{Fleet, told};
use crate::support::{Server, complaint, run};

/// Status and code of an answer about the car.
fn car(fleet: &Fleet, server: &Server) -> (u16, Value) {
    let answer = fleet.get(server, &fleet.car);
    (answer.status, answer.json()["code"].clone())
}

#[test]
fn test_mode_is_unlimited_by_default_and_when_only_live_is_limited() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    for config in ["", "[limits]\napplication = true\nvehicle_requests = 3\n"] {
        fs::write(at.join("carport.toml"), config).unwrap();
        let server = Server::start(at, &["serve", "--data", "data"]);
        let fleet = Fleet::on(&server, at);
        for _ in 0..130 {
            assert_eq!(car(&fleet, &server), (200, Value::Null));
        }
        assert!(server.stop().success());
    }
}

#[test]
fn the_documented_bucket_is_one_switch() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    fs::write(
        at.join("carport.toml"),
        "[limits]\napplication = true\nmodes = [\"test\"]\n",
    )
    .unwrap();
    let server = Server::start(at, &["serve", "--data", "data"]);
    let fleet = Fleet::on(&server, at);
    let start = Instant::now();
    let mut served = 1; // The list of vehicles.
    let refused = loop {
        let answer = car(&fleet, &server);
        if answer.0 != 200 {
            break answer;
        }
        served += 1;
        // Two a minute come in while the test asks.
        assert!(served <= 121 + start.elapsed().as_secs() / 30, "{served}");
    };
    assert_eq!(refused, (429, "SMARTCAR_API".into()));
    assert!(served >= 120, "{served}");
}

#[test]
fn a_month_s_calls_outlive_the_server() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let config = "[limits]\nmodes = \"test\"\n[plan]\nvehicle_requests = 6\n";
    fs::write(at.join("carport.toml"), config).unwrap();
    let month = SystemClock.now().month();
    let server = Server::start(at, &["serve", "--data", "data"]);
    let fleet = Fleet::on(&server, at);
    for _ in 0..4 {
        assert_eq!(car(&fleet, &server).0, 200);
    }
    assert!(server.stop().success());
    let server = Server::start(at, &["serve", "--data", "data"]);
    for _ in 0..2 {
        assert_eq!(car(&fleet, &server).0, 200);
    }
    if SystemClock.now().month() == month {
        assert_eq!(car(&fleet, &server), (430, "VEHICLE_REQUEST_LIMIT".into()));
    }
    assert!(server.stop().success());
    let server = Server::start(at, &["serve", "--data", "data"]);
    let answer = car(&fleet, &server);
    // At the turn of a month it may begin anew.
    if SystemClock.now().month() == month {
        assert_eq!(answer, (430, "VEHICLE_REQUEST_LIMIT".into()));
    }
}

#[test]
fn an_application_is_suspended_and_resumed_while_the_server_runs() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["serve", "--data", "data"]);
    let fleet = Fleet::on(&server, at);
    let id = fleet.id.as_str();
    let app = |command: &str| told(at, &["app", command, id, "--data", "data"]);
    assert_eq!(car(&fleet, &server).0, 200);
    assert!(app("suspend").starts_with("Suspended."));
    assert!(app("suspend").contains("already"));
    assert_eq!(car(&fleet, &server), (430, "ACCOUNT_SUSPENDED".into()));
    assert!(
        app("show").contains("Suspended      since 2"),
        "{}",
        app("show")
    );
    assert!(told(at, &["app", "list", "--data", "data"]).contains("(suspended)"));
    assert!(server.stop().success());
    // It stays so over a restart, and can be ended without a server.
    let server = Server::start(at, &["serve", "--data", "data"]);
    assert_eq!(car(&fleet, &server), (430, "ACCOUNT_SUSPENDED".into()));
    assert!(server.stop().success());
    assert!(app("resume").starts_with("Resumed."));
    assert!(app("resume").contains("not suspended"));
    assert!(!app("show").contains("Suspended"));
    let server = Server::start(at, &["serve", "--data", "data"]);
    assert_eq!(car(&fleet, &server).0, 200);
    let unknown = run(at, &["app", "suspend", "x", "--data", "data"]);
    assert!(complaint(&unknown).contains("carport app list"));
}

#[test]
fn mistakes_are_found_before_the_start() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    for (config, expected) in [
        ("[limits]\nmodes = \"tset\"\n", "limits.modes"),
        (
            "[limits]\nvehicle_requests = 0\n",
            "limits.vehicle_requests",
        ),
        ("[plan]\nwithout = [\"batch\", \"bach\"]\n", "plan.without"),
        ("[plan]\nvehicles = \"many\"\n", "plan.vehicles"),
        ("[plan]\ncolour = 3\n", "plan.colour"),
    ] {
        fs::write(at.join("carport.toml"), config).unwrap();
        for command in [&["config", "check"][..], &["serve", "--data", "data"]] {
            let output = run(at, command);
            assert_eq!(output.status.code(), Some(1), "{config}");
            assert!(
                complaint(&output).contains(expected),
                "{}",
                complaint(&output)
            );
        }
    }
    fs::write(
        at.join("carport.toml"),
        "[plan]\nwithout = [\"batch\"]\nvehicles = 5\n",
    )
    .unwrap();
    assert!(run(at, &["config", "check"]).status.success());
    let shown = told(at, &["config", "show", "--json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["plan.without"]["value"], "batch");
    assert_eq!(shown["plan.vehicles"]["origin"], "file carport.toml");
    assert_eq!(shown["limits.application_bucket"]["value"], "120");
}
