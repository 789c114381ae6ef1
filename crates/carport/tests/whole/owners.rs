//! `carport owner`: what an owner can do on their page, done for them, counts for the next request.

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::fleet::{Fleet, told};
use crate::support::{Server, complaint, run};

const OWNER: &str = "maya@example.net";

#[test]
fn what_an_owner_gave_is_shown_made_less_and_taken_back() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["serve", "--data", "data"]);
    let fleet = Fleet::with(&server, at, "VOLVO", OWNER);
    let owner =
        |arguments: &[&str]| told(at, &[&["owner"], arguments, &["--data", "data"]].concat());
    let listed = || -> Value { serde_json::from_str(&owner(&["show", OWNER, "--json"])).unwrap() };
    let status = |path: &str| fleet.get(&server, &format!("{}/{path}", fleet.car)).status;

    // However the login is spelt.
    let shown = owner(&["show", " MAYA@example.net"]);
    assert!(
        shown.contains("Fleet") && shown.contains("VOLVO"),
        "{shown}"
    );
    let all = listed();
    let vehicle = all[0]["vehicle"]["id"].as_str().unwrap();
    assert!(fleet.car.ends_with(vehicle));
    assert_eq!(all[0]["location"], json!("exact"));
    assert_eq!(all[0]["application"]["id"], json!(fleet.id));

    let exact = fleet
        .get(&server, &format!("{}/location", fleet.car))
        .json();
    owner(&["location", OWNER, "--vehicle", vehicle, "10km"]);
    let rough = fleet
        .get(&server, &format!("{}/location", fleet.car))
        .json();
    assert_ne!(exact["latitude"], rough["latitude"]);
    assert_eq!(listed()[0]["location"], json!("10km"));

    assert_eq!((status("odometer"), status("fuel")), (200, 200));
    let revoke = [
        "revoke",
        OWNER,
        "--vehicle",
        vehicle,
        "--permission",
        "read_odometer",
    ];
    owner(&revoke);
    assert_eq!((status("odometer"), status("fuel")), (403, 200));
    let again = run(at, &[&["owner"], &revoke[..], &["--data", "data"]].concat());
    assert!(
        complaint(&again).contains("nothing to take back"),
        "{}",
        complaint(&again)
    );

    let file: Value = serde_json::from_str(&owner(&["export", OWNER])).unwrap();
    assert_eq!(file["login"], json!(OWNER));
    assert_eq!(file["connections"].as_array().unwrap().len(), 1);
    let path = at.join("maya.json");
    owner(&["export", OWNER, "--out", path.to_str().unwrap()]);
    let written: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let did: Vec<(&str, &str)> = written["auditLog"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| Some((entry["actor"].as_str()?, entry["action"].as_str()?)))
        .filter(|(actor, _)| *actor == "operator")
        .collect();
    let expected = [
        ("operator", "location.precision_set"),
        ("operator", "permission.revoked"),
        ("operator", "owner.exported"),
        ("operator", "owner.exported"),
    ];
    assert_eq!(did, expected);

    owner(&["revoke", OWNER, "--app", &fleet.id]);
    assert_eq!((listed(), status("fuel")), (json!([]), 401));
}

#[test]
fn an_owner_is_erased_with_and_without_a_server_and_mistakes_are_told() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["serve", "--data", "data"]);
    let fleet = Fleet::with(&server, at, "VOLVO", OWNER);
    let refused = |arguments: &[&str], code: i32| {
        let output = run(at, &[&["owner"], arguments, &["--data", "data"]].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        complaint(&output)
    };
    for (arguments, code, what) in [
        (&["revoke", OWNER][..], 2, "--app"),
        (&["revoke", OWNER, "--app", "x"], 1, "carport owner show"),
        (
            &["revoke", OWNER, "--vehicle", "x"],
            1,
            "carport owner show",
        ),
        (
            &["revoke", OWNER, "--app", "x", "--permission", "read_vin"],
            2,
            "--permission",
        ),
        (
            &["revoke", OWNER, "--vehicle", "x", "--permission", "fly"],
            2,
            "not a permission",
        ),
        (
            &["location", OWNER, "--vehicle", "x", "5km"],
            2,
            "exact, 1km or 10km",
        ),
        (&["erase", OWNER], 1, "--yes"),
    ] {
        let line = refused(arguments, code);
        assert!(line.contains(what), "{arguments:?}: {line}");
    }
    assert_eq!(
        fleet.get(&server, &format!("{}/fuel", fleet.car)).status,
        200
    );
    assert!(server.stop().success());
    let erased = told(at, &["owner", "erase", OWNER, "--yes", "--data", "data"]);
    assert_eq!(erased, "Erased. Accounts: 1, connections: 1, cars: 1.");
    let server = Server::start(at, &["serve", "--data", "data"]);
    assert_eq!(
        fleet.get(&server, &format!("{}/fuel", fleet.car)).status,
        401
    );
    let nobody = run(at, &["owner", "show", OWNER, "--data", "data"]);
    assert!(nobody.status.success() && nobody.stdout.is_empty());
    assert!(
        complaint(&nobody).contains("No application"),
        "{}",
        complaint(&nobody)
    );
}
