//! `POST /oauth/revoke` (RFC 7009) and `POST /oauth/introspect` (RFC 7662).

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::OAuthError;
use super::parameters::Parameters;
use crate::OAuth;

/// Revokes; 200 also for a token that is unknown, so that nothing can be learned from it.
pub(super) async fn revoke(
    State(oauth): State<OAuth>,
    parameters: Parameters,
) -> Result<Response, OAuthError> {
    let client = parameters.client(&oauth).await?;
    oauth.revoke(&client, parameters.need("token")?).await?;
    Ok([(header::CACHE_CONTROL, "no-store")].into_response())
}

/// RFC 7662, 2.2. Members of an inactive token are left out.
#[derive(Serialize, Default)]
struct Introspected {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
}

/// Introspects a token of the asking application, which proves itself as a client or with its
/// management token as bearer.
pub(super) async fn introspect(
    State(oauth): State<OAuth>,
    parameters: Parameters,
) -> Result<Response, OAuthError> {
    let application = parameters.application(&oauth).await?;
    let found = oauth
        .introspect(application, parameters.need("token")?)
        .await?;
    let body = found.map_or_else(Introspected::default, |found| Introspected {
        active: true,
        scope: Some(found.scope.to_string()),
        client_id: Some(application.to_string()),
        sub: Some(found.user.to_string()),
        exp: Some(found.expires_at.seconds()),
        iat: Some(found.issued_at.seconds()),
        iss: Some(oauth.settings().issuer.clone()),
        token_type: found.is_access_token.then_some("Bearer"),
        mode: Some(found.mode.as_str()),
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}
