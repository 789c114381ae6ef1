//! Step 7: the brand or the car cannot be connected.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::run::Step;

use crate::frame::{Frame, country_name};
use crate::grant;
use crate::visit::Visit;
use carport_web::words::filters;

#[derive(Template)]
#[template(path = "connect/incompatible.html")]
struct IncompatiblePage {
    frame: Frame,
    heading: String,
    lead: String,
    again: &'static str,
    car: Option<String>,
}

/// Says so, and asks whether the application may know which car it was. The box starts empty:
/// vehicle data goes back only with the owner's consent (contract connect-oauth, A.9.2).
pub(crate) async fn get_incompatible(visit: Visit) -> Response {
    if let Some(instead) = visit.turned_away(Step::Incompatible) {
        return instead;
    }
    let walk = &visit.walk;
    let progress = &walk.run.progress;
    let app = &walk.application.name;
    let car = progress.vehicles.first();
    let (heading, lead) = match (car, walk.brand()) {
        (Some(car), _) if !walk.settings.takes(Some(car.powertrain)) => (
            "This car cannot be connected".to_owned(),
            format!(
                "{} Your {} is none of them.",
                grant::taken(walk),
                grant::name_of(walk, car)
            ),
        ),
        (Some(car), _) => (
            "This car cannot be connected".to_owned(),
            format!(
                "Your {} does not offer what {app} needs.",
                grant::name_of(walk, car)
            ),
        ),
        (None, Some(brand)) if !walk.is_wanted(&brand.id, &progress.country) => (
            format!("{app} does not connect {} cars", brand.name),
            format!(
                "{app} has chosen the brands it works with, and {} is not among them.",
                brand.name
            ),
        ),
        (None, Some(brand)) => (
            format!("{} cannot be connected yet", brand.name),
            format!(
                "{} cars in {} cannot be reached from here.",
                brand.name,
                country_name(&progress.country)
            ),
        ),
        (None, None) => (
            "Your brand cannot be connected yet".to_owned(),
            format!("{app} cannot reach cars of brands that are not on the list."),
        ),
    };
    let page = IncompatiblePage {
        frame: visit.frame("Not compatible", Some(Step::Incompatible)),
        heading,
        lead,
        again: if car.is_some() { "login" } else { "brand" },
        car: car.map(|car| format!("VIN {}, {}", car.vin.as_str(), grant::name_of(walk, car))),
    };
    Visit::show(StatusCode::OK, page)
}
