//! Who may use the pages that show and change things. Nobody signs in yet, so a `dev` server acts
//! for whoever sits at its machine, and a `serve` has no such pages. This is the one place where
//! that is decided: accounts will replace it.
//!
//! Other web pages must not act through the browser of whoever sits there: a post needs the cookie
//! of this page, a field that only this page can have written, and this server's own origin; and a
//! name that leads to this machine without being its own opens nothing at all.

mod upload;

use std::fmt::Write as _;
use std::time::Duration;

use crate::Dashboard;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use carport_model::{Action, ApplicationId, Digest, Rng, Role};
use carport_web::cookie::{self, Cookie};
use carport_web::sender::Called;
use carport_web::{Form, Pairs, Problem, PublicUrl, csrf};

pub(crate) use upload::{LARGEST, Uploading};

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

/// For whom a request acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// Who the audit log says it was: no e-mail, no name.
    pub actor: String,
    /// What they may do.
    pub role: Role,
    /// The applications that an editor or viewer is limited to; `None` for no limit.
    pub only: Option<Vec<ApplicationId>>,
}

impl Member {
    /// Whoever sits at the machine of a `dev` server.
    fn at_this_machine() -> Self {
        Self {
            actor: "operator".to_owned(),
            role: Role::Owner,
            only: None,
        }
    }
}

/// Somebody who may look.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// Who it is.
    pub member: Member,
    /// What binds the forms of the page to this browser.
    secret: String,
    /// A field for the forms of the page.
    pub csrf: String,
    /// The cookie to set, when the browser has none yet.
    cookie: Option<HeaderValue>,
    /// Whether no page of a stranger sent the request.
    is_from_here: bool,
}

impl Visitor {
    /// Whether the application is one that they are shown.
    pub(crate) fn sees(&self, application: ApplicationId) -> bool {
        let only = self.member.only.as_ref();
        only.is_none_or(|only| only.contains(&application))
    }

    /// Refuses what the role does not allow. Every handler that changes something calls it.
    ///
    /// # Errors
    /// [`Forbidden`], a page that says which role is needed.
    pub(crate) fn may(&self, action: Action) -> Result<(), Forbidden> {
        let role = self.member.role;
        let allowed = role.may(action);
        allowed.then_some(()).ok_or(Forbidden { role, action })
    }

    /// What tells this browser from others; nothing can be done with it.
    pub(crate) fn browser(&self) -> Digest {
        Digest::of(&self.secret)
    }

    /// The page, with the cookie that its forms need.
    pub(crate) fn give(self, page: impl IntoResponse) -> Response {
        let mut response = page.into_response();
        if let Some(cookie) = self.cookie {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// The member's role does not allow what they asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Forbidden {
    role: Role,
    action: Action,
}

impl IntoResponse for Forbidden {
    fn into_response(self) -> Response {
        let title = "Your role does not allow this";
        let (role, least) = (self.role, self.action.least());
        let lead = format!("Your role is {role}; this needs {least} or more. Nothing was changed.");
        let advice = "Ask an owner of your team to do it, or to change your role.";
        let problem = Problem::new(StatusCode::FORBIDDEN, title, &lead);
        problem.advice(advice).into_response()
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
        let called = Called::of(parts, &dashboard.public_url.to_string());
        let called = called.ok_or_else(|| {
            let lead = "This server is called by a name that it does not know.";
            stranger(lead, "Call this machine as localhost.")
        })?;
        Ok(Self::of(&parts.headers, &called, &dashboard))
    }
}

impl Visitor {
    fn of(headers: &HeaderMap, called: &Called, dashboard: &Dashboard) -> Self {
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
            member: Member::at_this_machine(),
            csrf: csrf::draw(&secret, &dashboard.rng),
            cookie: cookie.flatten(),
            is_from_here: called.is_sent_by_own(headers),
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
        if !visitor.is_from_here {
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

/// A form of somebody who may change applications and what belongs to them.
#[derive(Debug, Clone)]
pub(crate) struct Editing(pub Posted);

impl<S: Send + Sync> FromRequest<S> for Editing
where
    Dashboard: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let posted = Posted::from_request(request, state).await?;
        let allowed = posted.visitor.may(Action::ModifyApplication);
        allowed.map_err(IntoResponse::into_response)?;
        Ok(Self(posted))
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
        "Use the command carport simulation on the server's machine, or the API below /simulator/v1 \
         with the management token of your application. A dev server of your own has this page.",
    )
}
