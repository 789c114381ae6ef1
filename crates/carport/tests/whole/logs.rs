//! `carport log`, `carport vehicle` and `carport overview`: what the Dashboard shows, without a browser.

use serde_json::Value;
use tempfile::tempdir;

use crate::fleet::{Fleet, told};
use crate::support::{Server, complaint, run};

const OWNER: &str = "maya@example.net";

#[test]
fn what_happened_is_listed_and_narrowed() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["serve", "--data", "data"]);
    let fleet = Fleet::with(&server, at, "VOLVO", OWNER);
    let told = |arguments: &[&str]| told(at, &[arguments, &["--data", "data"]].concat());
    let list = |arguments: &[&str]| -> Vec<Value> {
        let text = told(&[arguments, &["--json"]].concat());
        serde_json::from_str(&text).unwrap()
    };
    let served = fleet.get(&server, &format!("{}/odometer", fleet.car));
    let denied = fleet.get(&server, &format!("{}/tires/pressure/none", fleet.car));
    assert_eq!((served.status, denied.status), (200, 404));

    let all = list(&["log", "requests", "--app", &fleet.id]);
    assert_eq!(all[0]["route"], "/v2.0/vehicles/{id}/odometer");
    let vehicle = all[0]["vehicleId"].as_str().unwrap();
    assert!(fleet.car.ends_with(vehicle));
    for narrowed in [
        &["--status", "2xx", "--path", "odometer"][..],
        &["--id", all[0]["id"].as_str().unwrap()],
        &["--vehicle", vehicle, "--since", "1h", "--limit", "1"],
    ] {
        let some = list(&[&["log", "requests"], narrowed].concat());
        assert_eq!(some.len(), 1, "{narrowed:?}");
        assert_eq!(some[0]["vehicleId"], vehicle, "{narrowed:?}");
    }
    assert!(list(&["log", "requests", "--until", "1h"]).is_empty());
    assert!(told(&["log", "requests"]).contains("/odometer  "));

    let runs = list(&["log", "runs", "--ending", "granted", "--brand", "volvo"]);
    assert_eq!(runs.len(), 1);
    let steps = list(&["log", "run", runs[0]["id"].as_str().unwrap()]);
    assert_eq!(steps.last().unwrap()["event"], "allowed");

    let cars = list(&["vehicle", "list", "--search", "volvo"]);
    assert_eq!(cars.len(), 1);
    assert_eq!(cars[0]["vehicleId"], vehicle);
    assert!(list(&["vehicle", "list", "--make", "tesla"]).is_empty());
    assert!(told(&["overview"]).starts_with("Connected vehicles: 1 test\n"));
    // The line of vehicles and the head, then every hour of a day, every day of a month.
    for (of, lines) in [(&["overview"][..], 26), (&["overview", "--month"], 32)] {
        assert_eq!(told(of).lines().count(), lines, "{of:?}");
    }

    told(&["vehicle", "disconnect", vehicle, "--yes"]);
    assert_eq!(
        fleet
            .get(&server, &format!("{}/odometer", fleet.car))
            .status,
        401
    );
    let did = list(&["log", "audit", "--actor", "operator", "--since", "1d"]);
    let actions: Vec<&str> = did
        .iter()
        .filter_map(|entry| entry["action"].as_str())
        .collect();
    assert!(actions.contains(&"connection.deleted"), "{actions:?}");

    for (wrong, says) in [
        (&["log", "requests", "--since", "soon"][..], "is no time"),
        (
            &["log", "requests", "--vehicle", "x"],
            "is no id of a vehicle",
        ),
        (&["log", "run", "x"], "carport log runs"),
        (&["vehicle", "list", "--make", "boat"], "BOAT is no make"),
        (&["vehicle", "show", vehicle], "carport vehicle list"),
    ] {
        let output = run(at, &[wrong, &["--data", "data"]].concat());
        let complaint = complaint(&output);
        assert!(complaint.contains(says), "{complaint}");
    }
}
