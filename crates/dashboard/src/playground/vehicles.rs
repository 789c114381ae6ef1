//! The fourth step: which vehicles there are, and what they are.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::{Secret, VehicleId};
use carport_web::Page;
use carport_web::words::{filters, t};
use serde_json::Value;

use super::callback::{held, over};
use super::runs::Car;
use super::steps::{Shown, Step};
use super::wire::{Came, Proof, Record, Sent};
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::frame::{Frame, Here};

/// Vehicles that are looked at.
const MOST: usize = 10;

#[derive(Template)]
#[template(path = "dashboard/try/vehicles.html")]
struct VehiclesPage {
    frame: Frame,
    csrf: String,
    steps: Vec<Shown>,
    record: Record,
    cars: Vec<Car>,
    again: String,
    calls: String,
    to_start: String,
}

/// Shows them.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    let run = match held(&dashboard, &visitor, &id) {
        Ok(run) => run,
        Err(response) => return *response,
    };
    let Some(record) = run.listing.clone() else {
        return Redirect::to(&Step::Tokens.address(&run)).into_response();
    };
    let title = match record.failure {
        Some(_) => t("Error: Vehicles"),
        None => t("Vehicles"),
    };
    let page = VehiclesPage {
        frame: Frame::of(title, Here::Playground, &visitor).scripted(),
        csrf: visitor.csrf.clone(),
        steps: Step::Vehicles.within(&run),
        again: Step::Vehicles.address(&run),
        calls: Step::Reading.address(&run),
        to_start: run.asked.again,
        cars: run.cars,
        record,
    };
    visitor.give(Page::new(page).names_itself().live())
}

/// Asks for them, and for what each is.
pub(crate) async fn ask(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let run = match held(&dashboard, &visitor, &id) {
        Ok(run) => run,
        Err(response) => return *response,
    };
    let Some(tokens) = &run.tokens else {
        return Redirect::to(&Step::Tokens.address(&run)).into_response();
    };
    let listing = read(&dashboard, &tokens.access, "/v2.0/vehicles".to_owned()).await;
    let mut cars = Vec::new();
    for id in ids(&listing) {
        let came = read(&dashboard, &tokens.access, format!("/v2.0/vehicles/{id}")).await;
        cars.push(car(id, came));
    }
    let (browser, now) = (visitor.browser(), dashboard.clock.now());
    let kept = dashboard.runs.change(run.id, &browser, now, move |run| {
        run.listing = Some(listing.record);
        run.cars = cars;
    });
    match kept {
        Some(()) => Redirect::to(&Step::Vehicles.address(&run)).into_response(),
        None => over(&visitor),
    }
}

async fn read(dashboard: &Dashboard, token: &Secret<String>, path: String) -> Came {
    let sent = Sent::new(Method::GET, path, Proof::Bearer(token.clone()));
    sent.carry(&dashboard.own_api, &dashboard.public_url, |_| Vec::new())
        .await
}

/// The ids of a list.
fn ids(listing: &Came) -> Vec<VehicleId> {
    let body = listing.body.as_deref().unwrap_or_default();
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let ids = body["vehicles"].as_array().into_iter().flatten();
    let ids = ids.filter_map(|id| id.as_str()?.parse().ok());
    ids.take(MOST).collect()
}

fn car(id: VehicleId, came: Came) -> Car {
    let body = came.body.as_deref().unwrap_or_default();
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let title = match body["year"].as_i64() {
        Some(year) => format!("{year} {} {}", text("make"), text("model")),
        None => t("Vehicle {id}").with("id", id).plain(),
    };
    Car {
        id: id.to_string(),
        title,
        make: text("make").to_owned(),
        record: came.record,
    }
}
