//! The ways in.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::Mode;
use carport_model::token::draw_secret;
use carport_store::Tx;
use carport_store::owners::visits;
use carport_web::Pairs;
use carport_web::words::choice::{self, Choice};
use carport_web::words::{Text, filters, t};

use super::frame::{MeFrame, show};
use super::problem::MeError;
use super::sign_in::LONGEST;
use super::visitor::{Guest, Posted, with_cookie};
use crate::frame::{BrandView, Note, wrong};

#[derive(Template)]
#[template(path = "connect/me/sign-in.html")]
struct WaysPage {
    frame: MeFrame,
    trouble: Option<Note>,
    by_code: bool,
    email: String,
    modes: Vec<ModeView>,
    brands: Vec<BrandView>,
    typed: String,
    mode: &'static str,
    languages: Vec<Choice>,
}

/// A mode that can be chosen.
struct ModeView {
    value: &'static str,
    title: Text,
    checked: bool,
}

/// The ways in.
pub(crate) async fn get_ways(guest: Guest, RawQuery(query): RawQuery) -> Response {
    let is_in = guest
        .visit
        .as_ref()
        .is_some_and(|visit| visit.entered_at.is_some());
    if is_in {
        return Redirect::to("/me").into_response();
    }
    let query = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let page = ways(&guest, &query, None, "");
    show(&guest, StatusCode::OK, page)
}

/// The ways in, after something was wrong with the e-mail address.
pub(crate) fn show_with(guest: &Guest, status: StatusCode, trouble: Note, email: &str) -> Response {
    let email: String = email.chars().take(LONGEST).collect();
    let page = ways(guest, &Pairs::default(), Some(trouble), &email);
    show(guest, status, page)
}

fn ways(guest: &Guest, query: &Pairs, trouble: Option<Note>, email: &str) -> WaysPage {
    let owners = &guest.services.owners;
    let asked = query.get("mode").and_then(|mode| mode.parse().ok());
    let mode = asked.filter(|mode| owners.modes.contains(mode));
    let mode: Option<Mode> = mode.or_else(|| owners.modes.first().copied());
    let typed: String = query
        .get("q")
        .unwrap_or_default()
        .trim()
        .chars()
        .take(40)
        .collect();
    let mut brands: Vec<BrandView> = Vec::new();
    if mode.is_some() {
        let found = guest.services.catalogue.brands.iter();
        let found = found.filter(|brand| typed.is_empty() || brand.is_found_by(&typed));
        brands = found.map(BrandView::of).collect();
    }
    let title = t("See who sees your cars");
    let title = match trouble {
        Some(_) => wrong(title),
        None => title.plain(),
    };
    WaysPage {
        frame: MeFrame::of(guest, title),
        trouble,
        by_code: owners.mailer.is_some(),
        email: email.to_owned(),
        modes: mode_views(&owners.modes, mode),
        brands,
        typed,
        mode: mode.map_or("", Mode::as_str),
        languages: choice::choices(),
    }
}

/// Keeps the language that was chosen.
pub(crate) async fn choose_language(Posted { guest, form }: Posted) -> Response {
    let is_https = guest.services.public_url.is_https();
    choice::keep(&form, is_https, Redirect::to("/me"))
}

/// Nothing when there is nothing to choose.
fn mode_views(modes: &[Mode], chosen: Option<Mode>) -> Vec<ModeView> {
    if modes.len() < 2 {
        return Vec::new();
    }
    let view = |mode: &Mode| ModeView {
        value: mode.as_str(),
        title: match mode {
            Mode::Live => t("Real cars"),
            Mode::Simulated => t("Simulated cars"),
            Mode::Test => t("Test cars"),
        },
        checked: Some(*mode) == chosen,
    };
    modes.iter().map(view).collect()
}

/// Ends the visit.
pub(crate) async fn sign_out(Posted { guest, .. }: Posted) -> Result<Response, MeError> {
    let cookie = guest.cookie();
    let unit = async move |tx: &mut Tx<'_>| visits::end(tx, &cookie).await;
    guest.services.store.write(unit).await?;
    let fresh = draw_secret(&guest.services.rng);
    let answer = Redirect::to("/me/sign-in");
    Ok(with_cookie(&guest.services, &fresh, answer))
}
