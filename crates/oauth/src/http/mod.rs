//! The endpoints of the authorization server. Source: contract connect-oauth, 0, B.1 and B.7.

mod error;
#[doc(hidden)]
pub mod fuzzing;
mod metadata;
mod parameters;
mod token;
mod token_care;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use carport_web::Refusal;

use crate::OAuth;

/// Largest body any of these endpoints takes; a token request has a few hundred bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// The token endpoint by its own name.
const TOKEN: &str = "/oauth/token";

/// The route list. The first three are one endpoint, under the addresses that SDKs reach with a
/// bare origin or with the whole address in their variable (docs/quirks.md#token-endpoint-aliases).
pub fn routes(oauth: OAuth) -> Router {
    Router::new()
        .route(TOKEN, post(token::exchange))
        .route("/", post(token::exchange))
        .route("/oauth/token/oauth/token", post(token::exchange))
        .route("/oauth/revoke", post(token_care::revoke))
        .route("/oauth/introspect", post(token_care::introspect))
        .route(
            "/.well-known/oauth-authorization-server",
            get(metadata::show),
        )
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(oauth)
}

/// The answer to a request that was turned away in front of these endpoints.
#[must_use]
pub fn refused(refusal: Refusal) -> Response {
    error::OAuthError::refused(refusal).into_response()
}
