//! `GET /vehicles/{id}/battery`. Source: contract rest-v2, 2.9.

use carport_connector::Fault;
use carport_model::Permission;
use carport_model::signal::traction_battery::{RANGE, STATE_OF_CHARGE};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/battery",
    make: None,
    permission: Some(Permission::ReadBattery),
    query: &[],
    signals: &[RANGE, STATE_OF_CHARGE],
    view,
    schema: Shape::of::<Battery>(),
    summary: "How full the battery is and how far it will take the car.",
};

/// How full the battery is and how far it will take the car.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Battery {
    /// Share of the battery, 0 to 1.
    pub percent_remaining: f64,
    /// Kilometres or miles.
    pub range: f64,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    body(&Battery {
        percent_remaining: values.number(STATE_OF_CHARGE)?,
        range: values.range(RANGE)?.distance,
    })
}
