//! The command line as people and scripts meet it.

use std::fs;

use crate::support::{Server, complaint, printed, run};
use serde_json::Value;
use tempfile::tempdir;

#[test]
fn mistakes_are_one_line_that_says_what_to_do() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["dev", "--no-tutorial"]);
    let taken = server.address().replace("localhost", "127.0.0.1");
    fs::write(
        at.join("text.db"),
        "not a database, but long enough to be taken for a header page",
    )
    .unwrap();
    fs::write(at.join("file"), "").unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["dev", "--no-tutorial", "--listen", &taken], "--listen"),
        (
            &["dev", "--no-tutorial", "--listen", "0.0.0.0:0"],
            "carport serve",
        ),
        (&["serve", "--data", "file/data"], "cannot be made"),
        (
            &[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--database",
                "sqlite:text.db",
            ],
            "not a database",
        ),
        (&["serve", "--database", "mysql://x"], "sqlite:PATH"),
        (&["serve", "--public-url", "localhost"], "public_url"),
        (&["serve", "--listen", "0.0.0.0:0"], "--tls-cert"),
        (
            &["serve", "--public-url", "http://cars.example.net"],
            "https",
        ),
        (&["serve", "--tls-cert", "file"], "belong together"),
        (&["app", "list", "--data", "nowhere"], "does not exist"),
        (
            &["app", "show", "x", "--data", at.to_str().unwrap()],
            "carport app list",
        ),
        (
            &["config", "show", "--config", "none.toml"],
            "cannot be read",
        ),
    ];
    for (arguments, expected) in cases {
        let output = run(at, arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let line = complaint(&output);
        assert!(
            line.starts_with("carport: ") && line.contains(expected),
            "{arguments:?}: {line}"
        );
        assert_eq!(line.lines().count(), 1, "{line}");
    }
    let wrong_usage = run(at, &["dev", "--colour"]);
    assert_eq!(wrong_usage.status.code(), Some(2));
    assert_eq!(run(at, &["--version"]).status.code(), Some(0));
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    assert!(
        run(at, &["db", "migrate", "--database", "sqlite:new.db"])
            .status
            .success()
    );
    let newer = rusqlite_free_bump(at);
    let output = run(
        at,
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--database",
            "sqlite:new.db",
        ],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complaint(&output).contains("start the newer Carport"),
        "{}",
        complaint(&output)
    );
    assert_eq!(fs::read(at.join("new.db")).unwrap(), newer);
}

/// Makes a database look newer with the `sqlite3` of Python, which every CI machine has.
fn rusqlite_free_bump(at: &std::path::Path) -> Vec<u8> {
    let script = "import sqlite3; c = sqlite3.connect('new.db', isolation_level=None); \
                  c.execute(\"insert into schema_migrations values (9999, 'later')\"); \
                  c.execute('pragma wal_checkpoint(truncate)'); c.close()";
    let status = std::process::Command::new("python3")
        .args(["-c", script])
        .current_dir(at)
        .status();
    assert!(status.unwrap().success());
    fs::read(at.join("new.db")).unwrap()
}

#[test]
fn an_application_from_its_making_to_its_end() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let ask = |arguments: &[&str]| {
        let output = run(at, arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            complaint(&output)
        );
        printed(&output)
    };
    // Without a server and before any data folder.
    let made: Value = serde_json::from_str(&ask(&[
        "app",
        "create",
        "--name",
        "Ride Ledger",
        "--redirect-uri",
        "http://localhost:9/x",
        "--json",
    ]))
    .unwrap();
    let id = made["clientId"].as_str().unwrap().to_owned();
    assert_eq!(made["clientSecret"].as_str().unwrap().len(), 43);
    // The same commands reach a running server.
    let server = Server::start(at, &["serve", "--data", "carport-data"]);
    assert!(ask(&["app", "list"]).contains(&id));
    ask(&[
        "app",
        "redirect-uri",
        "add",
        &id,
        "https://example.com/auth",
    ]);
    let refused = run(
        at,
        &["app", "redirect-uri", "add", &id, "http://example.com/auth"],
    );
    assert!(
        complaint(&refused).contains("Use https"),
        "{}",
        complaint(&refused)
    );
    let shown: Value = serde_json::from_str(&ask(&["app", "show", &id, "--json"])).unwrap();
    assert_eq!(
        shown["redirectUris"],
        serde_json::json!(["http://localhost:9/x", "https://example.com/auth"])
    );
    assert!(shown.get("clientSecret").is_none());
    assert_eq!(ask(&["app", "rotate-secret", &id]).len(), 43);
    assert_eq!(ask(&["app", "rotate-token", &id]).len(), 43);
    let node = ask(&["env", "node"]);
    assert!(
        node.contains(&format!("export SMARTCAR_CLIENT_ID='{id}'")),
        "{node}"
    );
    assert!(
        node.contains("# SMARTCAR_CLIENT_SECRET is kept as a hash only."),
        "{node}"
    );
    let url = ask(&[
        "connect", "--app", &id, "--brand", "chevy", "--scope", "read_vin",
    ]);
    assert!(url.starts_with("http://localhost:9/x?"), "{url}");
    assert!(url.contains("code=") && url.contains("user_id="), "{url}");
    let no = run(at, &["connect", "--app", &id, "--brand", "trabant"]);
    assert_eq!(no.status.code(), Some(1));
    let not_asked = run(at, &["app", "delete", &id]);
    assert!(complaint(&not_asked).contains("--yes"));
    ask(&["app", "delete", &id, "--yes"]);
    assert_eq!(server.stop().code(), Some(0));
    assert_eq!(ask(&["app", "list", "--json"]), "[]");
}

#[test]
fn a_webhook_from_its_making_to_its_end() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["dev", "--no-tutorial", "--data", "data"]);
    let application = server.ready["application"].clone();
    let (id, seeded) = (
        application["id"].as_str().unwrap(),
        application["webhookId"].as_str().unwrap(),
    );
    let carport = |arguments: &[&str]| run(at, &[arguments, &["--data", "data"]].concat());
    let ask = |arguments: &[&str]| {
        let output = carport(arguments);
        let told = complaint(&output);
        assert!(output.status.success(), "{arguments:?}: {told}");
        (printed(&output), told)
    };
    let create = |app: &str, uri: &str| {
        let name = ["--name", "Charging"];
        let rest = ["webhook", "create", "--app", app, "--callback-uri", uri];
        carport(&[&rest[..], &name].concat())
    };
    let made = create(id, "https://fleet.test/webhook");
    let new = printed(&made);
    assert_eq!(new.len(), 36, "{}", complaint(&made));
    assert!(complaint(&made).contains("Nothing is delivered yet."));
    for (app, uri, expected) in [
        (id, "fleet.test/webhook", "not a URL"),
        ("x", "https://fleet.test/", "carport app list"),
    ] {
        let refused = create(app, uri);
        assert_eq!(refused.status.code(), Some(1));
        assert!(complaint(&refused).contains(expected), "{uri}");
    }
    let listed: Value = serde_json::from_str(&ask(&["webhook", "list", "--json"]).0).unwrap();
    assert_eq!(
        (&listed[0]["id"], &listed[1]["id"]),
        (&seeded.into(), &(*new).into())
    );
    assert_eq!(
        (&listed[1]["applicationId"], &listed[1]["subscriptions"]),
        (&id.into(), &0.into())
    );
    assert!(
        ask(&["webhook", "list", "--app", id])
            .0
            .contains("https://fleet.test/webhook")
    );
    assert!(complaint(&carport(&["webhook", "delete", &new])).contains("--yes"));
    ask(&["webhook", "delete", &new, "--yes"]);
    let again = carport(&["webhook", "delete", &new, "--yes"]);
    assert!(complaint(&again).contains("carport webhook list"));
    // Without a server the folder is asked itself.
    assert_eq!(server.stop().code(), Some(0));
    let left = ask(&["webhook", "list"]).0;
    assert!(left.contains(seeded) && !left.contains(&new), "{left}");
    ask(&["webhook", "delete", seeded, "--yes"]);
    assert!(
        ask(&["webhook", "list"])
            .1
            .contains("carport webhook create")
    );
}

#[test]
fn a_backup_under_a_running_server_is_a_sound_database() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["dev", "--no-tutorial", "--data", "data"]);
    let output = run(at, &["db", "backup", "copy.db", "--data", "data"]);
    assert!(output.status.success(), "{}", complaint(&output));
    assert!(complaint(&output).contains("carport.key"));
    let again = run(at, &["db", "backup", "copy.db", "--data", "data"]);
    assert!(complaint(&again).contains("exists"));
    drop(server);
    let check = run(at, &["db", "check", "--database", "sqlite:copy.db"]);
    assert!(check.status.success(), "{}", complaint(&check));
    fs::create_dir(at.join("other")).unwrap();
    fs::rename(at.join("copy.db"), at.join("other/carport.db")).unwrap();
    let listed = printed(&run(at, &["app", "list", "--data", "other"]));
    assert!(listed.contains("Getting started"), "{listed}");
}

#[test]
fn configuration_and_doctor() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    fs::write(
        at.join("carport.toml"),
        "listen = \"127.0.0.1:0\"\nkey = \"00\"\n[oauth]\nrefresh_grace_seconds = 5\n",
    )
    .unwrap();
    let shown = printed(&run(at, &["config", "show"]));
    assert!(shown.contains("\"********\""), "{shown}");
    assert!(!shown.contains("\"00\""), "{shown}");
    let json: Value =
        serde_json::from_str(&printed(&run(at, &["config", "show", "--json"]))).unwrap();
    assert_eq!(json["oauth.refresh_grace_seconds"]["value"], "5");
    assert_eq!(
        json["oauth.refresh_grace_seconds"]["origin"],
        "file carport.toml"
    );
    assert!(run(at, &["doctor"]).status.success());
    fs::write(
        at.join("carport.toml"),
        "public_url = \"https://example.com\"\n",
    )
    .unwrap();
    let doctor = run(at, &["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(
        printed(&doctor).contains("failed  addresses"),
        "{}",
        printed(&doctor)
    );
    let document: Value = serde_json::from_str(&printed(&run(at, &["openapi", "v2"]))).unwrap();
    assert_eq!(document["servers"][0]["url"], "https://example.com/v2.0");
}

#[test]
fn exec_hands_the_environment_in_and_the_status_out() {
    let folder = tempdir().unwrap();
    let script = "test -n \"$SMARTCAR_CLIENT_ID\" && test -n \"$SMARTCAR_CLIENT_SECRET\" \
                  && test \"$SMARTCAR_API_ORIGIN\" = \"$CARPORT_URL\" && exit 7";
    let output = run(folder.path(), &["exec", "--", "sh", "-c", script]);
    assert_eq!(output.status.code(), Some(7), "{}", complaint(&output));
    let missing = run(folder.path(), &["exec", "--", "no-such-program"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(complaint(&missing).contains("cannot be started"));
}
