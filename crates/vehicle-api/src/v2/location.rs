//! `GET /vehicles/{id}/location`. Source: contract rest-v2, 2.7.

use carport_connector::Fault;
use carport_model::Permission;
use carport_model::signal::location::PRECISE_LOCATION;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/location",
    make: None,
    permission: Some(Permission::ReadLocation),
    query: &[],
    signals: &[PRECISE_LOCATION],
    view,
    schema: Shape::of::<Location>(),
    summary: "Where the car is.",
};

/// Where the car is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let (latitude, longitude) = values.position(PRECISE_LOCATION)?;
    body(&Location {
        latitude,
        longitude,
    })
}
