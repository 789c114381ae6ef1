//! The server as clients meet it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::Server;
use tempfile::tempdir;

#[test]
fn the_ready_line_repeats_with_its_seed() {
    let folder = tempdir().unwrap();
    let start = |seed: &str| {
        Server::start(
            folder.path(),
            &["dev", "--tutorial-port", "0", "--seed", seed],
        )
    };
    let first = start("0");
    let members = |value: &serde_json::Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        members(&first.ready),
        "url dashboardUrl tutorialUrl application simulations"
    );
    let application = &first.ready["application"];
    assert_eq!(
        members(application),
        "id name clientId clientSecret managementToken redirectUris webhookId"
    );
    assert_eq!(application["id"], application["clientId"]);
    assert_eq!(application["name"], "Getting started");
    assert_eq!(application["redirectUris"].as_array().unwrap().len(), 5);
    assert!(!first.line.contains("null"));
    let again = start("0");
    let other = start("1");
    for member in ["id", "clientSecret", "managementToken", "webhookId"] {
        assert_eq!(again.ready["application"][member], application[member]);
        assert_ne!(other.ready["application"][member], application[member]);
    }
    assert_eq!(again.ready["simulations"], first.ready["simulations"]);
    for member in ["id", "vehicleId", "username", "password"] {
        let first = &first.ready["simulations"][0][member];
        assert_ne!(other.ready["simulations"][0][member], *first, "{member}");
    }
}

/// The redirect page of the browser SDK is registered where its address stays the same; otherwise
/// a kept folder would fill with old ones.
#[test]
fn a_front_end_has_its_redirect_page() {
    let folder = tempdir().unwrap();
    let uris = |more: &[&str]| {
        let dev = ["dev", "--no-tutorial"];
        let server = Server::start(folder.path(), &[&dev, more].concat());
        server.ready["application"]["redirectUris"].to_string()
    };
    let page = "/v2/redirect?app_origin=http://localhost:3000";
    let original = format!("https://javascript-sdk.smartcar.com{page}");
    let moving = uris(&[]);
    assert!(moving.contains(&original) && moving.matches(page).count() == 1);
    let fixed = uris(&["--public-url", "http://localhost:2277"]);
    assert!(
        fixed.contains(&format!("http://localhost:2277{page}")),
        "{fixed}"
    );
}

#[test]
fn a_kept_data_folder_repeats_nothing_but_its_application() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let request_id = |server: &Server| {
        let answer = server.get("/healthz");
        let line = answer
            .lines()
            .find(|line| line.starts_with("sc-request-id"))
            .unwrap();
        line.to_owned()
    };
    let first = Server::start(at, &["dev", "--no-tutorial", "--data", "data"]);
    let (application, id) = (first.ready["application"].clone(), request_id(&first));
    let key = at.join("data/carport.key");
    assert_eq!(
        std::fs::metadata(key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(first.stop().code(), Some(0));
    let second = Server::start(at, &["dev", "--no-tutorial", "--data", "data"]);
    assert_eq!(second.ready["application"], application);
    assert_ne!(request_id(&second), id);
    // A second server on the same folder would not see what the first one ended.
    let output = crate::support::run(
        at,
        &[
            "dev",
            "--no-tutorial",
            "--data",
            "data",
            "--listen",
            "127.0.0.1:0",
        ],
    );
    assert!(crate::support::complaint(&output).contains("another server runs"));
}

#[test]
fn health_metrics_and_unknown_paths() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path(), &["dev", "--no-tutorial"]);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    let metrics = server.get("/metrics");
    assert!(metrics.contains("carport_requests_total{method=\"GET\",route=\"/healthz\""));
    let unknown = server.get("/nothing/here");
    assert!(
        unknown.starts_with("HTTP/1.1 404") && unknown.contains("not_found"),
        "{unknown}"
    );
    let version = server.get("/vJohnny%20Appleseed/user");
    assert!(version.contains("\"code\":\"VERSION\""), "{version}");
    let numeric = server.get("//v99999999.99//user/?x=1");
    assert!(numeric.contains("\"type\":\"AUTHENTICATION\""), "{numeric}");
    assert!(server.get("/").contains("location: /dashboard"));
}

#[test]
fn odd_requests_get_clear_answers() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path(), &["dev", "--no-tutorial"]);
    let status = |request: &[u8]| {
        let answer = server.talk(request);
        answer
            .split(' ')
            .nth(1)
            .unwrap_or("closed")
            .trim()
            .to_owned()
    };
    // HTTP/1.0 is served and told so.
    assert!(
        server
            .talk(b"GET /healthz HTTP/1.0\r\n\r\n")
            .starts_with("HTTP/1.0 200")
    );
    let post = |kind: &str, body: &[u8]| {
        let mut request = format!(
            "POST /oauth/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {kind}\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        server.talk(&request)
    };
    for (kind, body) in [
        ("application/json", &b"{\"grant_type\":"[..]),
        ("application/json", b"[]"),
        ("application/x-www-form-urlencoded", b"grant_type=\xff\xfe"),
        (
            "application/x-www-form-urlencoded",
            b"grant_type=%ff%fe&client_id=a",
        ),
    ] {
        let answer = post(kind, body);
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(answer.contains("\"error\":\"invalid_request\""), "{answer}");
        assert!(answer.contains("sc-request-id: "), "{answer}");
    }
    let large = post("application/x-www-form-urlencoded", &vec![b'a'; 100_000]);
    assert!(large.starts_with("HTTP/1.1 413"), "{large}");
    let long_header = format!(
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n",
        "y".repeat(100_000)
    );
    assert_eq!(status(long_header.as_bytes()), "431");
    assert_eq!(status(b"nonsense\r\n\r\n"), "400");
    assert_eq!(status(b"GET /v2.0/user HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \xff\r\nconnection: close\r\n\r\n"), "401");
    let delete = status(b"DELETE /oauth/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert_eq!(delete, "405");
}

#[test]
fn http_2_with_prior_knowledge() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path(), &["dev", "--no-tutorial"]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    // Preface and an empty SETTINGS frame (RFC 9113, 3.4): a server that speaks it answers with SETTINGS.
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .unwrap();
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).unwrap();
    assert_eq!(frame[3], 4, "a SETTINGS frame comes first");
}

#[test]
fn the_tutorial_application_answers() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path(), &["dev", "--tutorial-port", "0"]);
    let address = server.ready["tutorialUrl"]
        .as_str()
        .expect("dev has a tutorial");
    let (host, _) = address
        .trim_start_matches("http://")
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!("GET /login HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
