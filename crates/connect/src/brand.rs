//! Step 2: which brand the car is.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::Brand;
use carport_model::run::Step;
use carport_web::Pairs;
use carport_web::words::{filters, t};

use crate::flow::Walk;
use crate::frame::{BrandView, Frame, Note, country_name};
use crate::problem::ConnectError;
use crate::visit::{Posted, Visit};

#[derive(Template)]
#[template(path = "connect/brand.html")]
struct BrandPage {
    frame: Frame,
    notice: Option<Note>,
    typed: String,
    count: String,
    brands: Vec<BrandView>,
}

/// The longest search text that is shown again, in characters.
const TYPED: usize = 40;

/// Shows the brands of the country, or those that a search finds.
pub(crate) async fn get_brand(visit: Visit, RawQuery(query): RawQuery) -> Response {
    if let Some(instead) = visit.turned_away(Step::Brand) {
        return instead;
    }
    let query = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let typed = query.get("q").unwrap_or_default().trim();
    page(&visit, typed.chars().take(TYPED).collect(), StatusCode::OK)
}

/// Keeps the brand and goes on; an empty `make` is *My brand is not here*.
pub(crate) async fn choose_brand(Posted { visit, form }: Posted) -> Result<Response, ConnectError> {
    if let Some(instead) = visit.turned_away(Step::Brand) {
        return Ok(instead);
    }
    let Some(make) = form.all("make").next() else {
        return Ok(page(
            &visit,
            String::new(),
            StatusCode::UNPROCESSABLE_ENTITY,
        ));
    };
    let brand = visit.walk.services.catalogue.brands.find(make);
    if brand.is_none() && !make.is_empty() {
        let typed = make.chars().take(TYPED).collect();
        return Ok(page(&visit, typed, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let step = visit
        .walk
        .choose_brand(brand.map(|brand| brand.id.clone()))
        .await?;
    Ok(visit.to_page(StatusCode::SEE_OTHER, step))
}

fn page(visit: &Visit, typed: String, status: StatusCode) -> Response {
    let walk = &visit.walk;
    let country = &walk.run.progress.country;
    let found = walk.services.catalogue.brands.iter();
    let found = found.filter(|brand| typed.is_empty() || brand.is_found_by(&typed));
    let (offered, elsewhere): (Vec<&Brand>, Vec<&Brand>) =
        found.partition(|brand| walk.is_offered(&brand.id, country));
    let notice = if offered.is_empty() {
        Some(not_found(walk, &typed, elsewhere.first().copied()))
    } else {
        preset_elsewhere(walk).filter(|_| typed.is_empty())
    };
    let count = match offered.len() {
        1 => t("1 brand").plain(),
        count => t("{count} brands").with("count", count).plain(),
    };
    let page = BrandPage {
        frame: visit.frame(t("Choose your brand"), Some(Step::Brand)),
        notice,
        typed,
        count,
        brands: offered.into_iter().map(BrandView::of).collect(),
    };
    Visit::show(status, page)
}

fn not_found(walk: &Walk, typed: &str, elsewhere: Option<&Brand>) -> Note {
    match elsewhere {
        Some(brand) => elsewhere_note(walk, brand),
        None => Note::new(
            t("We do not know “{typed}” yet.").with("typed", typed),
            t("Check the spelling, or choose “My brand is not here”."),
        ),
    }
}

/// The link names a brand that this country does not have (contract connect-oauth, A.3, row 8).
fn preset_elsewhere(walk: &Walk) -> Option<Note> {
    let preset = walk.run.request.make.as_ref()?;
    let country = &walk.run.progress.country;
    if walk.is_offered(preset, country) {
        return None;
    }
    walk.services
        .catalogue
        .brands
        .get(preset)
        .map(|brand| elsewhere_note(walk, brand))
}

/// Why a known brand is not on the list: its service is not in the country, or the application
/// has not chosen it.
fn elsewhere_note(walk: &Walk, brand: &Brand) -> Note {
    let country = &walk.run.progress.country;
    if !walk.is_wanted(&brand.id, country) {
        return Note::new(
            t("{app} does not connect {brand} cars.")
                .with("app", &walk.application.name)
                .with("brand", &brand.name),
            t("Choose another brand, or go back to the application."),
        );
    }
    Note::new(
        t("{brand} cannot be connected in {country} yet.")
            .with("brand", &brand.name)
            .with("country", country_name(country)),
        t("Choose another brand, or go back one page if your car is in another country."),
    )
}
