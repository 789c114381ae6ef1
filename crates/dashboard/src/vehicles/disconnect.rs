//! `/dashboard/vehicles/{id}/disconnect`: asks, then ends the connections of a car.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use carport_model::Action;
use carport_store::disconnections::{self, Ending};
use carport_store::{StoreError, Tx};
use carport_web::Page;
use carport_web::words::{filters, t};

use super::{PAGE, car, name};
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::frame::{self, Frame};
use crate::refused::{no_storage, nothing_here};

#[derive(Template)]
#[template(path = "dashboard/vehicles/disconnect.html")]
struct DisconnectPage {
    frame: Frame,
    csrf: String,
    name: String,
    back: String,
    action: String,
    owners: usize,
}

/// Asks.
pub(crate) async fn ask(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    if let Err(forbidden) = visitor.may(Action::ModifyApplication) {
        return forbidden.into_response();
    }
    let (vehicle, connections) = match car::find(&dashboard, &visitor, &id).await {
        Ok(Some(found)) => found,
        Ok(None) => return nothing_here(t("There is no such vehicle")).into_response(),
        Err(error) => return no_storage(&error, t("The vehicle")).into_response(),
    };
    let name = name(&dashboard, &vehicle.car);
    let page = DisconnectPage {
        frame: Frame::of(
            t("Disconnect {name}").with("name", &name).plain(),
            frame::Here::Vehicles,
            &visitor,
        ),
        csrf: visitor.csrf.clone(),
        back: format!("{PAGE}/{}", vehicle.id),
        action: format!("{PAGE}/{}/disconnect", vehicle.id),
        owners: connections.len(),
        name,
    };
    visitor.give(Page::new(page).names_itself())
}

/// Ends them.
pub(crate) async fn end(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let found = match car::find(&dashboard, &posted.visitor, &id).await {
        Ok(found) => found,
        Err(error) => return no_storage(&error, t("The vehicle")).into_response(),
    };
    let Some((vehicle, _)) = found else {
        return nothing_here(t("There is no such vehicle")).into_response();
    };
    let (application, ending) = (vehicle.application, Ending::Vehicle(vehicle.id));
    let (actor, now) = (posted.visitor.member.actor.clone(), dashboard.clock.now());
    let unit = async move |tx: &mut Tx<'_>| {
        disconnections::disconnect_as(tx, &actor, application, ending, now).await
    };
    let ended = dashboard.store.write(unit).await;
    if let Err(error) = ended.map_err(|error: StoreError| error) {
        return no_storage(&error, t("The vehicle")).into_response();
    }
    let list = format!("{PAGE}?done=disconnected");
    let response = (StatusCode::SEE_OTHER, [(LOCATION, list)]);
    posted.visitor.give(response)
}
