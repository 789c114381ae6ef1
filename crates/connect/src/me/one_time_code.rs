//! The one-time code that some brands send to who signs in.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use carport_connector::{LoginRefused, LoginStep};
use carport_model::{Brand, Mode};
use carport_store::Tx;
use carport_store::owners::{Identity, visits};

use super::code;
use super::frame::{MeFrame, show};
use super::problem::MeError;
use super::sign_in::keys;
use super::visitor::{Guest, Posted};
use crate::frame::{BrandView, Note, wrong};
use crate::login::{self, Asked, Trouble};
use carport_web::words::{Text, filters, t};

/// The longest code that is passed on, in characters.
const LONGEST: usize = 64;

#[derive(Template)]
#[template(path = "connect/me/one-time-code.html")]
struct OneTimeCodePage {
    frame: MeFrame,
    brand: BrandView,
    mode_notice: Option<Text>,
    trouble: Option<Note>,
}

/// The account whose brand sent a code.
fn awaited(guest: &Guest) -> Option<(Mode, &Brand)> {
    match &guest.waiting()?.identity {
        Identity::Account { mode, brand, .. } => {
            Some((*mode, guest.services.catalogue.brands.get(brand)?))
        }
        Identity::Email(_) => None,
    }
}

/// Shows the form for the brand's code.
pub(crate) async fn get_code(guest: Guest) -> Response {
    page(&guest, None)
}

fn page(guest: &Guest, trouble: Option<Trouble>) -> Response {
    let Some((mode, brand)) = awaited(guest) else {
        return Redirect::to("/me/sign-in").into_response();
    };
    let brand = BrandView::of(brand);
    let title = t("One-time code");
    let title = match trouble {
        Some(_) => wrong(title),
        None => title.plain(),
    };
    let page = OneTimeCodePage {
        frame: MeFrame::of(guest, title),
        trouble: trouble.map(|trouble| login::note(trouble, &brand, Asked::Code)),
        brand,
        mode_notice: match mode {
            Mode::Live => None,
            Mode::Test | Mode::Simulated => Some(t("This car does not exist. The code is 000000.")),
        },
    };
    show(guest, login::status(trouble), page)
}

/// Passes the code to the connector.
pub(crate) async fn confirm(Posted { guest, form }: Posted) -> Result<Response, MeError> {
    let Some((mode, _)) = awaited(&guest) else {
        return Ok(Redirect::to("/me/sign-in").into_response());
    };
    let code = form.get("otp").unwrap_or_default().trim();
    if code.is_empty() {
        return Ok(page(&guest, Some(Trouble::Incomplete)));
    }
    if login::is_malformed(code, LONGEST) {
        return Ok(page(&guest, Some(Trouble::Malformed)));
    }
    let services = &guest.services;
    let (cookie, now) = (guest.cookie(), services.now());
    let unit = async move |tx: &mut Tx<'_>| visits::take_try(tx, &cookie, now).await;
    let Some(left) = services.store.write(unit).await? else {
        // The brand has to send another one.
        return Ok(Redirect::to("/me/sign-in").into_response());
    };
    let Some(connector) = services.connectors.of(mode) else {
        return Ok(page(&guest, Some(Trouble::Unreachable)));
    };
    let identity = guest.waiting().map(|visit| visit.identity.clone());
    let keys = keys(services, &identity.ok_or(MeError::SignedOut)?).await?;
    for account in &keys {
        match connector.confirm(account, code).await {
            Ok(LoginStep::Done)
            | Err(LoginRefused::Subscription | LoginRefused::Incompatible(_)) => {}
            Ok(LoginStep::OneTimeCode) | Err(LoginRefused::Credentials) => {
                return Ok(page(&guest, Some(not_accepted(left))));
            }
            Err(LoginRefused::Fault(fault)) => {
                tracing::warn!(error = %fault, "the brand did not answer a code");
                return Ok(page(&guest, Some(Trouble::Unreachable)));
            }
        }
    }
    code::let_in(&guest).await
}

/// As Connect's own page counts, whose numbers are smaller.
fn not_accepted(left: u64) -> Trouble {
    Trouble::Wrong {
        left: u32::try_from(left).unwrap_or(u32::MAX),
    }
}
