//! Step 1: who asks, what will happen, and in which country the car is.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::country::{COUNTRIES, Country};
use carport_model::permission::Access;
use carport_model::run::Step;

use crate::flow::Walk;
use crate::frame::Frame;
use crate::problem::ConnectError;
use crate::visit::{Posted, Visit};

#[derive(Template)]
#[template(path = "connect/start.html")]
struct StartPage {
    frame: Frame,
    purpose: &'static str,
    chooses_brand: bool,
    countries: Vec<CountryOption>,
}

struct CountryOption {
    code: &'static str,
    name: &'static str,
    selected: bool,
}

/// The address of the run itself leads to its current page.
pub(crate) async fn get_current(visit: Visit) -> Response {
    visit.to_page(StatusCode::FOUND, visit.walk.run.progress.step)
}

/// Shows the preamble.
pub(crate) async fn get_start(visit: Visit) -> Response {
    if let Some(instead) = visit.turned_away(Step::Start) {
        return instead;
    }
    let title = format!("Connect your car to {}", visit.walk.application.name);
    let page = StartPage {
        frame: visit.frame(&title, Some(Step::Start)),
        purpose: purpose(&visit.walk),
        chooses_brand: visit.walk.chooses_brand(),
        countries: countries(&visit.walk.run.progress.country),
    };
    Visit::show(StatusCode::OK, page)
}

/// Keeps the country and goes on.
pub(crate) async fn choose_country(
    Posted { visit, form }: Posted,
) -> Result<Response, ConnectError> {
    if let Some(instead) = visit.turned_away(Step::Start) {
        return Ok(instead);
    }
    let chosen = form.get("country").and_then(Country::find);
    let kept = Country::find(&visit.walk.run.progress.country);
    let country = chosen
        .or(kept)
        .unwrap_or(visit.walk.services.default_country);
    let step = visit.walk.choose_country(country).await?;
    Ok(visit.to_page(StatusCode::SEE_OTHER, step))
}

fn purpose(walk: &Walk) -> &'static str {
    let asked = walk.run.request.scope.permissions();
    let any = |access| {
        asked
            .as_slice()
            .iter()
            .any(|asked| asked.spec().access == access)
    };
    match (any(Access::See), any(Access::Do)) {
        (true, true) => "read data from, and send commands to,",
        (false, true) => "send commands to",
        (_, false) => "read data from",
    }
}

fn countries(selected: &str) -> Vec<CountryOption> {
    COUNTRIES
        .iter()
        .map(|country| CountryOption {
            code: country.code,
            name: country.name,
            selected: country.code == selected,
        })
        .collect()
}
