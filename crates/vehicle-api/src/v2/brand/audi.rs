//! `GET /vehicles/{id}/audi/charge`. Source: contract rest-v2, 2.25.

use carport_connector::Fault;
use carport_model::signal::charge::{
    CHARGE_LIMIT, CHARGE_PORT_STATUS_COLOR, CHARGE_RATE, CHARGE_TIMERS, DETAILED_CHARGING_STATUS,
    IS_CHARGING_CABLE_CONNECTED, IS_CHARGING_CABLE_LATCHED, TIME_TO_COMPLETE, WATTAGE,
};
use carport_model::{Permission, Signal};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::meters::{completes_at, kilowatts, latch};
use crate::openapi::Shape;
use crate::v2::endpoint::{Endpoint, body};
use crate::v2::values::Values;

/// The endpoint.
pub static CHARGE: Endpoint = Endpoint {
    path: "/audi/charge",
    make: Some("AUDI"),
    permission: Some(Permission::ReadCharge),
    query: &[],
    signals: SIGNALS,
    view,
    schema: Shape::of::<AudiCharge>(),
    summary: "How the car charges.",
};

const SIGNALS: &[Signal] = &[
    DETAILED_CHARGING_STATUS,
    IS_CHARGING_CABLE_CONNECTED,
    WATTAGE,
    CHARGE_RATE,
    CHARGE_PORT_STATUS_COLOR,
    IS_CHARGING_CABLE_LATCHED,
    TIME_TO_COMPLETE,
    CHARGE_TIMERS,
    CHARGE_LIMIT,
];

/// How the car charges. What the car does not tell is null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AudiCharge {
    /// `CHARGING`, `FULLY_CHARGED` or `NOT_CHARGING`.
    pub charging_status: Option<String>,
    /// Whether a cable is plugged in.
    pub is_plugged_in: Option<bool>,
    /// Power of the charger in kW.
    pub wattage: Option<f64>,
    /// Range that an hour of charging gains, in kilometres or miles.
    pub charge_rate: Option<f64>,
    /// Kind of current. No signal tells it: always null.
    pub charge_type: Option<String>,
    /// Colour of the light at the charging port.
    pub charge_port_color: Option<String>,
    /// `ENGAGED` while the car holds the plug fast, otherwise `DISENGAGED`.
    pub charge_port_latch: Option<&'static str>,
    /// When charging will be complete, ISO 8601; null while the car does not charge.
    pub completion_time: Option<String>,
    /// `timer` when times to charge in are set, otherwise `manual`.
    pub charge_mode: Option<&'static str>,
    /// Share of the battery at which charging ends, 0 to 1.
    pub soc_limit: Option<f64>,
    /// State of the power supply. No signal tells it: always null.
    pub external_power_status: Option<String>,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    values.need_any(SIGNALS)?;
    let timers = values.or_null(CHARGE_TIMERS, Values::charge_timers)?;
    body(&AudiCharge {
        charging_status: values.word_or_null(DETAILED_CHARGING_STATUS)?,
        is_plugged_in: values.or_null(IS_CHARGING_CABLE_CONNECTED, Values::flag)?,
        wattage: values.or_null(WATTAGE, kilowatts)?,
        charge_rate: values.or_null(CHARGE_RATE, Values::number)?,
        charge_type: None,
        charge_port_color: values.word_or_null(CHARGE_PORT_STATUS_COLOR)?,
        charge_port_latch: latch(values)?,
        completion_time: completes_at(values)?,
        charge_mode: timers.map(|timers| {
            let is_timed = timers.iter().any(|timer| !timer.windows.is_empty());
            if is_timed { "timer" } else { "manual" }
        }),
        soc_limit: values.charge_limit(CHARGE_LIMIT)?,
        external_power_status: None,
    })
}
