//! The tongue of v2.0: JSON answers, and error bodies that carry the request's id and the address
//! of a page. Shared by the doors that speak it. Source: contract rest-v2, 1.5 and 5.
//!
//! A door wraps [`Failure`] in an error of its own, which knows what its failures mean; around
//! its routes goes [`Render`], which writes the bodies.

mod body;
mod failure;
mod old;
mod render;

pub use body::{Detail, ErrorBody, Field, ResolutionBody};
pub use failure::{Failure, doc_path, kebab, status};
pub use old::OldVersion;
pub use render::Render;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde::Serialize;

/// What most bodies have room in, those of batches included.
const USUAL_BYTES: usize = 1024;

/// A JSON answer with the content type that SDKs look for.
#[must_use]
pub fn json(body: impl Into<Body>) -> Response {
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// A JSON answer of plain data: strings, numbers, lists, objects with text as keys.
#[must_use]
pub fn json_of(body: &impl Serialize) -> Response {
    let mut text = Vec::with_capacity(USUAL_BYTES);
    serde_json::to_writer(&mut text, body).expect("views are plain data");
    json(text)
}
