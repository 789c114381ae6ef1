//! The two scripts that applications load from here: `/sdk.js` and `/v2/redirect.js`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use carport_web::{Problem, assets};
use serde_json::Value;

use crate::Services;

/// Reads Connect's answer off the address and posts it to the window behind. Constant, so that our
/// own page allows it by its hash.
pub(super) const REDIRECT: &str = include_str!("../../../../templates/connect/redirect.js");

/// The SDK, with [`PUBLIC_URL`] in it.
const SDK: &str = include_str!("../../../../assets/sdk.js");

/// Stands for our public address: where the SDK finds Connect when it cannot tell where it was
/// loaded from, as in a bundle.
const PUBLIC_URL: &str = "'{{public_url}}'";

/// The SDK, the same under every version: there is one.
pub(crate) async fn get_versioned_sdk(
    state: State<Arc<Services>>,
    Path(version): Path<String>,
    headers: HeaderMap,
) -> Response {
    if is_version(&version) {
        get_sdk(state, headers).await
    } else {
        Problem::not_found().into_response()
    }
}

/// The SDK.
pub(crate) async fn get_sdk(State(services): State<Arc<Services>>, headers: HeaderMap) -> Response {
    // JSON's strings are JavaScript's.
    let public_url = Value::from(services.public_url.to_string()).to_string();
    script(SDK.replace(PUBLIC_URL, &public_url), &headers)
}

/// The script for redirect pages of an application's own.
pub(crate) async fn get_redirect_script(headers: HeaderMap) -> Response {
    script(REDIRECT.to_owned(), &headers)
}

/// Three numbers, and what semantic versioning lets follow them.
fn is_version(text: &str) -> bool {
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let mut numbers = text[..end].split('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    numbers
        .by_ref()
        .take(3)
        .filter(|part| is_number(part))
        .count()
        == 3
        && numbers.next().is_none()
}

/// A script that any page may load, with integrity hashes and in isolated pages too. Its name says
/// nothing about what is in it, so browsers ask again after ten minutes.
fn script(text: String, asked: &HeaderMap) -> Response {
    const HEADERS: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ];
    let tag = assets::tag(&text);
    let mut response = if assets::is_held(&tag, asked) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        text.into_response()
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for version in ["2.14.1", "0.0.0", "2.15.0-beta.1", "2.14.1+carport"] {
            assert!(is_version(version), "{version}");
        }
        for other in [
            "", "2", "2.14", "2.14.1.0", "2.x.1", "v2.14.1", "-2.14.1", "..", "é.1.1",
        ] {
            assert!(!is_version(other), "{other}");
        }
    }
}
