//! The form of the token endpoint, or after a `J` the same fields as JSON.

#![no_main]

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use carport_oauth::http::fuzzing::{FIELDS, read};
use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

fuzz_target!(|input: &[u8]| {
    let Some((kind, body)) = input.split_first() else {
        return;
    };
    let mut headers = HeaderMap::new();
    if *kind == b'J' {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let Ok(found) = read(&headers, body) else {
        return;
    };
    assert!(found.basic.is_none() && found.bearer.is_none());
    assert!(found.fields.len() <= FIELDS);
    for (index, (name, value)) in found.fields.iter().enumerate() {
        assert!(!value.is_empty(), "an empty field counts as absent");
        assert!(found.fields[..index].iter().all(|(other, _)| other != name));
    }
    // Whatever was read means the same when it is written properly.
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = found.fields.iter();
    let form: Vec<_> = pairs
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    let again = read(&HeaderMap::new(), form.join("&").as_bytes());
    assert_eq!(again.expect("a proper form").fields, found.fields);
});
