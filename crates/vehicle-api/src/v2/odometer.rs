//! `GET /vehicles/{id}/odometer`. Source: contract rest-v2, 2.6.

use carport_connector::Fault;
use carport_model::Permission;
use carport_model::signal::odometer::TRAVELED_DISTANCE;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/odometer",
    make: None,
    permission: Some(Permission::ReadOdometer),
    query: &[],
    signals: &[TRAVELED_DISTANCE],
    view,
    schema: Shape::of::<Odometer>(),
    summary: "Distance driven since the car was made.",
};

/// Distance driven since the car was made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Odometer {
    /// Kilometres or miles.
    pub distance: f64,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    body(&Odometer {
        distance: values.number(TRAVELED_DISTANCE)?,
    })
}
