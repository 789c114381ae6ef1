//! Signing in at a company's OpenID Connect provider.
//!
//! [`provider`] speaks its protocol through [`calls`], [`joining`] decides which member somebody is; here are the way
//! there and the way back. What is remembered between the two lies sealed in the browser alone.

mod calls;
mod claims;
#[cfg(test)]
mod fake;
mod joining;
mod provider;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use carport_model::Secret;
use carport_web::cookie::{self, Cookie};
use carport_web::words::t;
use carport_web::{Pairs, Problem};
use subtle::ConstantTimeEq as _;

use super::coming_in::proceeded;
use super::error::AccountError;
use super::{next, stored};
use crate::Dashboard;
use crate::access::Guest;
pub use calls::{Fetch, Unanswered};
pub use openidconnect::{HttpRequest, HttpResponse, IssuerUrl, RedirectUrl};
use provider::{Attempt, LIVES, ProviderError};
pub use provider::{Provider, Settings};

/// The way to the provider.
pub(super) const ENTRANCE: &str = "/dashboard/sign-in/openid";
/// The way back, which is registered there.
pub const RETURN: &str = "/dashboard/sign-in/openid/return";
/// Between the two.
const AWAY: &str = "carport_away";

/// The routes of signing in at a provider.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(ENTRANCE, get(leave))
        .route(RETURN, get(come_back))
}

/// The provider and what the address says; `None` where signing in has none.
fn asked<'a>(dashboard: &'a Dashboard, query: Option<&str>) -> Option<(&'a Provider, Pairs)> {
    let provider = dashboard.accounts.parts.provider.as_deref()?;
    let pairs = Pairs::parse(query.unwrap_or_default()).unwrap_or_default();
    Some((provider, pairs))
}

/// Sends somebody to the provider.
async fn leave(
    State(dashboard): State<Dashboard>,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Response {
    let Some((provider, pairs)) = asked(&dashboard, query.as_deref()) else {
        return guest.give(absent());
    };
    let accounts = &dashboard.accounts;
    let rng = &*accounts.parts.rng;
    let attempt = Attempt::draw(rng, next::safe(pairs.get("next")), accounts.now());
    match provider.entrance(&attempt).await {
        Ok(to) => {
            let kept = serde_json::to_string(&attempt).map(Secret::new);
            let kept = kept.expect("texts and a number are JSON");
            let sealed = accounts.parts.sealer.seal(&kept, AWAY, rng);
            let sealed = URL_SAFE_NO_PAD.encode(sealed);
            away(
                &dashboard,
                Redirect::to(to.as_str()).into_response(),
                &sealed,
            )
        }
        Err(error) => guest.give(not_in(&error)),
    }
}

/// Takes somebody back from the provider.
async fn come_back(
    State(dashboard): State<Dashboard>,
    headers: HeaderMap,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Response {
    let Some((provider, pairs)) = asked(&dashboard, query.as_deref()) else {
        return guest.give(absent());
    };
    let sealed = cookie::read(&headers, AWAY).unwrap_or_default();
    let Some(attempt) = attempt(&dashboard, sealed, pairs.get("state")) else {
        return guest.give(not_in(&ProviderError::Stale));
    };
    let person = match pairs
        .get("code")
        .filter(|_| provider.is_from_here(pairs.get("iss")))
    {
        Some(code) => provider.person(&attempt, code).await,
        None => Err(ProviderError::Refused(provider.name().to_owned())),
    };
    let response = match person {
        Err(error) => guest.give(not_in(&error)),
        Ok(person) => {
            let new_role = provider.settings.new_role;
            let came = dashboard.accounts.vouched(person, new_role, &guest.client);
            match came.await {
                Ok(came) => proceeded(&dashboard, &came, &attempt.next),
                Err(AccountError::Store(error)) => guest.give(stored(&error)),
                Err(error) => guest.give(kept_out(&error)),
            }
        }
    };
    away(&dashboard, response, "")
}

/// What this browser was sent away with, when the answer is to that and in time.
fn attempt(dashboard: &Dashboard, sealed: &str, state: Option<&str>) -> Option<Attempt> {
    let accounts = &dashboard.accounts;
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let kept = accounts.parts.sealer.open(&sealed, AWAY).ok()?;
    let attempt: Attempt = serde_json::from_str(kept.expose()).ok()?;
    let is_its = attempt.state.as_bytes().ct_eq(state?.as_bytes());
    (bool::from(is_its) && attempt.lives(accounts.now())).then_some(attempt)
}

/// Remembers in the browser with what it was sent away; forgets it when there is nothing.
fn away(dashboard: &Dashboard, mut response: Response, sealed: &str) -> Response {
    let cookie = Cookie {
        name: AWAY,
        value: sealed,
        path: ENTRANCE,
        lives: if sealed.is_empty() {
            std::time::Duration::ZERO
        } else {
            LIVES
        },
        secure: dashboard.public_url.is_https(),
    };
    if let Ok(cookie) = cookie.try_into() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

fn absent() -> Problem {
    let lead = t("This server knows no OpenID Connect provider.");
    Problem::new(StatusCode::NOT_FOUND, t("There is no such way in"), lead)
        .advice(t("Sign in with your e-mail address and password. Whoever runs this server can set oidc.issuer."))
}

fn not_in(error: &ProviderError) -> Problem {
    let (status, advice) = match error {
        ProviderError::Unanswered(_) => (
            StatusCode::BAD_GATEWAY,
            t(
                "Try again in a moment. If it stays so, tell whoever runs this server; its log says why.",
            ),
        ),
        ProviderError::Refused(_) | ProviderError::Unverified(_) => (
            StatusCode::FORBIDDEN,
            t("Try again. If it stays so, tell whoever runs this server; its log says why."),
        ),
        ProviderError::Stale => (
            StatusCode::FORBIDDEN,
            t("Go to the sign-in page and begin again."),
        ),
    };
    Problem::new(status, t("You are not signed in"), error.to_string()).advice(advice)
}

fn kept_out(error: &AccountError) -> Problem {
    let advice = t("Ask an owner of the team. Nothing was changed.");
    Problem::new(
        error.status(),
        t("You are not signed in"),
        error.to_string(),
    )
    .advice(advice)
}
