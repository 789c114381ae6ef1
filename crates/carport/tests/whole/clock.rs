//! The clock of a running `dev` server: what expires by it, and how it is moved.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::fleet::{Answer, Fleet, send, told};
use crate::support::{Server, complaint, run};

/// Sends JSON to the control API.
fn control(server: &Server, line: &str, body: &Value) -> Answer {
    let kind = "content-type: application/json";
    send(server, line, &[kind], &body.to_string())
}

fn advance(server: &Server, by: &str) -> Answer {
    let body = json!({ "by": by });
    let answer = control(server, "POST /simulator/v1/clock/advance", &body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

fn dev(at: &Path) -> Server {
    Server::start(at, &["dev", "--no-tutorial", "--data", "data"])
}

/// The shortest way from a code to tokens, and from tokens to newer ones.
fn tokens(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    let token = |name: &str| body[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

#[test]
fn tokens_and_codes_expire_by_it() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = dev(at);
    let fleet = Fleet::on(&server, at);
    let exchange = |code: &str| {
        let form = format!("grant_type=authorization_code&code={code}");
        fleet.grant(&server, "/oauth/token", &form)
    };
    let refresh = |token: &str| {
        let form = format!("grant_type=refresh_token&refresh_token={token}");
        fleet.grant(&server, "/oauth/token", &form)
    };
    let user = |token: &str| {
        let bearer = format!("authorization: Bearer {token}");
        send(&server, "GET /v2.0/user", &[&bearer], "").status
    };
    let code = || fleet.code(at, "KIA", "somebody@example.net");
    // Time stands, so that only what is said here passes.
    assert_eq!(
        control(&server, "POST /simulator/v1/clock/freeze", &json!({})).status,
        200
    );
    let (access, first) = tokens(&exchange(&code()));
    assert_eq!(user(&access), 200);
    advance(&server, "1h59m59s");
    assert_eq!(user(&access), 200);
    // The cache knows the token and tells no one any longer.
    advance(&server, "2s");
    assert_eq!(user(&access), 401);
    let (access, second) = tokens(&refresh(&first));
    assert_eq!(user(&access), 200);

    let late = code();
    let in_time = code();
    advance(&server, "9m59s");
    tokens(&exchange(&in_time));
    advance(&server, "2s");
    assert_eq!(exchange(&late).json()["error"], "invalid_request");

    advance(&server, "P59D");
    let (_, third) = tokens(&refresh(&second));
    advance(&server, "60d");
    let refused = refresh(&third);
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (400, &json!("invalid_request"))
    );
}

#[test]
fn ten_years_pass_at_once_and_sweep_what_is_over() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = dev(at);
    let fleet = Fleet::on(&server, at);
    let before = advance(&server, "0s").json()["now"]
        .as_str()
        .unwrap()
        .to_owned();
    let after = advance(&server, "3650d").json()["now"]
        .as_str()
        .unwrap()
        .to_owned();
    let year = |instant: &str| instant[..4].parse::<i32>().unwrap();
    assert!(year(&after) - year(&before) >= 9, "{before} {after}");
    assert_eq!(fleet.get(&server, "/v2.0/user").status, 401);
    // The rows are gone when the answer is there.
    server.stop();
    let database = at.join("data").join("carport.db");
    let url = format!("sqlite:{}", database.display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let left = runtime.block_on(async {
        use carport_store::{Store, StoreError, Tx};
        let store = Store::open(&url.parse().unwrap()).await.unwrap();
        let now = carport_model::Timestamp::from_millis(32_503_680_000_000);
        let swept = store
            .write(async move |tx: &mut Tx<'_>| carport_store::sweep::sweep(tx, now).await)
            .await;
        let swept: Result<_, StoreError> = swept;
        let swept = swept.unwrap();
        swept.token_pairs + swept.codes
    });
    assert_eq!(left, 0);
}

#[test]
fn a_restart_begins_with_the_machines_time() {
    let folder = tempdir().unwrap();
    let ahead = |server: &Server| {
        let shown = server.get("/simulator/v1/clock");
        let (_, body) = shown.split_once("\r\n\r\n").unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        body["aheadSeconds"].as_f64().unwrap()
    };
    let server = dev(folder.path());
    advance(&server, "2h");
    assert!((ahead(&server) - 7200.0).abs() < 1.0);
    server.stop();
    assert!(ahead(&dev(folder.path())).abs() < 1.0);
}

#[test]
fn commands_move_it() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let _server = dev(at);
    let clock = |arguments: &[&str]| -> Value {
        let all = [&["clock"], arguments, &["--data", "data", "--json"]].concat();
        serde_json::from_str(&told(at, &all)).unwrap()
    };
    assert_eq!(clock(&["freeze"])["isFrozen"], true);
    clock(&["set", "2100-01-01T00:00:00Z"]);
    let advanced = clock(&["advance", "90s"]);
    assert_eq!(advanced["now"], "2100-01-01T00:01:30.000Z");
    assert_eq!(clock(&["speed", "60"])["speed"], 60.0);
    let shown = told(at, &["clock", "show", "--data", "data"]);
    assert!(
        shown.starts_with("2100-01-01T00:01:30.000Z  stands"),
        "{shown}"
    );
    assert_eq!(clock(&["resume"])["isFrozen"], false);
    for (arguments, reason) in [
        (["set", "2099-12-31"], "the clock does not run backwards"),
        (["advance", "-2h"], "not negative"),
        (["advance", "soon"], "write a length of time"),
        (["speed", "0"], "0.1 to 3600"),
        (["speed", "-1"], "0.1 to 3600"),
    ] {
        let output = run(
            at,
            &[&["clock"], &arguments[..], &["--data", "data"]].concat(),
        );
        let complaint = complaint(&output);
        assert_eq!(output.status.code(), Some(1), "{complaint}");
        assert!(complaint.contains(reason), "{complaint}");
    }
}

#[test]
fn serve_keeps_the_machines_time() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(at, &["serve", "--data", "data"]);
    let output = run(at, &["clock", "advance", "2h", "--data", "data"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complaint(&output).contains("carport dev"),
        "{}",
        complaint(&output)
    );
    let answer = control(
        &server,
        "POST /simulator/v1/clock/advance",
        &json!({ "by": "2h" }),
    );
    assert_eq!(answer.status, 401);
    server.stop();
    // Nor is there a clock without a server.
    let output = run(at, &["clock", "show", "--data", "data"]);
    assert_eq!(output.status.code(), Some(1));
}
