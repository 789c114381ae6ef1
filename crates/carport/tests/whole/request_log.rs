//! What a server leaves in `log.db`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use carport_store::RequestLog;
use carport_store::request_log::{Filter, Method, Recorded};
use serde_json::Value;
use tempfile::tempdir;

use crate::support::{Server, complaint, printed, run};

/// Requests for one endpoint.
const MANY: usize = 3000;

#[test]
fn every_answer_is_in_the_log_and_nothing_personal() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["serve", "--data", "data"]);
    let (id, secret) = application(at);
    let email = "maya.log@example.com";
    let scope = "read_vin read_odometer";
    let link = [
        "connect", "--app", &id, "--brand", "KIA", "--user", email, "--scope", scope, "--data",
        "data",
    ];
    let output = run(at, &link);
    assert!(output.status.success(), "{}", complaint(&output));
    let back = printed(&output);
    let code = back.split("code=").nth(1).unwrap().split('&').next();
    let form = format!(
        "client_id={id}&client_secret={secret}&grant_type=authorization_code&code={}",
        code.unwrap()
    );
    let tokens: Value = serde_json::from_str(&post(&server, &form)).unwrap();
    let token = tokens["access_token"].as_str().unwrap();
    let vehicles: Value = serde_json::from_str(&ask(&server, "/v2.0/vehicles", token, 1)).unwrap();
    let vehicle = vehicles["vehicles"][0].as_str().unwrap();
    let path = |endpoint: &str| format!("/v2.0/vehicles/{vehicle}{endpoint}");
    let vin: Value = serde_json::from_str(&ask(&server, &path("/vin"), token, 1)).unwrap();
    let vin = vin["vin"].as_str().unwrap();
    ask(&server, &path("/odometer"), token, MANY);
    ask(&server, &path("/odometer"), "nobodys-token", 1);
    ask(
        &server,
        &format!("/v2.0/{vin}?email={email}&token={token}"),
        token,
        1,
    );
    server.get("/oauth/authorize?client_id=x");
    server.get("/healthz");
    server.get("/dashboard");
    server.get(&format!("/nowhere/{vin}"));
    assert!(server.stop().success());

    let entries = entries(&at.join("data"));
    let of = |route: &str, status: u16| {
        let same = |entry: &&Recorded| entry.route == route && entry.status == status;
        entries.iter().filter(same).collect::<Vec<_>>()
    };
    let odometer = of("/v2.0/vehicles/{id}/odometer", 200);
    assert_eq!(odometer.len(), MANY);
    for entry in &odometer {
        assert_eq!(entry.method, Method::Get);
        assert_eq!(entry.application.unwrap().to_string(), id);
        assert_eq!(entry.vehicle.unwrap().to_string(), vehicle);
        assert_eq!(entry.error_type, None);
        assert!(entry.took_micros < 10_000_000);
        assert!(entry.at.millis() > 1_700_000_000_000);
    }
    let mut ids: Vec<_> = entries.iter().map(|entry| entry.request).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), entries.len());
    let [token_request] = of("/oauth/token", 200)[..] else {
        panic!("one exchange");
    };
    assert_eq!(token_request.method, Method::Post);
    assert_eq!(token_request.application.unwrap().to_string(), id);
    assert_eq!(token_request.vehicle, None);
    let [refused] = of("/v2.0/vehicles/{id}/odometer", 401)[..] else {
        panic!("one stranger");
    };
    assert_eq!(refused.error_type.as_deref(), Some("AUTHENTICATION"));
    assert_eq!((refused.application, refused.vehicle), (None, None));
    let [unknown] = of("/v2.0/{*path}", 404)[..] else {
        panic!("one unknown path");
    };
    assert_eq!(unknown.error_type.as_deref(), Some("RESOURCE_NOT_FOUND"));
    assert_eq!(unknown.error_code.as_deref(), Some("PATH"));
    assert!(!of("/oauth/authorize", 400).is_empty());
    for entry in &entries {
        let doors = ["/v2.0", "/oauth/", "/connect/"];
        assert!(
            doors.iter().any(|door| entry.route.starts_with(door)),
            "{entry:?}"
        );
    }
    for file in ["log.db", "log.db-wal"] {
        let bytes = std::fs::read(at.join("data").join(file)).unwrap_or_default();
        for personal in [vin, token, secret.as_str(), email, code.unwrap()] {
            let personal = personal.as_bytes();
            let found = bytes.windows(personal.len()).any(|part| part == personal);
            assert!(!found, "{file}");
        }
    }
    let bytes = std::fs::read(at.join("data/log.db")).unwrap();
    let route = b"/v2.0/vehicles/{id}/odometer";
    assert!(bytes.windows(route.len()).any(|part| part == route));
}

#[test]
fn zero_days_turn_it_off_and_damage_never_keeps_a_server_from_starting() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("carport.toml"), "[log]\nrequests_days = 0\n").unwrap();
    let server = Server::start(at, &["serve", "--data", "data"]);
    server.get("/v2.0/user");
    assert!(!server.get("/metrics").contains("request_log"));
    assert!(server.stop().success());
    assert!(!at.join("data/log.db").exists());

    std::fs::remove_file(at.join("carport.toml")).unwrap();
    std::fs::write(at.join("data/log.db"), "damaged beyond repair ".repeat(99)).unwrap();
    let server = Server::start(at, &["serve", "--data", "data"]);
    server.get("/v2.0/user");
    assert!(server.stop().success());
    assert_eq!(entries(&at.join("data")).len(), 1);

    // A folder cannot be a file: entries are dropped and counted.
    for part in ["log.db", "log.db-wal", "log.db-shm"] {
        drop(std::fs::remove_file(at.join("data").join(part)));
    }
    std::fs::create_dir(at.join("data/log.db")).unwrap();
    let server = Server::start(at, &["serve", "--data", "data"]);
    assert!(server.get("/v2.0/user").starts_with("HTTP/1.1 401"));
    let dropped = "carport_request_log_dropped_total 1";
    let seen = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        server.get("/metrics").contains(dropped)
    });
    assert!(seen, "{}", server.get("/metrics"));
    assert!(server.stop().success());
}

/// Id and secret of a new application.
fn application(at: &Path) -> (String, String) {
    let uri = "https://log.test/x";
    let create = [
        "app",
        "create",
        "--name",
        "Log",
        "--redirect-uri",
        uri,
        "--data",
        "data",
    ];
    let made = run(at, &[&create[..], &["--json"]].concat());
    let made: Value = serde_json::from_str(&printed(&made)).unwrap();
    let member = |name: &str| made[name].as_str().unwrap().to_owned();
    (member("clientId"), member("clientSecret"))
}

fn entries(data: &Path) -> Vec<Recorded> {
    let log = RequestLog::spawn(&data.join("log.db"), 1 << 30).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let read = log.recent(Filter::default(), 100_000);
    runtime.unwrap().block_on(read).unwrap()
}

fn post(server: &Server, form: &str) -> String {
    let length = form.len();
    let kind = "application/x-www-form-urlencoded";
    let answer = server.talk(
        format!(
            "POST /oauth/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: {kind}\r\ncontent-length: {length}\r\n\r\n{form}"
        )
        .as_bytes(),
    );
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// Asks `times` over one connection; the body of the last answer.
fn ask(server: &Server, path: &str, token: &str, times: usize) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let mut body = Vec::new();
    for _ in 0..times {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut length = 0;
        loop {
            let mut line = String::new();
            answers.read_line(&mut line).unwrap();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        body = vec![0; length];
        answers.read_exact(&mut body).unwrap();
    }
    String::from_utf8(body).unwrap()
}

/// An id that tells the time is found in the log at once; a seed repeats ids, whatever the time.
#[test]
fn ids_of_requests_tell_the_time_where_no_seed_makes_them() {
    for (command, version) in [("serve", '7'), ("dev", '4')] {
        let folder = tempdir().unwrap();
        let data: &[&str] = match command {
            "dev" => &["--no-tutorial"],
            _ => &["--data", "data"],
        };
        let server = Server::start(folder.path(), &[&[command], data].concat());
        let answer = server.get("/nowhere");
        let (_, id) = answer.split_once("sc-request-id: ").unwrap();
        assert_eq!(
            id.chars().nth(14),
            Some(version),
            "{command}: {}",
            &id[..36]
        );
    }
}
