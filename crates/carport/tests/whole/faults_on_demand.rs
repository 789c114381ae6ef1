//! Faults on demand on a running server: what they do to the answer, and who may ask for them.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::fleet::{Answer, Fleet, send, told};
use crate::support::{Server, complaint, run};

const JSON: &str = "content-type: application/json";

/// A `dev` server with a car.
struct Site {
    folder: TempDir,
    server: Server,
    fleet: Fleet,
}

impl Site {
    fn new() -> Self {
        let folder = tempdir().unwrap();
        let server = Server::start(folder.path(), &["dev", "--no-tutorial", "--data", "data"]);
        let fleet = Fleet::on(&server, folder.path());
        let site = Self {
            folder,
            server,
            fleet,
        };
        // One car of a dev server goes wrong by itself.
        site.clear();
        site
    }

    fn add(&self, rule: &Value) -> String {
        let answer = send(
            &self.server,
            "POST /simulator/v1/faults",
            &[JSON],
            &rule.to_string(),
        );
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    fn command(&self, arguments: &[&str]) -> String {
        told(
            self.folder.path(),
            &[&["fault"], arguments, &["--data", "data"]].concat(),
        )
    }

    fn read(&self, endpoint: &str) -> Answer {
        self.fleet
            .get(&self.server, &format!("{}{endpoint}", self.fleet.car))
    }

    /// What comes back for the same, to the byte.
    fn raw(&self) -> String {
        let request = format!(
            "GET {}/odometer HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             authorization: Bearer {}\r\n\r\n",
            self.fleet.car, self.fleet.token
        );
        self.server.talk(request.as_bytes())
    }

    fn clear(&self) {
        self.command(&["clear"]);
    }
}

#[test]
fn every_error_by_its_name_with_the_header() {
    let site = Site::new();
    for spec in carport_model::error::ERRORS {
        let mut effect = json!({ "kind": "error", "type": spec.kind.as_str() });
        if let Some(code) = spec.code {
            effect["code"] = code.into();
        }
        let id = site.add(&json!({ "match": { "route": "/odometer" }, "effect": effect }));
        let answer = site.read("/odometer");
        assert_eq!(answer.header("sc-carport-fault"), id);
        let body = answer.json();
        assert_eq!(body["type"], spec.kind.as_str());
        assert_eq!(body["code"], json!(spec.code));
        assert_eq!(body["statusCode"], answer.status);
        assert_eq!(body["requestId"], answer.header("sc-request-id"));
        site.clear();
    }
    assert_eq!(site.read("/odometer").header("sc-carport-fault"), "");
}

#[test]
fn counts_chance_and_windows() {
    let site = Site::new();
    let asleep = json!({ "kind": "error", "type": "VEHICLE_STATE", "code": "ASLEEP" });
    let row = |count: usize| -> String {
        let statuses = (0..count).map(|_| site.read("/odometer").status);
        statuses
            .map(|status| if status == 409 { '|' } else { '.' })
            .collect()
    };
    site.add(&json!({ "effect": asleep, "after": 1, "times": 2 }));
    assert_eq!(row(5), ".||..");
    site.clear();
    site.add(&json!({ "effect": asleep, "probability": 0.5, "seed": 42 }));
    assert_eq!(row(24), ".|||||.||||....||.||||..");
    site.clear();
    site.add(&json!({ "effect": asleep, "from": "1h", "until": "90m" }));
    assert_eq!(row(1), ".");
    let advance = |by: &str| {
        let body = json!({ "by": by }).to_string();
        send(
            &site.server,
            "POST /simulator/v1/clock/advance",
            &[JSON],
            &body,
        )
    };
    advance("1h");
    assert_eq!(row(1), "|");
    advance("30m");
    assert_eq!(row(1), ".");
}

#[test]
fn cut_connections() {
    let site = Site::new();
    site.add(&json!({ "effect": { "kind": "drop" }, "times": 1 }));
    assert_eq!(site.raw(), "");
    assert!(site.raw().starts_with("HTTP/1.1 200"));
}

#[test]
fn late_and_slow_answers() {
    let site = Site::new();
    let id = site
        .add(&json!({ "effect": { "kind": "latency", "by": 0.4 }, "match": { "route": "/vin" } }));
    let began = Instant::now();
    let late = site.read("/vin");
    assert_eq!((late.status, late.header("sc-carport-fault")), (200, &*id));
    // It cannot come earlier, however busy the machine is.
    assert!(began.elapsed() >= Duration::from_millis(400));
    site.clear();
    let whole = site.raw();
    let (_, body) = whole.split_once("\r\n\r\n").unwrap();
    let least = body.len() as u64 / 50;
    let id = site.add(&json!({ "effect": { "kind": "slowBody", "bytesPerSecond": 50 } }));
    let began = Instant::now();
    let slow = site.raw();
    assert!(slow.contains(&format!("sc-carport-fault: {id}")), "{slow}");
    assert!(slow.contains("\"distance\""), "{slow}");
    assert!(began.elapsed() >= Duration::from_secs(least));
}

#[test]
fn the_token_endpoint_refuses() {
    let site = Site::new();
    let id = site.command(&[
        "add",
        "--oauth",
        "temporarily_unavailable",
        "--retry-after",
        "30s",
        "--times",
        "1",
    ]);
    let form = "grant_type=refresh_token&refresh_token=x";
    let refused = site.fleet.grant(&site.server, "/oauth/token", form);
    assert_eq!((refused.status, refused.header("retry-after")), (503, "30"));
    assert_eq!(refused.json()["error"], "temporarily_unavailable");
    assert_eq!(refused.header("sc-carport-fault"), id);
    let again = site.fleet.grant(&site.server, "/oauth/token", form);
    assert_eq!(again.json()["error"], "invalid_request");
}

#[test]
fn commands_add_list_and_remove() {
    let site = Site::new();
    let vehicle = site.fleet.car.rsplit('/').next().unwrap();
    let about = ["--vehicle", vehicle, "--route", "/odometer"];
    let id = site.command(&[&["add", "--error", "VEHICLE_STATE/ASLEEP"], &about[..]].concat());
    assert_eq!(site.read("/odometer").status, 409);
    for effect in [
        &["--rate-limit"][..],
        &["--latency", "1ms..2ms"],
        &["--latency", "normal:2ms,1ms"],
        &["--latency", "exponential:1ms"],
        &["--stale", "2h"],
        &["--slow-body", "100000"],
        &["--drop"],
    ] {
        site.command(&[&["add"], effect, &["--app", &site.fleet.id]].concat());
    }
    let list = site.command(&["list"]);
    assert_eq!(list.lines().count(), 8, "{list}");
    assert!(
        list.lines()
            .next()
            .unwrap()
            .ends_with("struck 1 of 1 calls"),
        "{list}"
    );
    let json: Value = serde_json::from_str(&site.command(&["list", "--json"])).unwrap();
    assert_eq!(json["faults"][0]["match"]["vehicle"], vehicle);
    site.command(&["remove", &id]);
    let at = site.folder.path();
    for (arguments, reason) in [
        (&["remove", &id][..], "there is no rule"),
        (&["add", "--error", "VEHICLE_STATE/TIRED"], "effect.code: "),
        (&["add", "--drop", "--probability", "1.5"], "probability: "),
        (&["add", "--drop", "--times", "-1"], "times: "),
        (&["add", "--drop", "--route", "/nowhere"], "match.route: "),
    ] {
        let output = run(at, &[&["fault"], arguments, &["--data", "data"]].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            complaint(&output).contains(reason),
            "{}",
            complaint(&output)
        );
    }
}

#[test]
fn no_web_page_asks_for_faults() {
    let site = Site::new();
    let rule = json!({ "effect": { "kind": "drop" } }).to_string();
    for header in [
        "origin: https://evil.example",
        "origin: http://localhost:3000",
        "sec-fetch-site: cross-site",
    ] {
        let answer = send(
            &site.server,
            "POST /simulator/v1/faults",
            &[JSON, header],
            &rule,
        );
        assert_eq!(answer.status, 403, "{header}");
    }
    let plain = send(
        &site.server,
        "POST /simulator/v1/faults",
        &["content-type: text/plain"],
        &rule,
    );
    assert_eq!(plain.status, 403);
    assert_eq!(site.command(&["list"]), "");
}

#[test]
fn serve_has_none_until_it_is_told() {
    for is_on in [false, true] {
        let folder = tempdir().unwrap();
        let at = folder.path();
        if is_on {
            std::fs::write(at.join("carport.toml"), "[simulator]\nfaults = true\n").unwrap();
        }
        let server = Server::start(at, &["serve", "--data", "data"]);
        let fleet = Fleet::on(&server, at);
        let token = told(
            at,
            &["app", "rotate-token", &fleet.id, "--data", "data", "--json"],
        );
        let token: Value = serde_json::from_str(&token).unwrap();
        let token = token["managementToken"].as_str().unwrap();
        let basic = STANDARD.encode(format!("default:{token}"));
        let basic = format!("authorization: Basic {basic}");
        let rule = json!({ "effect": { "kind": "error", "type": "SERVER", "code": "INTERNAL" } });
        let line = "POST /simulator/v1/faults";
        let answer = send(&server, line, &[JSON, &basic], &rule.to_string());
        let read = fleet
            .get(&server, &format!("{}/odometer", fleet.car))
            .status;
        if is_on {
            assert_eq!((answer.status, read), (201, 500));
            assert_eq!(answer.json()["match"]["application"], fleet.id);
        } else {
            assert_eq!((answer.status, read), (403, 200));
            let output = run(at, &["fault", "add", "--drop", "--data", "data"]);
            assert!(
                complaint(&output).contains("simulator.faults"),
                "{}",
                complaint(&output)
            );
        }
        assert_eq!(send(&server, line, &[JSON], &rule.to_string()).status, 401);
    }
}

#[test]
fn one_car_of_a_dev_server_goes_wrong_by_itself() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path(), &["dev", "--no-tutorial", "--data", "data"]);
    let cars = server.ready["simulations"].as_array().unwrap();
    let car = cars.iter().find(|car| car["name"] == "Goes wrong");
    let list = send(&server, "GET /simulator/v1/faults", &[], "").json();
    let rules = list["faults"].as_array().unwrap();
    assert_eq!(rules.len(), 1);
    assert_eq!(
        rules[0]["match"],
        json!({ "vehicle": car.unwrap()["vehicleId"] })
    );
    assert_eq!(rules[0]["effect"]["code"], "NO_RESPONSE");
}
