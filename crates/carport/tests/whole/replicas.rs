//! Two servers on one PostgreSQL database. Needs `CARPORT_TEST_POSTGRES`, as `cargo xtask test` sets it.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::tempdir;

use crate::support::{Server, complaint, printed, run};

#[test]
fn what_one_ends_the_other_refuses_within_a_second() {
    let Ok(url) = std::env::var("CARPORT_TEST_POSTGRES") else {
        eprintln!("skipped: CARPORT_TEST_POSTGRES names no database");
        return;
    };
    let folder = tempdir().unwrap();
    let at = folder.path();
    let key = "11".repeat(32);
    let toml = format!("database = {url:?}\nkey = {key:?}\n");
    std::fs::write(at.join("carport.toml"), toml).unwrap();
    let one = Server::start(at, &["serve", "--data", "one"]);
    let two = Server::start(at, &["serve", "--data", "two"]);
    let ask = |arguments: &[&str]| {
        let output = run(at, arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            complaint(&output)
        );
        printed(&output)
    };
    let made = ask(&[
        "app",
        "create",
        "--name",
        "Fleet",
        "--redirect-uri",
        "https://fleet.test/x",
        "--data",
        "one",
        "--json",
    ]);
    let made: Value = serde_json::from_str(&made).unwrap();
    let (id, secret) = (
        made["clientId"].as_str().unwrap(),
        made["clientSecret"].as_str().unwrap(),
    );
    let back = ask(&["connect", "--app", id, "--brand", "KIA", "--data", "one"]);
    let code = back
        .split("code=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let credentials = format!("client_id={id}&client_secret={secret}");
    // The code came from one server and is exchanged on the other.
    let tokens = post(
        &two,
        "/oauth/token",
        &format!("{credentials}&grant_type=authorization_code&code={code}"),
    );
    let tokens: Value = serde_json::from_str(body(&tokens)).unwrap();
    let access = tokens["access_token"].as_str().unwrap();
    assert!(user(&one, access).starts_with("HTTP/1.1 200"));
    assert!(user(&two, access).starts_with("HTTP/1.1 200"));
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let revoked = post(
        &two,
        "/oauth/revoke",
        &format!("{credentials}&token={refresh}"),
    );
    let since = Instant::now();
    assert!(revoked.starts_with("HTTP/1.1 200"), "{revoked}");
    assert!(user(&two, access).starts_with("HTTP/1.1 401"));
    while user(&one, access).starts_with("HTTP/1.1 200") {
        assert!(
            since.elapsed() < Duration::from_secs(1),
            "a revoked token still works"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

fn user(server: &Server, token: &str) -> String {
    server.talk(
        format!(
            "GET /v2.0/user HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
        )
        .as_bytes(),
    )
}

fn post(server: &Server, path: &str, form: &str) -> String {
    server.talk(
        format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        )
        .as_bytes(),
    )
}

fn body(answer: &str) -> &str {
    answer.split("\r\n\r\n").nth(1).unwrap_or_default()
}
