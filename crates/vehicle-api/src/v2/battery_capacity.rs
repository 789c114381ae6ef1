//! `GET /vehicles/{id}/battery/capacity`. Source: contract rest-v2, 2.10.

use carport_connector::Fault;
use carport_model::signal::traction_battery::NOMINAL_CAPACITY;
use carport_model::{Permission, error};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/battery/capacity",
    make: None,
    permission: Some(Permission::ReadBattery),
    query: &[],
    signals: &[NOMINAL_CAPACITY],
    view,
    schema: Shape::of::<BatteryCapacity>(),
    summary: "What the battery holds.",
};

/// What the battery holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatteryCapacity {
    /// kWh, whatever the unit system.
    pub capacity: f64,
}

/// One number; when several are possible, or none is known, only the nominal capacity's endpoint
/// can say so without an error.
fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let known = values.capacity(NOMINAL_CAPACITY)?;
    let capacity = known.nominal.ok_or(if known.candidates.is_empty() {
        &error::RECORD_NOT_FOUND
    } else {
        &error::MULTIPLE_RECORDS_FOUND
    })?;
    body(&BatteryCapacity { capacity })
}
