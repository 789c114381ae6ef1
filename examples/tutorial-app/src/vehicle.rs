//! `/vehicle`: what the connected car is.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use carport_sdk::{Access, Attributes, Error, Paging, Secret};

use crate::App;
use crate::page::{Problem, page};
use crate::session::Visitor;

#[derive(Template)]
#[template(path = "vehicle.html")]
struct VehiclePage {
    car: Attributes,
}

pub(crate) async fn vehicle(
    State(app): State<Arc<App>>,
    visitor: Visitor,
) -> Result<impl IntoResponse, Problem> {
    let Some(mut access) = app.sessions.access(&visitor) else {
        let text = "This browser has not connected a vehicle yet. Connect one first.";
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "No vehicle yet",
            text,
        ));
    };
    if access.is_expired() {
        access = refresh(&app, &visitor, &access).await?;
    }
    let mut car = first_car(&app, &access.access_token).await;
    // The server has the last word on whether a token is still good.
    if car.as_ref().is_err_and(Error::is_authentication) {
        access = refresh(&app, &visitor, &access).await?;
        car = first_car(&app, &access.access_token).await;
    }
    let Some(car) = car? else {
        let text = "The owner shares no vehicle with this application.";
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "No vehicle found",
            text,
        ));
    };
    Ok(page(StatusCode::OK, &VehiclePage { car }))
}

async fn first_car(app: &App, token: &Secret) -> Result<Option<Attributes>, Error> {
    let page = app.api.get_vehicles(token, Paging::default()).await?;
    let Some(id) = page.vehicles.first() else {
        return Ok(None);
    };
    let attributes = app.api.vehicle(id, token).attributes().await?;
    Ok(Some(attributes.data))
}

async fn refresh(app: &App, visitor: &Visitor, old: &Access) -> Result<Access, Problem> {
    match app.client.exchange_refresh_token(&old.refresh_token).await {
        Ok(access) => {
            app.sessions.keep(visitor, access.clone());
            Ok(access)
        }
        Err(Error::OAuth(_)) => {
            app.sessions.end(visitor);
            let text = "The vehicle is no longer shared with this application.";
            Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "Access has ended",
                text,
            ))
        }
        Err(error) => Err(error.into()),
    }
}
