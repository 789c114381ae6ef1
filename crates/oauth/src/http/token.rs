//! `POST /oauth/token`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use carport_model::Application;
use serde::Serialize;

use super::error::OAuthError;
use super::parameters::Parameters;
use crate::exchange::Exchange;
use crate::{OAuth, TokenSet};

/// A successful answer; all four members are mandatory, Java throws when one is missing.
#[derive(Serialize)]
struct Body<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    refresh_token: &'a str,
}

/// Exchanges a code or a refresh token. Source: contract connect-oauth, B.1 to B.3.
pub(super) async fn exchange(
    State(oauth): State<OAuth>,
    parameters: Parameters,
) -> Result<Response, OAuthError> {
    let client = parameters.client(&oauth).await?;
    let granted = match parameters.fault(&oauth) {
        Some(refusal) => Err(refusal),
        None => grant(&oauth, &client, &parameters).await,
    };
    let mut response = granted.into_response();
    // Pages of a public client may read the answer, pages of other sites may not (B.7).
    if let Some(page) = parameters.page()
        && oauth.is_page_of(&client, page).await?
        && let Ok(origin) = HeaderValue::try_from(page)
    {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
    }
    Ok(response)
}

async fn grant(
    oauth: &OAuth,
    client: &Application,
    parameters: &Parameters,
) -> Result<Response, OAuthError> {
    match parameters.need("grant_type")? {
        "authorization_code" => {
            let code = parameters.need("code")?;
            let exchange = Exchange {
                code: code.to_owned(),
                redirect_uri: parameters.get("redirect_uri").map(str::to_owned),
                verifier: parameters.get("code_verifier").map(str::to_owned),
            };
            let tokens = oauth.exchange_code(client, exchange).await;
            tokens
                .map(|tokens| answer(&tokens))
                .map_err(|error| OAuthError::from_grant(error, code))
        }
        "refresh_token" => {
            let token = parameters.need("refresh_token")?;
            let tokens = oauth.refresh(client, token).await;
            tokens
                .map(|tokens| answer(&tokens))
                .map_err(|error| OAuthError::from_grant(error, token))
        }
        other => Err(OAuthError::unsupported_grant(other)),
    }
}

fn answer(tokens: &TokenSet) -> Response {
    let body = Body {
        access_token: tokens.access_token.expose(),
        token_type: "Bearer",
        expires_in: tokens.expires_in.as_secs(),
        refresh_token: tokens.refresh_token.expose(),
    };
    (
        [
            (header::CACHE_CONTROL, "no-store"),
            (header::PRAGMA, "no-cache"),
        ],
        Json(body),
    )
        .into_response()
}
