//! Step 6: the account has no car, or not the one the link names.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::run::Step;

use crate::frame::{BrandView, Frame};
use crate::grant;
use crate::visit::Visit;
use carport_web::words::{Text, filters, t};

#[derive(Template)]
#[template(path = "connect/no-vehicles.html")]
struct NoVehiclesPage {
    frame: Frame,
    heading: Text,
    lead: String,
    advice: String,
    brand: BrandView,
}

/// Says so, and how to add one.
pub(crate) async fn get_no_vehicles(visit: Visit) -> Response {
    if let Some(instead) = visit.turned_away(Step::NoVehicles) {
        return instead;
    }
    let Some(brand) = visit.walk.brand().map(BrandView::of) else {
        return visit.to_page(StatusCode::FOUND, Step::Start);
    };
    let BrandView { name, service, .. } = &brand;
    let walk = &visit.walk;
    let app = &walk.application.name;
    let elsewhere = t("That car is not in this account");
    let (heading, lead) = match (&walk.subject, &walk.run.request.single_select_vin) {
        // Whoever has the link may open this page: the VIN is for those who hold the car.
        (Some(subject), _) => (
            elsewhere,
            t("{app} asks for your {car}, and this {brand} account does not hold it.")
                .with("app", app)
                .with("car", grant::name_of(walk, &subject.vehicle.car))
                .with("brand", name)
                .plain(),
        ),
        (None, Some(vin)) => (
            elsewhere,
            t(
                "{app} asks for the car whose VIN ends in {tail}, and this {brand} account does \
                 not hold it.",
            )
            .with("app", app)
            .with("tail", vin.tail())
            .with("brand", name)
            .plain(),
        ),
        (None, None) => (
            t("There is no car in this account"),
            t("{brand} accepted your sign-in, but your account holds no car.")
                .with("brand", name)
                .plain(),
        ),
    };
    let page = NoVehiclesPage {
        frame: visit.frame(t("No car found"), Some(Step::NoVehicles)),
        heading,
        lead,
        advice: t("Add the car in the {service} app, or sign in with the account that holds it.")
            .with("service", service)
            .plain(),
        brand,
    };
    Visit::show(StatusCode::OK, page)
}
