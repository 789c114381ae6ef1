//! `carport user`: accounts are made, changed and ended without a browser, and count in one at once.

use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::{Server, carport, complaint, printed, run};

const PASSWORD: &str = "birch and rowan";

/// Runs `carport user` over the folder `data`.
fn user(at: &Path, arguments: &[&str]) -> Output {
    let whole = [&["user"], arguments, &["--data", "data"]].concat();
    run(at, &whole)
}

/// Makes an account whose password comes on standard input.
fn create(at: &Path, password: &str, arguments: &[&str]) -> Output {
    let mut child = carport(at)
        .args(["user", "create", "--data", "data"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{password}").unwrap();
    drop(input);
    child.wait_with_output().unwrap()
}

/// Address, role and limit of all accounts.
fn listed(at: &Path) -> Vec<(String, String, Value)> {
    let output = user(at, &["list", "--json"]);
    let views: Value = serde_json::from_str(&printed(&output)).unwrap();
    let views = views.as_array().unwrap().iter();
    let of = |view: &Value, name: &str| view[name].as_str().unwrap().to_owned();
    views
        .map(|view| {
            (
                of(view, "email"),
                of(view, "role"),
                view["applications"].clone(),
            )
        })
        .collect()
}

/// Sends the form of a page, as a browser would.
fn submit(server: &Server, page: &str, action: &str, fields: &str) -> String {
    let address = server.address();
    let ask = |request: String| server.talk(request.as_bytes());
    let shown = ask(format!(
        "GET {page} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    ));
    let between = |start: &str, end: &str| {
        let (_, rest) = shown.split_once(start)?;
        rest.split_once(end).map(|(text, _)| text.to_owned())
    };
    let Some(csrf) = between("name=\"csrf\" value=\"", "\"") else {
        return shown;
    };
    let cookie = between("carport_dashboard=", ";").unwrap();
    let body = format!("csrf={csrf}&{fields}");
    ask(format!(
        "POST {action} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n\
         cookie: carport_dashboard={cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
}

/// The status with which somebody is let in, or not.
fn signs_in(server: &Server, email: &str, password: &str) -> String {
    let fields = format!("email={email}&password={}", password.replace(' ', "+"));
    let answer = submit(server, "/dashboard/sign-in", "/dashboard/sign-in", &fields);
    answer.split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn accounts_are_made_and_changed_without_a_server() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let made = create(
        at,
        PASSWORD,
        &["--email", "Ada@example.org", "--name", "Ada"],
    );
    assert_eq!(
        printed(&made),
        "ada@example.org  owner",
        "{}",
        complaint(&made)
    );
    let made = create(at, PASSWORD, &["--email", "bo@example.org", "--json"]);
    let view: Value = serde_json::from_str(&printed(&made)).unwrap();
    assert_eq!(
        (&view["role"], &view["name"]),
        (&json!("viewer"), &json!("bo"))
    );
    for (password, arguments, told) in [
        (
            PASSWORD,
            ["--email", "ADA@example.org"],
            "is a member already",
        ),
        (PASSWORD, ["--email", "nonsense"], "not an e-mail address"),
        ("short", ["--email", "eve@example.org"], "at least 10"),
    ] {
        let refused = create(at, password, &arguments);
        let line = complaint(&refused);
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            line.starts_with("carport: ") && line.contains(told),
            "{line}"
        );
        assert!(!line.contains(PASSWORD));
    }
    assert_eq!(
        user(at, &["role", "bo@example.org", "king"]).status.code(),
        Some(2)
    );
    let application = printed(&run(
        at,
        &[
            "app",
            "create",
            "--name",
            "Shop",
            "--redirect-uri",
            "http://localhost:8000/callback",
            "--json",
            "--data",
            "data",
        ],
    ));
    let application: Value = serde_json::from_str(&application).unwrap();
    let id = application["clientId"].as_str().unwrap();
    let changed = user(at, &["role", "bo@example.org", "editor", "--app", id]);
    assert!(changed.status.success(), "{}", complaint(&changed));
    let members = listed(at);
    assert_eq!(
        members[1],
        ("bo@example.org".into(), "editor".into(), json!([id]))
    );
    // Somebody must remain who can let others in.
    for arguments in [
        ["role", "ada@example.org", "admin"],
        ["remove", "ada@example.org", "--yes"],
    ] {
        let refused = user(at, &arguments);
        assert!(
            complaint(&refused).contains("At least one owner"),
            "{}",
            complaint(&refused)
        );
    }
    let unasked = user(at, &["remove", "bo@example.org"]);
    assert_eq!(unasked.status.code(), Some(1));
    assert!(
        complaint(&unasked).contains("--yes"),
        "{}",
        complaint(&unasked)
    );
    assert!(
        user(at, &["remove", "bo@example.org", "--yes"])
            .status
            .success()
    );
    assert_eq!(listed(at).len(), 1);
    let gone = user(at, &["reset-link", "bo@example.org"]);
    assert!(
        complaint(&gone).contains("carport user list"),
        "{}",
        complaint(&gone)
    );
}

#[test]
fn what_a_command_changes_counts_on_the_running_server() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["serve", "--data", "data"]);
    assert_eq!(printed(&user(at, &["list"])), "");
    let made = create(at, PASSWORD, &["--email", "ada@example.org"]);
    assert!(made.status.success(), "{}", complaint(&made));
    let made = create(
        at,
        PASSWORD,
        &["--email", "bo@example.org", "--role", "admin"],
    );
    assert!(made.status.success(), "{}", complaint(&made));
    assert_eq!(signs_in(&server, "bo@example.org", PASSWORD), "303");
    assert_eq!(signs_in(&server, "bo@example.org", "another one"), "401");

    let output = user(at, &["reset-link", "bo@example.org"]);
    let link = printed(&output);
    let page = link.split_once(server.address()).unwrap().1;
    let token = page.split_once("token=").unwrap().1;
    let fields = format!("token={token}&password=poplars+and+elms");
    let reset = submit(&server, page, "/dashboard/reset", &fields);
    assert!(reset.starts_with("HTTP/1.1 303"), "{reset}");
    assert_eq!(signs_in(&server, "bo@example.org", PASSWORD), "401");
    assert_eq!(
        signs_in(&server, "bo@example.org", "poplars and elms"),
        "303"
    );
    let again = submit(&server, page, "/dashboard/reset", &fields);
    assert!(again.starts_with("HTTP/1.1 410"), "{again}");

    let none = user(at, &["disable-totp", "bo@example.org"]);
    assert_eq!(printed(&none), "There was no second factor.");
    assert!(
        user(at, &["remove", "bo@example.org", "--yes"])
            .status
            .success()
    );
    assert_eq!(
        signs_in(&server, "bo@example.org", "poplars and elms"),
        "401"
    );
    assert!(server.stop().success());
}
