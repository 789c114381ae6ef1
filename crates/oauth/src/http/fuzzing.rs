//! How `fuzz/` reaches the parser of requests, which is nobody else's business. Hidden rather than
//! a feature: it is part of every build that way and cannot rot.

use axum::http::HeaderMap;
use axum::response::Response;

use super::parameters::{self, Parameters};

/// Fields that a request may have.
pub const FIELDS: usize = parameters::FIELDS;

/// What was read of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Names and values, none empty, none twice.
    pub fields: Vec<(String, String)>,
    /// Basic credentials: id and secret.
    pub basic: Option<(String, Option<String>)>,
    /// Bearer token.
    pub bearer: Option<String>,
}

/// Reads a request as the token endpoint does.
///
/// # Errors
/// The answer to a request that cannot be read.
#[expect(
    clippy::result_large_err,
    reason = "the answer is what an endpoint returns"
)]
pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Read, Response> {
    Parameters::read(headers, body)
        .map(Parameters::into_read)
        .map_err(axum::response::IntoResponse::into_response)
}
