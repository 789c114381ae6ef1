//! `POST /vehicles/{id}/navigation/destination`. Source: contract rest-v2, 2.17.

use axum::http::Method;
use carport_model::{Command, Permission};
use serde::Serialize;
use utoipa::ToSchema;

use super::command::{Order, Reply};
use super::error::V2Error;
use super::fields::Fields;
use crate::openapi::Shape;

/// The command.
pub static ORDER: Order = Order {
    method: Method::POST,
    path: "/navigation/destination",
    make: None,
    permission: Permission::ControlNavigation,
    query: &[],
    command,
    schema: Some(Shape::of::<Destination>()),
    reply: Reply::Done,
    summary: "Sends a destination to the car's navigation.",
};

/// Where to go.
#[derive(Debug, Serialize, ToSchema)]
pub struct Destination {
    /// Degrees, north positive.
    #[schema(minimum = -90.0, maximum = 90.0)]
    pub latitude: f64,
    /// Degrees, east positive.
    #[schema(minimum = -180.0, maximum = 180.0)]
    pub longitude: f64,
}

fn command(fields: &Fields) -> Result<Command, V2Error> {
    Ok(Command::SendDestination {
        latitude: fields.number("latitude", -90.0..=90.0)?,
        longitude: fields.number("longitude", -180.0..=180.0)?,
    })
}
