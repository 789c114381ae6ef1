//! Step 7: the brand or the car cannot be connected.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::run::Step;

use crate::frame::{Frame, country_name};
use crate::grant;
use crate::visit::Visit;
use carport_web::words::{filters, t};

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
        (Some(car), _) if !walk.settings.takes(Some(car.powertrain)) => {
            let none = t("Your {car} is none of them.").with("car", grant::name_of(walk, car));
            (
                t("This car cannot be connected").plain(),
                format!("{} {none}", grant::taken(walk)),
            )
        }
        (Some(car), _) => (
            t("This car cannot be connected").plain(),
            t("Your {car} does not offer what {app} needs.")
                .with("car", grant::name_of(walk, car))
                .with("app", app)
                .plain(),
        ),
        (None, Some(brand)) if !walk.is_wanted(&brand.id, &progress.country) => (
            t("{app} does not connect {brand} cars")
                .with("app", app)
                .with("brand", &brand.name)
                .plain(),
            t("{app} has chosen the brands it works with, and {brand} is not among them.")
                .with("app", app)
                .with("brand", &brand.name)
                .plain(),
        ),
        (None, Some(brand)) => (
            t("{brand} cannot be connected yet")
                .with("brand", &brand.name)
                .plain(),
            t("{brand} cars in {country} cannot be reached from here.")
                .with("brand", &brand.name)
                .with("country", country_name(&progress.country))
                .plain(),
        ),
        (None, None) => (
            t("Your brand cannot be connected yet").plain(),
            t("{app} cannot reach cars of brands that are not on the list.")
                .with("app", app)
                .plain(),
        ),
    };
    let page = IncompatiblePage {
        frame: visit.frame(t("Not compatible"), Some(Step::Incompatible)),
        heading,
        lead,
        again: if car.is_some() { "login" } else { "brand" },
        car: car.map(|car| {
            t("VIN {vin}, {car}.")
                .with("vin", car.vin.as_str())
                .with("car", grant::name_of(walk, car))
                .plain()
        }),
    };
    Visit::show(StatusCode::OK, page)
}
