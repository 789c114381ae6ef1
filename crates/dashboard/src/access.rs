//! Who may use the pages that show and change things. Nobody signs in yet, so a `dev` server acts
//! for whoever sits at its machine, and a `serve` has no such pages. This is the one place where
//! that is decided: accounts will replace it.
//!
//! Other web pages must not act through the browser of whoever sits there: a post needs the cookie
//! of this page, a field that only this page can have written, and this server's own origin; and a
//! name that leads to this machine without being its own opens nothing at all.

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::header::{HOST, ORIGIN, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use carport_model::Rng;
use carport_web::cookie::{self, Cookie};
use carport_web::origin::{is_loopback, origin_of};
use carport_web::{Form, Pairs, Problem, PublicUrl, csrf};
use std::fmt::Write as _;
use std::time::Duration;

use crate::Dashboard;

/// For whom the pages act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// For everyone at this machine: a `dev` server.
    Everyone,
    /// For nobody: a `serve` without accounts.
    Nobody,
}

/// How long a browser keeps the cookie.
const LIVES: Duration = Duration::from_hours(24 * 30);
/// Bytes of the cookie.
const SECRET: usize = 16;
/// What browsers tell of where a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Somebody who may look.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// What binds the forms of the page to this browser.
    secret: String,
    /// A field for the forms of the page.
    pub csrf: String,
    /// The cookie to set, when the browser has none yet.
    cookie: Option<HeaderValue>,
}

impl Visitor {
    /// The page, with the cookie that its forms need.
    pub(crate) fn give(self, page: impl IntoResponse) -> Response {
        let mut response = page.into_response();
        if let Some(cookie) = self.cookie {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// A form that a page of this server posted.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    /// Who posted it.
    pub visitor: Visitor,
    /// Its fields.
    pub fields: Pairs,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor
where
    Dashboard: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let dashboard = Dashboard::from_ref(state);
        if dashboard.access == Access::Nobody {
            return Err(closed(&parts.method));
        }
        if own_origins(parts, &dashboard.public_url).is_none() {
            return Err(stranger(
                "This server is called by a name that it does not know.",
                "Call this machine as localhost.",
            ));
        }
        Ok(Self::of(&parts.headers, &dashboard))
    }
}

impl Visitor {
    fn of(headers: &HeaderMap, dashboard: &Dashboard) -> Self {
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
        Self {
            csrf: csrf::draw(&secret, &dashboard.rng),
            cookie: cookie.flatten(),
            secret,
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted
where
    Dashboard: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, state).await;
        let visitor = visitor.map_err(IntoResponse::into_response)?;
        let dashboard = Dashboard::from_ref(state);
        if !comes_from_here(&parts, &dashboard.public_url) {
            let lead = "This form was not sent by a page of this server.";
            return Err(stranger(lead, "Open the page yourself and send it again.").into_response());
        }
        let request = Request::from_parts(parts, body);
        let Form(fields) = Form::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        if !csrf::is_met(fields.get(csrf::FIELD), &visitor.secret) {
            let lead = "This form is older than the page's cookie, or was not sent by the page.";
            return Err(
                stranger(lead, "Load the page again and send it once more.").into_response()
            );
        }
        Ok(Self { visitor, fields })
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

/// The origins that are this server's own, by the name it was called; none for a name that is
/// neither its public one nor can only be this machine's.
fn own_origins(parts: &Parts, public_url: &PublicUrl) -> Option<[Option<String>; 2]> {
    let host = match parts.uri.authority() {
        Some(authority) => authority.as_str(),
        None => parts.headers.get(HOST)?.to_str().ok()?,
    };
    let public = origin_of(&public_url.to_string());
    let called = [format!("http://{host}"), format!("https://{host}")].map(|url| origin_of(&url));
    let is_public = public.is_some() && called.contains(&public);
    let [plain, _] = called;
    (is_public || is_loopback(host)).then_some([public, plain])
}

/// Whether the browser says that one of our own pages posted this, or does not say.
fn comes_from_here(parts: &Parts, public_url: &PublicUrl) -> bool {
    let text = |name| {
        parts
            .headers
            .get(name)
            .map(|value: &HeaderValue| value.to_str())
    };
    let own = own_origins(parts, public_url).unwrap_or_default();
    let is_own = match text(ORIGIN) {
        None => true,
        Some(Ok(origin)) => own.iter().flatten().any(|own| own == origin),
        Some(Err(_)) => false,
    };
    is_own && !matches!(text(FETCH_SITE), Some(Ok("cross-site" | "same-site")))
}

fn stranger(lead: &str, advice: &str) -> Problem {
    let title = "This cannot be done from here";
    Problem::new(StatusCode::FORBIDDEN, title, lead).advice(advice)
}

/// What a server without accounts says instead.
fn closed(method: &Method) -> Problem {
    let lead = if method == Method::POST {
        "Nothing was changed: this server has no accounts, so its pages act for nobody."
    } else {
        "This server has no accounts, so its pages act for nobody."
    };
    Problem::new(
        StatusCode::FORBIDDEN,
        "Simulated cars are not controlled here",
        lead,
    )
    .advice(
        "Use `carport simulation` on the server's machine, or the API below /simulator/v1 with \
         the management token of your application. A `carport dev` of your own has this page.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let request = headers
            .iter()
            .fold(Request::post("/x"), |request, (name, value)| {
                request.header(*name, *value)
            });
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn names_that_are_this_servers() {
        let url: PublicUrl = "https://cars.example".parse().unwrap();
        let known = |host| own_origins(&parts(&[("host", host)]), &url).is_some();
        assert!(known("localhost:2277") && known("127.0.0.1") && known("cars.example"));
        assert!(!known("evil.example") && !known("localhost.evil.example") && !known(""));
        assert!(own_origins(&parts(&[]), &url).is_none());
    }

    #[test]
    fn other_pages_are_told_by_their_origin() {
        let url: PublicUrl = "http://localhost:2277".parse().unwrap();
        let from = |headers: &[(&str, &str)]| {
            let mut all = vec![("host", "127.0.0.1:2277")];
            all.extend(headers);
            comes_from_here(&parts(&all), &url)
        };
        assert!(from(&[]));
        assert!(from(&[("origin", "http://localhost:2277")]));
        assert!(from(&[
            ("origin", "http://127.0.0.1:2277"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(!from(&[("origin", "http://localhost:3000")]));
        assert!(!from(&[("origin", "null")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[
            ("origin", "http://localhost:2277"),
            ("sec-fetch-site", "cross-site")
        ]));
    }
}
