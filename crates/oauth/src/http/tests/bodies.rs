//! Bodies of every kind: what is wrong is said, and nothing is ever our fault.

use axum::http::Method;
use proptest::prelude::*;
use serde_json::json;

use super::{Server, assert_invalid, assert_refused, granted};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const PATHS: [&str; 3] = ["/oauth/token", "/oauth/revoke", "/oauth/introspect"];

#[tokio::test]
async fn a_body_that_cannot_be_read_is_told() {
    let server = Server::new().await;
    for (kind, body, text) in [
        (JSON, &b"{"[..], "The body is not a JSON object."),
        (JSON, b"", "The body is not a JSON object."),
        (JSON, b"[]", "The body is not a JSON object."),
        (JSON, b"\"code\"", "The body is not a JSON object."),
        (
            JSON,
            b"{\"code\":\"\xff\"}",
            "The body is not a JSON object.",
        ),
        (JSON, b"{\"code\":7}", "Field code must be a string."),
        (JSON, b"{\"code\":[\"a\"]}", "Field code must be a string."),
        (JSON, b"{\"a\\u0007b\":7}", "Field ab must be a string."),
        (
            JSON,
            b"{\"code\":\"a\",\"code\":\"b\"}",
            "Field code is there twice with different values.",
        ),
        (FORM, b"code=\xff", "The body is not UTF-8."),
        (FORM, b"code=%ff", "The form is not UTF-8."),
        (FORM, b"%c3=a", "The form is not UTF-8."),
        (
            FORM,
            b"code=a&code=b",
            "Field code is there twice with different values.",
        ),
        (
            FORM,
            b"code=a&co%64e=b",
            "Field code is there twice with different values.",
        ),
    ] {
        for path in PATHS {
            let answer = server.form(path, &[]).body(kind, body).send().await;
            assert_invalid(&answer, text);
        }
    }
}

#[tokio::test]
async fn equal_repeats_empty_fields_and_strangers_do_no_harm() {
    let server = Server::new().await;
    let token = &server.car.refresh_token;
    let form = format!(
        "&&grant_type=refresh_token&grant_type=refresh_token&refresh_token={token}&code=&\
         refresh_token=&colour&=&50%=%zz&"
    );
    let text = "application/x-www-form-urlencoded; charset=utf-8";
    for kind in [
        FORM,
        text,
        "text/plain",
        "APPLICATION/X-WWW-FORM-URLENCODED",
    ] {
        granted(&server.token(&[]).body(kind, form.clone()).send().await);
    }
    let body =
        format!("{{\"grant_type\":\"refresh_token\",\"refresh_token\":\"{token}\",\"code\":null}}");
    for kind in [JSON, "Application/JSON; charset=utf-8"] {
        granted(&server.token(&[]).body(kind, body.clone()).send().await);
    }
}

/// Each field is compared with those before it, which thousands must not be.
#[tokio::test]
async fn a_body_has_64_fields_at_most() {
    let server = Server::new().await;
    let fields = |count: usize| -> String {
        let start = "grant_type=refresh_token&refresh_token=x".to_owned();
        start + &(2..count).map(|n| format!("&f{n}=1")).collect::<String>()
    };
    let fits = server.token(&[]).body(FORM, fields(64)).send().await;
    assert_invalid(&fits, "Invalid refresh_token: x.");
    let more = server.token(&[]).body(FORM, fields(65)).send().await;
    assert_invalid(&more, "The body has too many fields.");
}

#[tokio::test]
async fn a_body_has_64_kib_at_most() {
    let server = Server::new().await;
    let start = "grant_type=refresh_token&refresh_token=";
    let fits = format!("{start}{}", "a".repeat(64 * 1024 - start.len()));
    let answer = server.token(&[]).body(FORM, fits.clone()).send().await;
    assert_invalid(
        &answer,
        &format!("Invalid refresh_token: {}.", "a".repeat(128)),
    );
    for path in PATHS {
        for kind in [FORM, JSON] {
            let answer = server
                .form(path, &[])
                .body(kind, format!("{fits}a"))
                .send()
                .await;
            assert_refused(
                &answer,
                413,
                "invalid_request",
                "The body is larger than 64 KiB.",
            );
        }
    }
}

#[tokio::test]
async fn another_method_is_told_which_one_to_use() {
    let server = Server::new().await;
    let text = "This address does not take this method; see the Allow header.";
    for path in PATHS.into_iter().chain(["/"]) {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let answer = server.app.request(method, path).send().await;
            assert_refused(&answer, 405, "invalid_request", text);
            assert_eq!(answer.header("allow"), "POST");
        }
    }
    let answer = server
        .app
        .post("/.well-known/oauth-authorization-server")
        .send()
        .await;
    assert_refused(&answer, 405, "invalid_request", text);
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn success_is_exactly_200() {
    // Go reads any other status as an error.
    let server = Server::new().await;
    assert_eq!(server.refresh(&server.car.refresh_token).await.status, 200);
    let body = json!({"token": server.car.access_token});
    let request = server.form("/oauth/revoke", &[]).json(&body);
    assert_eq!(request.send().await.status, 200);
}

/// Bodies that come near to a real one, so that all branches are met.
fn near_bodies() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
        "grant_type",
        "code",
        "refresh_token",
        "redirect_uri",
        "code_verifier",
        "client_id",
        "client_secret",
        "token",
        "token_type_hint",
        "",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "authorization_code",
            "refresh_token",
            "undefined",
            "\u{0}",
            "%00"
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let fields = prop::collection::vec((name, value), 0..6);
    prop_oneof![
        fields.clone().prop_map(|fields| {
            form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish()
                .into()
        }),
        fields.prop_map(|fields| {
            let members: serde_json::Map<_, _> = fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect();
            serde_json::Value::Object(members).to_string().into()
        }),
        prop::collection::vec(any::<u8>(), 0..200),
    ]
}

#[test]
fn no_body_is_our_fault() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let server = runtime.block_on(Server::new());
    let kinds = prop::sample::select(vec![FORM, JSON, "", "text/plain", "multipart/form-data"]);
    let headers = prop_oneof![
        Just(None),
        "[ -~]{0,40}".prop_map(Some),
        "Basic [A-Za-z0-9+/]{0,20}={0,2}".prop_map(Some),
        "Bearer [ -~]{0,20}".prop_map(Some),
    ];
    let paths = prop::sample::select(PATHS.to_vec());
    let requests = (paths, kinds, headers, near_bodies());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&requests, |(path, kind, header, body)| {
            let mut request = server.form(path, &[]).body(kind, body);
            if let Some(header) = header {
                request = request.header("authorization", &header);
            }
            let answer = runtime.block_on(request.send());
            prop_assert!(answer.status.as_u16() < 500, "{answer:?}");
            prop_assert!(answer.status == 200 || answer.json()["error_description"].is_string());
            Ok(())
        })
        .unwrap();
}
