//! `/dashboard/simulator/cars/{id}/credentials`: what Connect accepts for a car.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use carport_model::Simulation;
use carport_model::country::Country;
use carport_simulator::control::ControlError;
use carport_store::{StoreError, Tx, redirect_uris};
use carport_web::words::{Text, filters, say, t};
use carport_web::{Page, Pairs};

use super::acts::owned;
use super::here::{Here, Links};
use super::trouble::failed;
use crate::Dashboard;
use crate::access::Visitor;
use crate::frame::{self, Frame};

/// Permissions that the example asks for: those that every car has.
const SCOPE: &str = "required:read_vehicle_info read_vin read_odometer read_location";

#[derive(Template)]
#[template(path = "dashboard/simulator/credentials.html")]
struct CredentialsPage {
    frame: Frame,
    here: Links,
    name: String,
    brand: String,
    country: String,
    rows: Vec<Row>,
    link: String,
}

/// Something to copy.
struct Row {
    id: &'static str,
    title: Text,
    text: String,
}

/// Shows them.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    match page(&dashboard, &id, &Here::read(&pairs), &visitor).await {
        Ok(page) => visitor.give(Page::new(page).live()),
        Err(error) => failed(&error),
    }
}

async fn page(
    dashboard: &Dashboard,
    id: &str,
    here: &Here,
    visitor: &Visitor,
) -> Result<CredentialsPage, ControlError> {
    let (owner, id) = owned(dashboard, here, id).await?;
    let car = dashboard.simulations.find(owner, id).await?;
    let uris = dashboard
        .store
        .scan(async move |tx: &mut Tx<'_>| redirect_uris::list(tx, owner).await)
        .await
        .map_err(|error: StoreError| error)?;
    let row = |id, title, text: &str| Row {
        id,
        title,
        text: text.to_owned(),
    };
    let brand = dashboard.brands.get(&car.car.make);
    let country = Country::find(&car.country);
    Ok(CredentialsPage {
        frame: Frame::of(
            t("Credentials of {name}").with("name", &car.name).plain(),
            frame::Here::Simulator,
            visitor,
        )
        .scripted(),
        here: here.links(),
        brand: brand.map_or_else(|| car.car.make.to_string(), |brand| brand.name.clone()),
        country: country.map_or_else(|| car.country.clone(), |country| say(country.name).plain()),
        rows: vec![
            row("username", t("E-mail"), &car.username),
            row("password", t("Password"), &car.password),
            row("vin", t("VIN"), car.car.vin.as_str()),
            row("id", t("Simulation id"), &car.id.to_string()),
        ],
        link: link(dashboard, &car, uris.first().map(String::as_str)),
        name: car.name,
    })
}

fn link(dashboard: &Dashboard, car: &Simulation, redirect_uri: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &car.application.to_string());
    if let Some(uri) = redirect_uri {
        query.append_pair("redirect_uri", uri);
    }
    query
        .append_pair("scope", SCOPE)
        .append_pair("mode", "simulated")
        .append_pair("make", car.car.make.as_str())
        .append_pair("user_country", &car.country);
    let path = format!("/oauth/authorize?{}", query.finish());
    dashboard.public_url.join(&path)
}
