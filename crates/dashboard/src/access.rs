//! Who may use the pages that show and change things: members who are signed in. On a `dev` server
//! everyone at its machine acts as the operator without signing in (docs/adr/0011). This is the one
//! place where that is decided.
//!
//! Other web pages must not act through the browser of whoever sits there: a post needs the cookie
//! of this page, a field that only this page can have written, and this server's own origin; and a
//! name that leads to this machine without being its own opens nothing at all.

mod browser;
mod session;
mod upload;

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use carport_model::{Action, ApplicationId, Digest, Role, Session};
use carport_web::words::{Text, say, t};
use carport_web::{Form, Pairs, Problem, csrf};

use crate::Dashboard;
use browser::Browser;
pub(crate) use browser::{Guest, GuestPosted};
pub(crate) use session::{ended_cookie, session_cookie};
pub(crate) use upload::{LARGEST, Uploading};

/// For whom the pages act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// For everyone at this machine, signed in or not: a `dev` server.
    Everyone,
    /// For nobody who has not signed in: a `serve`.
    Nobody,
}

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

    fn signed_in(member: &carport_model::Member) -> Self {
        Self {
            actor: member.actor(),
            role: member.role,
            only: member.only.clone(),
        }
    }
}

/// A member in a browser in which they are signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignedIn {
    /// Who.
    pub member: carport_model::Member,
    /// In which browser.
    pub session: Session,
}

/// Somebody who may look.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// Who it is.
    pub member: Member,
    /// Their account, unless they are just whoever sits at a `dev` server.
    pub signed_in: Option<SignedIn>,
    /// A field for the forms of the page.
    pub csrf: String,
    /// The browser they use.
    browser: Browser,
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
        self.browser.digest()
    }

    /// The page, with the cookie that its forms need.
    pub(crate) fn give(self, page: impl IntoResponse) -> Response {
        self.browser.give(page)
    }

    fn of(browser: Browser, signed_in: Option<SignedIn>) -> Self {
        Self {
            member: signed_in
                .as_ref()
                .map_or_else(Member::at_this_machine, |signed_in| {
                    Member::signed_in(&signed_in.member)
                }),
            csrf: browser.csrf.clone(),
            signed_in,
            browser,
        }
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
        let title = t("Your role does not allow this");
        let (role, least) = (self.role, self.action.least());
        let lead = t("Your role is {role}; this needs {least} or more. Nothing was changed.")
            .with("role", say(role.as_str()))
            .with("least", say(least.as_str()));
        let advice = t("Ask an owner of your team to do it, or to change your role.");
        let problem = Problem::new(StatusCode::FORBIDDEN, title, lead);
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
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let dashboard = Dashboard::from_ref(state);
        let browser = Browser::of(parts, &dashboard);
        let browser = browser.map_err(|problem| problem.into_response())?;
        let found = session::find(parts, &dashboard).await;
        match found.map_err(IntoResponse::into_response)? {
            Some((signed_in, token)) => {
                let browser = browser.bound_to(&token, &dashboard);
                Ok(Self::of(browser, Some(signed_in)))
            }
            None if dashboard.access == Access::Everyone => Ok(Self::of(browser, None)),
            None => Err(session::missing(parts)),
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
        let visitor = Visitor::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let fields = posted_from(&visitor.browser, request, state).await?;
        Ok(Self { visitor, fields })
    }
}

/// The fields of a form that a page of this server, in this browser, has written.
async fn posted_from<S: Send + Sync>(
    browser: &Browser,
    request: Request,
    state: &S,
) -> Result<Pairs, Response> {
    browser
        .check_sender()
        .map_err(|problem| problem.into_response())?;
    let Form(fields) = Form::from_request(request, state)
        .await
        .map_err(IntoResponse::into_response)?;
    let token = fields.get(csrf::FIELD);
    let checked = browser.check_token(token);
    checked.map_err(|problem| problem.into_response())?;
    Ok(fields)
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

/// Somebody who sees every application: for pages that do not tell them apart.
pub(crate) struct Unlimited;

impl FromRequestParts<Dashboard> for Unlimited {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &Dashboard) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        if visitor.member.only.is_none() {
            return Ok(Self);
        }
        let lead = t("This page shows the cars of all applications, and you are limited to some.");
        let problem = Problem::new(StatusCode::FORBIDDEN, t("This page is not for you"), lead);
        let advice = t("Use the API below /simulator/v1 with the management token of yours.");
        Err(problem.advice(advice).into_response())
    }
}

fn stranger(lead: Text, advice: Text) -> Problem {
    let title = t("This cannot be done from here");
    Problem::new(StatusCode::FORBIDDEN, title, lead).advice(advice)
}
