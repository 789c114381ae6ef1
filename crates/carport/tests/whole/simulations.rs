//! Simulated cars through the whole binary: its command line, Connect, the API, a restart.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::fleet::{Answer, send, told};
use crate::support::{Server, complaint, run};

fn dev(at: &Path) -> Server {
    Server::start(at, &["dev", "--no-tutorial", "--data", "data"])
}

/// Runs `carport simulation …` on the data folder; what it told as JSON.
fn simulation(at: &Path, arguments: &[&str]) -> Value {
    let all = [&["simulation"], arguments, &["--data", "data", "--json"]].concat();
    serde_json::from_str(&told(at, &all)).unwrap()
}

/// Consents for the owner of a car, and exchanges the code for an access token.
fn token(at: &Path, server: &Server, car: &str) -> String {
    let scope = "read_odometer read_charge control_charge control_security";
    let connect = [
        "connect",
        "--simulation",
        car,
        "--scope",
        scope,
        "--data",
        "data",
        "--json",
    ];
    let answer: Value = serde_json::from_str(&told(at, &connect)).unwrap();
    let code = answer["code"].as_str().unwrap();
    let application = &server.ready["application"];
    let word = |name: &str| application[name].as_str().unwrap();
    let form = format!(
        "grant_type=authorization_code&code={code}&client_id={}&client_secret={}",
        word("clientId"),
        word("clientSecret"),
    );
    let kind = "content-type: application/x-www-form-urlencoded";
    let answer = send(server, "POST /oauth/token", &[kind], &form);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

fn ask(server: &Server, token: &str, line: &str, body: &str) -> Answer {
    let bearer = format!("authorization: Bearer {token}");
    send(
        server,
        line,
        &[&bearer, "content-type: application/json"],
        body,
    )
}

#[test]
fn a_car_is_driven_and_commanded_and_outlives_the_server() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = dev(at);
    let make = [
        "create", "--make", "kia", "--model", "EV6", "--name", "Mine", "--play",
    ];
    let car = simulation(at, &make);
    let (id, vehicle) = (
        car["id"].as_str().unwrap(),
        car["vehicleId"].as_str().unwrap(),
    );
    assert_eq!(
        (&car["name"], &car["status"]),
        (&json!("Mine"), &json!("running"))
    );
    let token = token(at, &server, id);
    let charge = format!("/v2.0/vehicles/{vehicle}/charge");

    let jumped = simulation(at, &["jump", id, "Charge at home"]);
    assert_eq!(jumped["stage"]["name"], "Charge at home");
    let stop = ask(
        &server,
        &token,
        &format!("POST {charge}"),
        r#"{"action":"STOP"}"#,
    );
    assert_eq!(stop.status, 200, "{}", stop.body);
    let state = ask(&server, &token, &format!("GET {charge}"), "").json();
    assert_eq!(
        state,
        json!({ "isPluggedIn": true, "state": "NOT_CHARGING" })
    );
    // A car that stands still is the same whenever it is asked.
    simulation(at, &["pause", id]);
    let signals = simulation(at, &["show", id, "--signals"]);
    drop(server);

    let server = dev(at);
    assert_eq!(simulation(at, &["show", id, "--signals"]), signals);
    let state = ask(&server, &token, &format!("GET {charge}"), "").json();
    assert_eq!(state["state"], "NOT_CHARGING");
    let start = ask(
        &server,
        &token,
        &format!("POST {charge}"),
        r#"{"action":"START"}"#,
    );
    assert_eq!(
        (start.status, &start.json()["code"]),
        (409, &json!("UNREACHABLE"))
    );
    simulation(at, &["play", id]);
    let start = ask(
        &server,
        &token,
        &format!("POST {charge}"),
        r#"{"action":"START"}"#,
    );
    assert_eq!(start.status, 200, "{}", start.body);

    simulation(at, &["set", id, "odometer-traveleddistance", "1234.5"]);
    let odometer = format!("GET /v2.0/vehicles/{vehicle}/odometer");
    assert_eq!(
        ask(&server, &token, &odometer, "").body,
        r#"{"distance":1234.5}"#
    );
    let unset = simulation(at, &["unset", id, "odometer-traveleddistance"]);
    assert_eq!(unset["unset"], true);

    told(at, &["simulation", "delete", id, "--yes", "--data", "data"]);
    let gone = ask(&server, &token, &odometer, "");
    assert_eq!(
        (gone.status, &gone.json()["code"]),
        (400, &json!("VEHICLE_MISSING"))
    );
}

#[test]
fn an_advancing_clock_drives_a_car() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = dev(at);
    told(at, &["clock", "freeze", "--data", "data"]);
    let car = simulation(at, &["create", "--powertrain", "BEV", "--play"]);
    let (id, vehicle) = (
        car["id"].as_str().unwrap(),
        car["vehicleId"].as_str().unwrap(),
    );
    let token = token(at, &server, id);
    let line = format!("GET /v2.0/vehicles/{vehicle}/odometer");
    let distance = || {
        ask(&server, &token, &line, "").json()["distance"]
            .as_f64()
            .unwrap()
    };
    simulation(at, &["jump", id, "1"]);
    let before = distance();
    assert_eq!(distance().to_bits(), before.to_bits());
    told(at, &["clock", "advance", "10m", "--data", "data"]);
    assert!((1.0..30.0).contains(&(distance() - before)));
    let faster = simulation(at, &["speed", id, "60"]);
    assert_eq!(faster["speed"], 60);
    told(at, &["clock", "advance", "5m", "--data", "data"]);
    assert_eq!(
        simulation(at, &["show", id])["stage"]["name"],
        "Parked at work"
    );
}

#[test]
fn a_dev_server_has_the_same_cars_at_each_start() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = dev(at);
    let park = server.ready["simulations"].clone();
    let names = park
        .as_array()
        .unwrap()
        .iter()
        .map(|car| car["name"].as_str().unwrap());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["Drives", "Charges", "Sleeps", "Goes wrong"]
    );
    let is = |place: usize| {
        let id = park[place]["id"].as_str().unwrap();
        simulation(at, &["show", id])["stage"]["name"].clone()
    };
    assert_eq!(is(0), "Drive to work");
    assert_eq!(is(1), "Charge at home");
    assert_eq!(is(2), "Asleep at home");
    // As any other car, one can be deleted, also while somebody is connected to it.
    let first = park[0]["id"].as_str().unwrap();
    token(at, &server, first);
    told(
        at,
        &["simulation", "delete", first, "--yes", "--data", "data"],
    );
    drop(server);
    let again = dev(at);
    assert_eq!(
        again.ready["simulations"].as_array().unwrap()[..],
        park.as_array().unwrap()[1..]
    );
    let elsewhere = tempdir().unwrap();
    let other = dev(elsewhere.path());
    assert_eq!(other.ready["simulations"], park);
}

#[test]
fn a_day_is_recorded_and_lived_again() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = dev(at);
    let id = server.ready["simulations"][0]["id"].as_str().unwrap();
    told(
        at,
        &["simulation", "record", id, "day.csv", "--data", "data"],
    );
    let replayed = simulation(at, &["replay", "day.csv", "--name", "My day"]);
    let scenario = replayed["id"].as_str().unwrap();
    let changed = simulation(at, &["change", id, "--scenario", scenario]);
    assert_eq!(
        (&changed["scenario"], &changed["status"]),
        (&json!("my-day"), &json!("running"))
    );
    let listed = simulation(at, &["scenario", "list"]);
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .any(|view| view["id"] == "my-day")
    );
}

#[test]
fn mistakes_say_what_to_do() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = dev(at);
    let id = server.ready["simulations"][1]["id"].as_str().unwrap();
    std::fs::write(at.join("odd.toml"), "id = 'odd'\nname = 7\n").unwrap();
    for (arguments, expected) in [
        (&["show", "x"][..], "carport simulation list"),
        (&["jump", id, "nowhere"], "Charge at home"),
        (&["speed", id, "-5"], "1 to 3600"),
        (
            &["set", id, "odometer-traveleddistance", "far"],
            "for example",
        ),
        (&["set", id, "nothing", "1"], "--signals"),
        (
            &["create", "--make", "kia", "--model", "Nothing"],
            "powertrain",
        ),
        (&["create"], "make and model"),
        (
            &["create", "--powertrain", "BEV", "--city", "atlantis"],
            "denver",
        ),
        (&["change", id, "--scenario", "none"], "day-commute"),
        (&["scenario", "add", "odd.toml"], "line 2, column 8"),
        (&["scenario", "delete", "parked"], "no such scenario"),
        (&["replay", "odd.toml"], ".csv or .gpx"),
    ] {
        let all = [&["simulation"], arguments, &["--data", "data"]].concat();
        let output = run(at, &all);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let line = complaint(&output);
        assert!(line.contains(expected), "{arguments:?}: {line}");
    }
    let wrong = [
        "connect",
        "--app",
        server.ready["application"]["id"].as_str().unwrap(),
    ];
    let login = server.ready["simulations"][1]["username"].as_str().unwrap();
    let rest = [
        "--brand",
        "FORD",
        "--user",
        login,
        "--password",
        "wrong",
        "--mode",
        "simulated",
    ];
    let output = run(at, &[&wrong[..], &rest, &["--data", "data"]].concat());
    assert!(
        complaint(&output).contains("must all fit"),
        "{}",
        complaint(&output)
    );
}
