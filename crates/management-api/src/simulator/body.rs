//! Bodies of requests: JSON that says it is JSON.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::error::ManagementError;

/// The body, read. A handler that takes it takes nothing but JSON that is called so, which pages
/// cannot send unasked.
#[derive(Debug, Clone)]
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = ManagementError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ManagementError> {
        if !is_json(request.headers()) {
            let advice = "Send the body as JSON, with content-type: application/json.";
            return Err(ManagementError::validation("content-type", advice));
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| ManagementError::validation("body", "Send a body of 256 KiB at most."))?;
        let read = serde_json::from_slice(&body);
        read.map(Self).map_err(|error| {
            let advice = format!("The body is not what this takes: {error}.");
            ManagementError::validation("body", advice)
        })
    }
}

/// Whether the body is called JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let named = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    named.is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    })
}
