//! Step 6: the account has no car, or not the one the link names.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::run::Step;

use crate::frame::{BrandView, Frame};
use crate::grant;
use crate::visit::Visit;
use carport_web::words::filters;

#[derive(Template)]
#[template(path = "connect/no-vehicles.html")]
struct NoVehiclesPage {
    frame: Frame,
    heading: String,
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
    let wanted = match (&walk.subject, &walk.run.request.single_select_vin) {
        // Whoever has the link may open this page: the VIN is for those who hold the car.
        (Some(subject), _) => Some(format!(
            "your {}",
            grant::name_of(walk, &subject.vehicle.car)
        )),
        (None, Some(vin)) => Some(format!("the car whose VIN ends in {}", vin.tail())),
        (None, None) => None,
    };
    let (heading, lead) = match wanted {
        None => (
            "There is no car in this account".to_owned(),
            format!("{name} accepted your sign-in, but your account holds no car."),
        ),
        Some(car) => (
            "That car is not in this account".to_owned(),
            format!("{app} asks for {car}, and this {name} account does not hold it."),
        ),
    };
    let page = NoVehiclesPage {
        frame: visit.frame("No car found", Some(Step::NoVehicles)),
        heading,
        lead,
        advice: format!("Add the car in {service}, or sign in with the account that holds it."),
        brand,
    };
    Visit::show(StatusCode::OK, page)
}
