//! Cookies: what is set is read back, beside whatever else a browser sends.
//! Each line of the input is a header; the last is a value to set.

#![no_main]

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use carport_web::cookie::{Cookie, read};
use libfuzzer_sys::fuzz_target;

const NAME: &str = "carport_run";

fuzz_target!(|input: &[u8]| {
    let mut lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let value = String::from_utf8_lossy(lines.pop().unwrap_or_default());
    let secure = input.len().is_multiple_of(2);
    let mut headers = HeaderMap::new();
    for line in lines {
        if let Ok(line) = HeaderValue::from_bytes(line) {
            headers.append(COOKIE, line);
        }
    }
    let found = read(&headers, NAME).map(str::to_owned);
    if let Some(found) = &found {
        assert!(!found.contains(';'), "a value ends at its semicolon");
        let sent = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok());
        assert!(
            sent.into_iter()
                .any(|line| line.contains(&format!("{NAME}={found}")))
        );
    }
    // A value as Carport makes them survives the way to the browser and back.
    let value: String = value
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    let cookie = Cookie {
        name: NAME,
        value: &value,
        path: "/connect",
        lives: Duration::from_secs(60),
        secure,
    };
    let set = HeaderValue::try_from(cookie).expect("such a cookie is a legal header");
    let set = set.to_str().unwrap();
    assert_eq!(set.contains("; Secure"), secure);
    let pair = set.split(';').next().unwrap();
    headers.append(COOKIE, HeaderValue::try_from(pair).unwrap());
    // The first one sent wins (RFC 6265, 5.4).
    let expected = found.unwrap_or(value);
    assert_eq!(read(&headers, NAME), Some(expected.as_str()));
});
