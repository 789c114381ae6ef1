//! Step 3: signing in at the brand.

mod attempt;

pub(crate) use attempt::{Attempt, Trouble};

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use carport_model::account::normalise_login;
use carport_model::run::Step;
use carport_model::{Mode, Secret};
use carport_web::Pairs;
use carport_web::words::filters;

use crate::flow::{Next, Walk};
use crate::frame::{BrandView, Frame, Note};
use crate::problem::ConnectError;
use crate::visit::{LastPosted, Visit};

/// The longest login, in characters: that of an e-mail address (RFC 5321, 4.5.3.1.3).
const LONGEST: usize = 254;

/// The longest password that is passed on, in bytes.
const PASSWORD: usize = 1024;

#[derive(Template)]
#[template(path = "connect/login.html")]
struct LoginPage {
    frame: Frame,
    brand: BrandView,
    other_brands: bool,
    trouble: Option<Note>,
    mode_notice: &'static str,
    login: String,
}

/// Shows the form.
pub(crate) async fn get_login(visit: Visit) -> Response {
    if let Some(instead) = visit.turned_away(Step::Login) {
        return instead;
    }
    let login = visit.walk.run.progress.login.clone().unwrap_or_default();
    page(&visit, None, login)
}

/// Signs in. The password goes to the connector and is kept nowhere.
pub(crate) async fn sign_in(
    LastPosted { visit, form }: LastPosted,
) -> Result<Response, ConnectError> {
    visit.once(signed_in(&visit, &form)).await
}

async fn signed_in(visit: &Visit, form: &Pairs) -> Result<Response, ConnectError> {
    if let Some(instead) = visit.turned_away(Step::Login) {
        return Ok(instead);
    }
    let mut login = form.get("username").unwrap_or_default().trim().to_owned();
    let password = Secret::new(form.get("password").unwrap_or_default().to_owned());
    let attempt = if login.is_empty() || password.expose().is_empty() {
        Attempt::Refused(Trouble::Incomplete)
    } else if is_malformed(&normalise_login(&login), LONGEST) || password.expose().len() > PASSWORD
    {
        login.clear();
        Attempt::Refused(Trouble::Malformed)
    } else {
        visit.walk.sign_in(&login, &password).await?
    };
    Ok(match attempt {
        Attempt::Next(next) => goes_on(visit, next),
        Attempt::Refused(trouble) => page(visit, Some(trouble), login),
    })
}

/// To the next page, or out.
pub(crate) fn goes_on(visit: &Visit, next: Next) -> Response {
    match next {
        Next::Page(step) => visit.to_page(StatusCode::SEE_OTHER, step),
        Next::Ended(ending) => visit.ends(ending),
    }
}

fn page(visit: &Visit, trouble: Option<Trouble>, login: String) -> Response {
    // The gate lets nobody in without a brand; an overlay may have lost it since.
    let Some(brand) = visit.walk.brand().map(BrandView::of) else {
        return visit.to_page(StatusCode::SEE_OTHER, Step::Start);
    };
    let sign_in = format!("Sign in to {}", brand.name);
    let title = match trouble {
        Some(_) => format!("Error: {sign_in}"),
        None => sign_in,
    };
    let response = Visit::show(
        status(trouble),
        LoginPage {
            frame: visit.frame(&title, Some(Step::Login)),
            trouble: trouble.map(|trouble| note(trouble, &brand, Asked::Password)),
            brand,
            other_brands: visit.walk.leaves_brand_open(),
            mode_notice: mode_notice(&visit.walk),
            login,
        },
    );
    with_retry(response, trouble)
}

/// What will do outside of live mode. A car that is connected already is in few accounts.
fn mode_notice(walk: &Walk) -> &'static str {
    match (walk.run.request.mode, &walk.subject) {
        (Mode::Live, _) => "",
        (Mode::Test, None) => "Test mode. Any e-mail and password will do. Do not type a real one.",
        (Mode::Simulated, None) => {
            "Simulated mode. Any e-mail and password will do. Do not type a real one."
        }
        (Mode::Test, Some(_)) => {
            "Test mode. The e-mail that connected the car and any password will do. Do not type a \
             real one."
        }
        (Mode::Simulated, Some(_)) => {
            "Simulated mode. The e-mail that connected the car and any password will do. Do not \
             type a real one."
        }
    }
}

/// Whether nobody can have meant to type this. A database may refuse control characters.
pub(crate) fn is_malformed(typed: &str, longest: usize) -> bool {
    typed.chars().count() > longest || typed.chars().any(char::is_control)
}

/// Status of a form that comes back.
pub(crate) fn status(trouble: Option<Trouble>) -> StatusCode {
    match trouble {
        None => StatusCode::OK,
        Some(Trouble::Locked { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(Trouble::Unreachable) => StatusCode::BAD_GATEWAY,
        Some(Trouble::Wrong { .. } | Trouble::Incomplete | Trouble::Malformed) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

/// Tells a client that reads headers when the form opens again.
pub(crate) fn with_retry(mut response: Response, trouble: Option<Trouble>) -> Response {
    if let Some(Trouble::Locked { seconds }) = trouble {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

/// The two forms of a sign-in, which fail in the same ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Password,
    Code,
}

/// What stands in the way, and what to do about it.
pub(crate) fn note(trouble: Trouble, brand: &BrandView, asked: Asked) -> Note {
    let BrandView { name, service, .. } = brand;
    let (what, check, meanwhile) = match asked {
        Asked::Password => (
            "this e-mail and password",
            format!("If {service} lets you in, check that the country on the first page is right."),
            format!("check that the password works in {service}"),
        ),
        Asked::Code => (
            "this code",
            "Use the newest code you were sent.".to_owned(),
            "look for a newer code".to_owned(),
        ),
    };
    let (what, then) = match trouble {
        Trouble::Incomplete => (
            "Something is missing.".to_owned(),
            "Fill in every field, then continue.".to_owned(),
        ),
        Trouble::Malformed => (
            "This cannot be right.".to_owned(),
            "It is too long, or it holds characters that no keyboard types. Type it again."
                .to_owned(),
        ),
        Trouble::Wrong { left } => {
            let tries = if left == 1 { "try" } else { "tries" };
            (
                format!("{name} did not accept {what}."),
                format!(
                    "Check what you typed and send it again. You have {left} {tries} left before \
                     this page pauses for 30 seconds. {check}"
                ),
            )
        }
        Trouble::Locked { seconds } => {
            let unit = if seconds == 1 { "second" } else { "seconds" };
            (
                format!("{name} did not accept {what} several times."),
                format!("You can try again in {seconds} {unit}. Meanwhile, {meanwhile}."),
            )
        }
        Trouble::Unreachable => (
            format!("{name} did not answer."),
            "Nothing is wrong with what you typed. Wait a minute, then try again.".to_owned(),
        ),
    };
    Note { what, then }
}
