//! Step 4: the one-time code that some brands send.

use askama::Template;
use axum::response::Response;
use carport_model::Mode;
use carport_model::run::Step;
use carport_web::Pairs;
use carport_web::words::{Text, filters, t};

use crate::frame::{BrandView, Frame, Note, wrong};
use crate::login::{self, Asked, Attempt, Trouble};
use crate::problem::ConnectError;
use crate::visit::{LastPosted, Visit};

/// The longest code that is passed on, in characters.
const LONGEST: usize = 64;

#[derive(Template)]
#[template(path = "connect/mfa.html")]
struct MfaPage {
    frame: Frame,
    brand: BrandView,
    trouble: Option<Note>,
    mode_notice: Option<Text>,
}

/// Shows the form.
pub(crate) async fn get_mfa(visit: Visit) -> Response {
    match visit.turned_away(Step::Mfa) {
        None => page(&visit, None),
        Some(instead) => instead,
    }
}

/// Passes the code to the connector.
pub(crate) async fn confirm(
    LastPosted { visit, form }: LastPosted,
) -> Result<Response, ConnectError> {
    visit.once(confirmed(&visit, &form)).await
}

async fn confirmed(visit: &Visit, form: &Pairs) -> Result<Response, ConnectError> {
    if let Some(instead) = visit.turned_away(Step::Mfa) {
        return Ok(instead);
    }
    let code = form.get("otp").unwrap_or_default().trim();
    let attempt = if code.is_empty() {
        Attempt::Refused(Trouble::Incomplete)
    } else if login::is_malformed(code, LONGEST) {
        Attempt::Refused(Trouble::Malformed)
    } else {
        visit.walk.confirm(code).await?
    };
    Ok(match attempt {
        Attempt::Next(next) => login::goes_on(visit, next),
        Attempt::Refused(trouble) => page(visit, Some(trouble)),
    })
}

fn page(visit: &Visit, trouble: Option<Trouble>) -> Response {
    let Some(brand) = visit.walk.brand().map(BrandView::of) else {
        return visit.to_page(axum::http::StatusCode::SEE_OTHER, Step::Start);
    };
    let title = t("One-time code");
    let title = match trouble {
        Some(_) => wrong(title),
        None => title.plain(),
    };
    let page = MfaPage {
        frame: visit.frame(title, Some(Step::Mfa)),
        trouble: trouble.map(|trouble| login::note(trouble, &brand, Asked::Code)),
        brand,
        mode_notice: match visit.walk.run.request.mode {
            Mode::Live => None,
            Mode::Test => Some(t("Test mode. The code is 000000.")),
            Mode::Simulated => Some(t("Simulated mode. The code is 000000.")),
        },
    };
    login::with_retry(Visit::show(login::status(trouble), page), trouble)
}
