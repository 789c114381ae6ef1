//! The session that a request belongs to, by its cookie.

use std::time::Duration;

use axum::http::header::{ACCEPT, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::Secret;
use carport_web::cookie::{self, Cookie};
use carport_web::words::t;
use carport_web::{Problem, PublicUrl};

use super::SignedIn;
use super::browser::client;
use crate::Dashboard;
use crate::accounts::{LIVES, stored};

/// Characters of the cookie.
const LENGTH: usize = 43;

/// Who is signed in in the browser of a request, and what the cookie says.
pub(super) async fn find(
    parts: &Parts,
    dashboard: &Dashboard,
) -> Result<Option<(SignedIn, String)>, Problem> {
    let name = cookie_name(&dashboard.public_url);
    let Some(token) = cookie::read(&parts.headers, name).filter(|token| token.len() == LENGTH)
    else {
        return Ok(None);
    };
    let client = client(parts);
    let found = dashboard.accounts.session(token, &client.address).await;
    let found = found.map_err(|error| stored(&error))?;
    Ok(found.map(|(session, member)| (SignedIn { member, session }, token.to_owned())))
}

/// What a request without a session gets: pages lead to the sign-in and back.
pub(super) fn missing(parts: &Parts) -> Response {
    let accept = parts
        .headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    // Whoever asks for a stream of events cannot follow to a page.
    let is_page =
        accept.is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"));
    let is_stream = accept.is_some_and(|accept| accept.contains("text/event-stream"));
    if parts.method == Method::GET && is_page && !is_stream {
        let next = parts
            .uri
            .path_and_query()
            .map_or("/dashboard", |path| path.as_str());
        let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        return Redirect::to(&format!("/dashboard/sign-in?next={next}")).into_response();
    }
    let lead = t("You are not signed in, or no longer. Nothing was changed.");
    Problem::new(StatusCode::UNAUTHORIZED, t("Sign in first"), lead)
        .advice(t("Open the Dashboard, sign in, and do it again."))
        .into_response()
}

/// Puts the cookie of a new session on an answer.
pub(crate) fn session_cookie(
    mut response: Response,
    token: &Secret<String>,
    public_url: &PublicUrl,
) -> Response {
    set(&mut response, token.expose(), LIVES, public_url);
    response
}

/// Takes the cookie away.
pub(crate) fn ended_cookie(mut response: Response, public_url: &PublicUrl) -> Response {
    set(&mut response, "", Duration::ZERO, public_url);
    response
}

fn set(response: &mut Response, value: &str, lives: Duration, public_url: &PublicUrl) {
    let cookie = Cookie {
        name: cookie_name(public_url),
        value,
        // The prefix asks for the whole of the host.
        path: if public_url.is_https() {
            "/"
        } else {
            "/dashboard"
        },
        lives,
        secure: public_url.is_https(),
    };
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// Behind TLS the prefix keeps the cookie to this host, and others from planting it.
fn cookie_name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_https() {
        "__Host-carport_session"
    } else {
        "carport_session"
    }
}
