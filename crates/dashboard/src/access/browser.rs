//! The browser that asks, whoever sits at it: the cookie that its forms are bound to.

use std::fmt::Write as _;
use std::time::Duration;

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::HeaderValue;
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use carport_model::{Digest, Rng};
use carport_web::cookie::{self, Cookie};
use carport_web::sender::{Called, Remote};
use carport_web::words::t;
use carport_web::{Pairs, Problem, PublicUrl, csrf};

use super::{posted_from, stranger};
use crate::Dashboard;
use crate::accounts::Client;

/// How long a browser keeps the cookie.
const LIVES: Duration = Duration::from_hours(24 * 30);
/// Bytes of the cookie.
const SECRET: usize = 16;

/// A browser.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    /// What binds the forms of the page to this browser.
    secret: String,
    /// A field for the forms of the page.
    pub(super) csrf: String,
    /// The cookie to set, when the browser has none yet.
    cookie: Option<HeaderValue>,
    /// Whether no page of a stranger sent the request.
    is_from_here: bool,
}

impl Browser {
    /// The browser of a request that calls the server by a name of its own.
    pub(super) fn of(parts: &Parts, dashboard: &Dashboard) -> Result<Self, Box<Problem>> {
        let called = Called::of(parts, &dashboard.public_url.to_string());
        let called = called.ok_or_else(|| {
            let lead = t("This server is called by a name that it does not know.");
            Box::new(stranger(lead, t("Call this machine as localhost.")))
        })?;
        let headers = &parts.headers;
        let name = cookie_name(&dashboard.public_url);
        let held = cookie::read(headers, name).filter(|held| is_secret(held));
        let secret = held.map_or_else(|| draw_secret(&dashboard.rng), str::to_owned);
        let cookie = Cookie {
            name,
            value: &secret,
            path: "/dashboard",
            lives: LIVES,
            secure: dashboard.public_url.is_https(),
        };
        let cookie = held.is_none().then(|| HeaderValue::try_from(cookie).ok());
        Ok(Self {
            csrf: csrf::draw(&secret, &dashboard.rng),
            cookie: cookie.flatten(),
            is_from_here: called.is_sent_by_own(headers),
            secret,
        })
    }

    /// The same browser, whose forms belong to a session from now on.
    pub(super) fn bound_to(self, token: &str, dashboard: &Dashboard) -> Self {
        Self {
            csrf: csrf::draw(token, &dashboard.rng),
            secret: token.to_owned(),
            cookie: None,
            ..self
        }
    }

    /// What tells it from others.
    pub(super) fn digest(&self) -> Digest {
        Digest::of(&self.secret)
    }

    /// That no page of a stranger sent the request.
    pub(super) fn check_sender(&self) -> Result<(), Box<Problem>> {
        if self.is_from_here {
            return Ok(());
        }
        let lead = t("This form was not sent by a page of this server.");
        let advice = t("Open the page yourself and send it again.");
        Err(Box::new(stranger(lead, advice)))
    }

    /// That the field `token` was written by a page in this browser.
    pub(super) fn check_token(&self, token: Option<&str>) -> Result<(), Box<Problem>> {
        if csrf::is_met(token, &self.secret) {
            return Ok(());
        }
        let lead = t("This form is older than the page's cookie, or was not sent by the page.");
        let advice = t("Load the page again and send it once more.");
        Err(Box::new(stranger(lead, advice)))
    }

    /// The page, with the cookie that its forms need.
    pub(super) fn give(self, page: impl IntoResponse) -> Response {
        let mut response = page.into_response();
        if let Some(cookie) = self.cookie {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// Somebody who need not be signed in: who wants to be.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    /// A field for the forms of the page.
    pub csrf: String,
    /// Where they come from.
    pub client: Client,
    browser: Browser,
}

impl Guest {
    /// The page, with the cookie that its forms need.
    pub(crate) fn give(self, page: impl IntoResponse) -> Response {
        self.browser.give(page)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Guest
where
    Dashboard: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let dashboard = Dashboard::from_ref(state);
        let browser = Browser::of(parts, &dashboard).map_err(|problem| *problem)?;
        Ok(Self {
            csrf: browser.csrf.clone(),
            client: client(parts),
            browser,
        })
    }
}

/// A form that a page for guests posted.
#[derive(Debug, Clone)]
pub(crate) struct GuestPosted {
    /// Who posted it.
    pub guest: Guest,
    /// Its fields.
    pub fields: Pairs,
}

impl<S: Send + Sync> FromRequest<S> for GuestPosted
where
    Dashboard: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let guest = Guest::from_request_parts(&mut parts, state).await;
        let guest = guest.map_err(IntoResponse::into_response)?;
        let request = Request::from_parts(parts, body);
        let fields = posted_from(&guest.browser, request, state).await?;
        Ok(Self { guest, fields })
    }
}

/// Where a request comes from.
pub(super) fn client(parts: &Parts) -> Client {
    let remote = parts.extensions.get::<Remote>();
    let agent = parts
        .headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let unknown = || "unknown".to_owned();
    Client {
        network: remote.map_or_else(unknown, |remote| remote.subscriber()),
        address: remote.map_or_else(unknown, |remote| remote.roughly()),
        agent: agent.unwrap_or_default().to_owned(),
    }
}

/// Behind TLS the prefix keeps others from planting a cookie over plain HTTP.
fn cookie_name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_https() {
        "__Secure-carport_dashboard"
    } else {
        "carport_dashboard"
    }
}

fn is_secret(text: &str) -> bool {
    text.len() == 2 * SECRET && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn draw_secret(rng: &(impl Rng + ?Sized)) -> String {
    let mut bytes = [0; SECRET];
    rng.fill(&mut bytes);
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
