//! `GET /vehicles/{id}/tesla/battery`. Source: contract rest-v2, 2.25.

use carport_connector::Fault;
use carport_model::signal::traction_battery::{
    IS_HEATER_ACTIVE, MAX_RANGE_CHARGE_COUNTER, RANGE, STATE_OF_CHARGE,
};
use carport_model::{Permission, Signal};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::endpoint::{Endpoint, body};
use crate::v2::values::Values;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/tesla/battery",
    make: Some("TESLA"),
    permission: Some(Permission::ReadBattery),
    query: &[],
    signals: SIGNALS,
    view,
    schema: Shape::of::<TeslaBattery>(),
    summary: "How full the battery is, how far it will take the car, and whether it is heated.",
};

const SIGNALS: &[Signal] = &[
    STATE_OF_CHARGE,
    RANGE,
    IS_HEATER_ACTIVE,
    MAX_RANGE_CHARGE_COUNTER,
];

/// How the battery is. What the car does not tell is null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeslaBattery {
    /// Share of the battery, 0 to 1.
    pub percent_remaining: Option<f64>,
    /// Kilometres or miles.
    pub range: Option<f64>,
    /// Whether the battery is being heated.
    pub heater_on: Option<bool>,
    /// Range from how the car was driven of late, in kilometres or miles.
    pub range_estimated: Option<f64>,
    /// Range under ideal conditions, in kilometres or miles.
    pub range_ideal: Option<f64>,
    /// Share of the battery that can be used. No signal tells it: always null.
    pub percent_remaining_usable: Option<f64>,
    /// How often the battery was charged to the brim in a row.
    pub max_range_charge_counter: Option<u32>,
    /// No signal tells it: always null.
    pub not_enough_power_to_heat: Option<bool>,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    values.need_any(SIGNALS)?;
    let range = values.or_null(RANGE, Values::range)?;
    body(&TeslaBattery {
        percent_remaining: values.or_null(STATE_OF_CHARGE, Values::number)?,
        range: range.map(|range| range.distance),
        heater_on: values.or_null(IS_HEATER_ACTIVE, Values::flag)?,
        range_estimated: range.and_then(|range| range.estimated),
        range_ideal: range.and_then(|range| range.ideal),
        percent_remaining_usable: None,
        max_range_charge_counter: values.or_null(MAX_RANGE_CHARGE_COUNTER, Values::count)?,
        not_enough_power_to_heat: None,
    })
}
