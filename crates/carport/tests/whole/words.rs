//! Pages in the language of their reader.

use std::fs;

use crate::support::{Server, complaint, run};
use carport_testkit::bracketed;
use tempfile::tempdir;

fn asked(server: &Server, path: &str, headers: &str) -> String {
    let host = server.address();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n\r\n");
    server.talk(request.as_bytes())
}

#[test]
fn readers_get_the_language_that_they_ask_for() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("words")).unwrap();
    fs::write(at.join("words/qps.toml"), bracketed()).unwrap();
    fs::write(
        at.join("words/sv.toml"),
        "\"There is nothing here\" = 'Här finns inget'",
    )
    .unwrap();
    fs::write(at.join("carport.toml"), "translations = 'words'").unwrap();
    let server = Server::start(at, &["dev", "--no-tutorial"]);
    for (path, text) in [
        ("/dashboard", "<h1>⟦Your Carport is running⟧</h1>"),
        ("/dashboard/simulator", "<h1>⟦Simulator⟧</h1>"),
        ("/oauth/authorize", "⟦"),
        ("/me/sign-in", "⟦"),
        ("/nowhere", "<h1>⟦There is nothing here⟧</h1>"),
    ] {
        let headers = "accept: text/html\r\naccept-language: fr, qps;q=0.9, en;q=0.5";
        let page = asked(&server, path, headers);
        assert!(page.contains(text), "{path}: {page}");
        assert!(page.contains("<html lang=\"qps\""), "{path}: {page}");
        let english = asked(
            &server,
            path,
            "accept: text/html\r\naccept-language: en, qps;q=0.9",
        );
        assert!(english.contains("<html lang=\"en\""), "{path}: {english}");
        // But for the name of the other language, where it can be chosen.
        let english = english.replace("⟦English⟧", "");
        assert!(!english.contains('⟦'), "{path}: {english}");
    }
    let page = asked(
        &server,
        "/nowhere",
        "accept: text/html\r\naccept-language: sv-SE",
    );
    assert!(page.contains("Här finns inget"), "{page}");
    // What is refused before any page is asked.
    let host = server.address();
    let broken = format!(
        "POST /me/code/send HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         accept: text/html\r\naccept-language: qps\r\ntransfer-encoding: chunked\r\n\r\nnothing\r\n"
    );
    let page = server.talk(broken.as_bytes());
    assert!(
        page.contains("<h1>⟦This form did not arrive whole⟧</h1>"),
        "{page}"
    );
    // The API speaks as ever.
    let answer = asked(&server, "/v2.0/vehicles", "accept-language: qps");
    assert!(
        answer.contains("AUTHENTICATION") && !answer.contains('⟦'),
        "{answer}"
    );
}

#[test]
fn a_translation_that_would_break_pages_stops_the_start() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("words")).unwrap();
    fs::write(at.join("carport.toml"), "translations = 'words'").unwrap();
    for (text, expected) in [
        ("\"Sign out\" = 3", "is not a text"),
        ("\"Sign out = 3", "is not TOML"),
        ("\"{n} cars\" = 'bilar'", "must have the same {values}"),
        ("\"Sign out\" = '<b>Ut</b>'", "must have the same tags"),
    ] {
        fs::write(at.join("words/sv.toml"), text).unwrap();
        let output = run(at, &["dev", "--no-tutorial", "--listen", "127.0.0.1:0"]);
        assert_eq!(output.status.code(), Some(1), "{text}");
        let line = complaint(&output);
        assert!(
            line.contains("sv.toml") && line.contains(expected),
            "{line}"
        );
        assert_eq!(line.lines().count(), 1, "{line}");
    }
}
