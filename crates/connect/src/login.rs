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
use carport_web::words::{Text, filters, t};

use crate::flow::{Next, Walk};
use crate::frame::{BrandView, Frame, Note, wrong};
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
    mode_notice: Option<Text>,
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
    let sign_in = t("Sign in to {brand}").with("brand", &brand.name).plain();
    let title = match trouble {
        Some(_) => wrong(sign_in),
        None => sign_in,
    };
    let response = Visit::show(
        status(trouble),
        LoginPage {
            frame: visit.frame(title, Some(Step::Login)),
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
fn mode_notice(walk: &Walk) -> Option<Text> {
    Some(match (walk.run.request.mode, &walk.subject) {
        (Mode::Live, _) => return None,
        (Mode::Test, None) => {
            t("Test mode. Any e-mail and password will do. Do not type a real one.")
        }
        (Mode::Simulated, None) => {
            t("Simulated mode. Any e-mail and password will do. Do not type a real one.")
        }
        (Mode::Test, Some(_)) => t(
            "Test mode. The e-mail that connected the car and any password will do. Do not type a \
             real one.",
        ),
        (Mode::Simulated, Some(_)) => t(
            "Simulated mode. The e-mail that connected the car and any password will do. Do not \
             type a real one.",
        ),
    })
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
    match trouble {
        Trouble::Incomplete => Note::new(
            t("Something is missing."),
            t("Fill in every field, then continue."),
        ),
        Trouble::Malformed => Note::new(
            t("This cannot be right."),
            t("It is too long, or it holds characters that no keyboard types. Type it again."),
        ),
        Trouble::Wrong { left } => refused(brand, asked, left),
        Trouble::Locked { seconds } => locked(brand, asked, seconds),
        Trouble::Unreachable => Note::new(
            t("{brand} did not answer.").with("brand", &brand.name),
            t("Nothing is wrong with what you typed. Wait a minute, then try again."),
        ),
    }
}

fn refused(brand: &BrandView, asked: Asked, left: u32) -> Note {
    let name = &brand.name;
    let what = match asked {
        Asked::Password => {
            t("{brand} did not accept this e-mail and password.").with("brand", name)
        }
        Asked::Code => t("{brand} did not accept this code.").with("brand", name),
    };
    let tries = if left == 1 {
        t(
            "Check what you typed and send it again. You have 1 try left before this page pauses \
             for 30 seconds.",
        )
        .plain()
    } else {
        t(
            "Check what you typed and send it again. You have {left} tries left before this page \
             pauses for 30 seconds.",
        )
        .with("left", left)
        .plain()
    };
    let check = match asked {
        Asked::Password => t(
            "If the {service} app lets you in, check that the country on the first page is right.",
        )
        .with("service", &brand.service)
        .plain(),
        Asked::Code => t("Use the newest code you were sent.").plain(),
    };
    Note::new(what, format!("{tries} {check}"))
}

fn locked(brand: &BrandView, asked: Asked, seconds: u64) -> Note {
    let name = &brand.name;
    let what = match asked {
        Asked::Password => {
            t("{brand} did not accept this e-mail and password several times.").with("brand", name)
        }
        Asked::Code => t("{brand} did not accept this code several times.").with("brand", name),
    };
    let opens = if seconds == 1 {
        t("You can try again in 1 second.").plain()
    } else {
        t("You can try again in {seconds} seconds.")
            .with("seconds", seconds)
            .plain()
    };
    let meanwhile = match asked {
        Asked::Password => t("Meanwhile, check that the password works in the {service} app.")
            .with("service", &brand.service)
            .plain(),
        Asked::Code => t("Meanwhile, look for a newer code.").plain(),
    };
    Note::new(what, format!("{opens} {meanwhile}"))
}
