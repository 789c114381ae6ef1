//! The `Authorization` header of the token endpoint; on lines of their own, an id and a secret.

#![no_main]

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carport_oauth::http::fuzzing::{Read, read};
use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

fn read_header(value: &[u8]) -> Option<Read> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_bytes(value).ok()?);
    read(&headers, b"").ok()
}

fuzz_target!(|input: &[u8]| {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let header = lines.next().unwrap_or_default();
    if let Some(found) = read_header(header) {
        assert!(found.basic.is_none() || found.bearer.is_none());
        if let Some((id, secret)) = &found.basic {
            round_trip(id, secret.as_deref().unwrap_or_default());
        }
    }
    let id = std::str::from_utf8(lines.next().unwrap_or_default());
    let secret = std::str::from_utf8(lines.next().unwrap_or_default());
    if let (Ok(id), Ok(secret)) = (id, secret) {
        round_trip(id, secret);
    }
});

/// What a client writes is what the server reads: strict clients escape both halves (RFC 6749, 2.3.1),
/// SDKs write them as they are, which tells the same as long as there is nothing to escape.
fn round_trip(id: &str, secret: &str) {
    let escaped = |half| utf8_percent_encode(half, NON_ALPHANUMERIC).to_string();
    sent(&format!("{}:{}", escaped(id), escaped(secret)), id, secret);
    if !id.contains([':', '%']) && !secret.contains('%') {
        sent(&format!("{id}:{secret}"), id, secret);
    }
}

fn sent(credentials: &str, id: &str, secret: &str) {
    let header = format!("Basic {}", STANDARD.encode(credentials));
    let found = read_header(header.as_bytes()).expect("a proper header is read");
    let secret = (!secret.is_empty()).then(|| secret.to_owned());
    assert_eq!(found.basic, Some((id.to_owned(), secret)));
}
