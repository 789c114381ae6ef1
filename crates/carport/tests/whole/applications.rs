//! Applications by command, with a server and without one, and a secret rotated under traffic.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use serde_json::Value;
use tempfile::tempdir;

use crate::support::{Server, complaint, printed, run};

/// Runs a command that must succeed.
fn ask(folder: &Path, arguments: &[&str]) -> String {
    let data = ["--data", "data"];
    let output = run(folder, &[arguments, &data].concat());
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        complaint(&output)
    );
    printed(&output)
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&ask(folder, &[arguments, &["--json"]].concat())).unwrap()
}

/// Status of a request by which a client proves itself.
fn proves(server: &Server, id: &str, secret: &str) -> u16 {
    let body = format!("client_id={id}&client_secret={secret}&token=x");
    let request = format!(
        "POST /oauth/introspect HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = server.talk(request.as_bytes());
    let status = answer.split(' ').nth(1).unwrap_or_default();
    status.parse().unwrap_or_default()
}

#[test]
fn a_secret_is_rotated_under_traffic_and_no_request_fails() {
    const THREADS: usize = 3;
    const ROTATIONS: usize = 4;
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["dev", "--no-tutorial", "--data", "data"]);
    let own = &server.ready["application"];
    let id = own["clientId"].as_str().unwrap();
    let first = own["clientSecret"].as_str().unwrap().to_owned();
    let secret = Mutex::new(first.clone());
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let locked = || secret.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let secret = locked().clone();
                    assert_eq!(proves(&server, id, &secret), 200);
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..ROTATIONS {
            let before = asked.load(Ordering::Relaxed);
            let rotated = json(at, &["app", "rotate-secret", id, "--overlap", "1"]);
            // Code that is still being given the new one goes on with the old one.
            while asked.load(Ordering::Relaxed) < before + 20 {
                thread::yield_now();
            }
            rotated["clientSecret"]
                .as_str()
                .unwrap()
                .clone_into(&mut locked());
        }
        done.store(true, Ordering::Relaxed);
    });
    // What was rotated away works until it is revoked, and then not once more.
    assert_eq!(proves(&server, id, &first), 200);
    let secrets = json(at, &["app", "secret", "list", id]);
    let secrets = secrets.as_array().unwrap();
    assert_eq!(secrets.len(), ROTATIONS + 1);
    for secret in secrets
        .iter()
        .filter(|secret| !secret["expiresAt"].is_null())
    {
        let secret = secret["id"].as_str().unwrap();
        ask(at, &["app", "secret", "revoke", id, secret]);
    }
    assert_eq!(proves(&server, id, &first), 401);
    assert_eq!(proves(&server, id, &locked()), 200);
}

#[test]
fn every_change_is_a_command_with_and_without_a_server() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let made = json(
        at,
        &[
            "app",
            "create",
            "--name",
            "Ladebär",
            "--redirect-uri",
            "https://a.test/",
        ],
    );
    let id = made["clientId"].as_str().unwrap();
    change_everything(at, id);
    let server = Server::start(at, &["serve", "--data", "data"]);
    change_everything(at, id);
    // The management token opens the application's own API.
    let token = ask(at, &["app", "show-token", id]);
    assert_eq!(made["managementToken"], token.as_str());
    let head = format!(
        "GET /v3/applications/{id} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {token}\r\n\r\n"
    );
    let answer = server.talk(head.as_bytes());
    assert!(answer.contains("\"name\":\"Ladebär\""), "{answer}");
    ask(at, &["app", "disable", id]);
    assert!(server.talk(head.as_bytes()).starts_with("HTTP/1.1 401"));
    ask(at, &["app", "enable", id]);
    assert!(server.talk(head.as_bytes()).starts_with("HTTP/1.1 200"));
}

fn change_everything(at: &Path, id: &str) {
    let show = || json(at, &["app", "show", id]);
    ask(at, &["app", "rename", id, "Wanderbär"]);
    let texts = [
        "--description",
        "Walks.",
        "--privacy-url",
        "https://a.test/privacy",
    ];
    ask(at, &[&["app", "describe", id][..], &texts].concat());
    let shown = show();
    assert_eq!(shown["name"], "Wanderbär");
    assert_eq!(shown["description"], "Walks.");
    assert_eq!(shown["privacyUrl"], "https://a.test/privacy");
    ask(
        at,
        &[
            "app",
            "describe",
            id,
            "--description",
            "",
            "--privacy-url",
            "",
        ],
    );
    ask(at, &["app", "rename", id, "Ladebär"]);
    assert!(show().get("description").is_none());
    ask(at, &["app", "redirect-uri", "add", id, "https://b.test/"]);
    ask(
        at,
        &["app", "redirect-uri", "default", id, "https://b.test/"],
    );
    assert_eq!(show()["redirectUris"][0], "https://b.test/");
    ask(
        at,
        &["app", "redirect-uri", "remove", id, "https://b.test/"],
    );
    let refused = run(
        at,
        &[
            "app",
            "redirect-uri",
            "default",
            id,
            "https://b.test/",
            "--data",
            "data",
        ],
    );
    assert!(
        complaint(&refused).contains("not registered"),
        "{}",
        complaint(&refused)
    );
    let credential = json(at, &["app", "machine-credential", "add", id]);
    assert!(
        credential["clientId"]
            .as_str()
            .unwrap()
            .starts_with("client_")
    );
    let listed = json(at, &["app", "machine-credential", "list", id]);
    let secret = listed["secrets"][0]["id"].as_str().unwrap();
    assert_eq!(credential["id"], secret);
    ask(at, &["app", "machine-credential", "remove", id, secret]);
    assert!(json(at, &["app", "machine-credential", "list", id]).is_null());
    let refused = run(at, &["app", "secret", "revoke", id, "x", "--data", "data"]);
    assert!(complaint(&refused).contains("no secret with this id"));
    let refused = run(at, &["app", "rename", id, " ", "--data", "data"]);
    assert!(complaint(&refused).contains("1 to 60 characters"));
    assert!(ask(at, &["app", "disable", id]).starts_with("Disabled."));
    assert!(show()["disabled"] == true && ask(at, &["app", "list"]).contains("(disabled)"));
    assert!(ask(at, &["app", "enable", id]).starts_with("Enabled."));
}
