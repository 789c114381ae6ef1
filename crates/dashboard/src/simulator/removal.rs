//! `/dashboard/simulator/cars/{id}/delete`: asks, then deletes a car.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use carport_simulator::control::ControlError;
use carport_web::words::{filters, t};
use carport_web::{Page, Pairs};

use super::acts::{Ending, ended, owned};
use super::here::{Here, Links};
use super::trouble::failed;
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::frame::{self, Frame};

#[derive(Template)]
#[template(path = "dashboard/simulator/delete.html")]
struct DeletePage {
    frame: Frame,
    csrf: String,
    here: Links,
    name: String,
    action: String,
}

/// Asks.
pub(crate) async fn ask(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    match page(&dashboard, &id, &Here::read(&pairs), &visitor).await {
        Ok(page) => visitor.give(Page::new(page).names_itself()),
        Err(error) => failed(&error),
    }
}

async fn page(
    dashboard: &Dashboard,
    id: &str,
    here: &Here,
    visitor: &Visitor,
) -> Result<DeletePage, ControlError> {
    let (owner, id) = owned(dashboard, here, id).await?;
    let car = dashboard.simulations.find(owner, id).await?;
    Ok(DeletePage {
        frame: Frame::of(
            t("Delete {name}").with("name", &car.name).plain(),
            frame::Here::Simulator,
            visitor,
        ),
        csrf: visitor.csrf.clone(),
        here: here.links(),
        action: format!("/dashboard/simulator/cars/{id}/delete"),
        name: car.name,
    })
}

/// Deletes.
pub(crate) async fn delete(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let ending = deleted(&dashboard, &id, &Here::read(&posted.fields)).await;
    ended(&dashboard, posted, ending).await
}

async fn deleted(dashboard: &Dashboard, id: &str, here: &Here) -> Result<Ending, ControlError> {
    let (owner, id) = owned(dashboard, here, id).await?;
    dashboard.simulations.delete(owner, id).await?;
    let here = Here {
        car: here.car.filter(|chosen| *chosen != id),
        ..here.clone()
    };
    Ok(Ending::Done(here, Some("deleted"), ""))
}
