//! The request journal of a running `dev` server.

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::fleet::{Fleet, send, told};
use crate::support::Server;

fn asked(server: &Server, path: &str) -> Value {
    let answer = send(
        server,
        &format!("GET /simulator/v1/requests{path}"),
        &[],
        "",
    );
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()
}

fn count(server: &Server, query: &str) -> u64 {
    asked(server, &format!("/count?{query}"))["count"]
        .as_u64()
        .unwrap()
}

#[test]
fn a_test_asks_what_its_program_sent() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["dev", "--no-tutorial", "--data", "data"]);
    let fleet = Fleet::on(&server, at);
    let vehicle = fleet.car.rsplit('/').next().unwrap().to_owned();

    let exchanged = asked(&server, "/last?route=/oauth/token");
    assert_eq!(
        (&exchanged["status"], &exchanged["application"]),
        (&json!(200), &json!(fleet.id))
    );
    let sent = exchanged["bodies"]["request"].as_str().unwrap();
    assert_eq!(
        sent,
        format!(
            "client_id={}&client_secret=****&grant_type=authorization_code&code=****",
            fleet.id
        )
    );
    let answered = exchanged["bodies"]["response"].as_str().unwrap();
    let answered: Value = serde_json::from_str(answered).unwrap();
    assert_eq!(
        answered,
        json!({ "access_token": "****", "token_type": "Bearer", "expires_in": 7200, "refresh_token": "****" })
    );

    let body = json!({ "action": "START" }).to_string();
    fleet.ask(
        &server,
        &format!("POST {}/charge?flags=a:b", fleet.car),
        &body,
    );
    let command = asked(&server, "/last?method=POST&route=/charge");
    assert_eq!(command["vehicle"], vehicle);
    assert_eq!(command["path"], format!("{}/charge", fleet.car));
    assert_eq!(command["query"], "flags=a:b");
    assert_eq!(command["route"], "/v2.0/vehicles/{id}/charge");
    assert_eq!(command["bodies"]["request"], body);
    assert!(command["durationMs"].as_f64().unwrap() > 0.0);

    fleet.get(&server, &format!("{}/nowhere", fleet.car));
    assert_eq!(count(&server, "status=404"), 1);
    // Pages, health and this API itself are not journaled.
    let before = count(&server, "");
    server.get("/healthz");
    server.get("/dashboard");
    assert_eq!(count(&server, ""), before);

    let id = told(
        at,
        &["fault", "add", "--drop", "--times", "1", "--data", "data"],
    );
    server.get("/v2.0/user");
    let dropped = asked(&server, "/last");
    assert_eq!(
        (&dropped["isDropped"], &dropped["faults"]),
        (&json!(true), &json!([id]))
    );
    assert_eq!(dropped["application"], Value::Null);

    let all = asked(&server, "?limit=100").to_string();
    for secret in [&fleet.secret, &fleet.token] {
        assert!(!all.contains(secret.as_str()));
    }
    send(&server, "DELETE /simulator/v1/requests", &[], "");
    assert_eq!(count(&server, ""), 0);
}

#[test]
fn it_can_be_shorter_or_off() {
    for kept in ["2", "0"] {
        let folder = tempdir().unwrap();
        let at = folder.path();
        let setting = format!("[simulator]\njournal_requests = {kept}\n");
        std::fs::write(at.join("carport.toml"), setting).unwrap();
        let server = Server::start(at, &["dev", "--no-tutorial", "--data", "data"]);
        for _ in 0..5 {
            server.get("/v2.0/user");
        }
        let answer = send(&server, "GET /simulator/v1/requests/count", &[], "");
        if kept == "0" {
            assert_eq!(answer.status, 403);
        } else {
            assert_eq!(answer.json()["count"], 2);
        }
    }
}
