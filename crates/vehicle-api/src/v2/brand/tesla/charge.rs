//! `GET /vehicles/{id}/tesla/charge`. Source: contract rest-v2, 2.25.

use carport_connector::Fault;
use carport_model::signal::charge::{
    AMPERAGE, AMPERAGE_MAX, AMPERAGE_REQUESTED, CHARGE_LIMIT, CHARGE_PORT_STATUS_COLOR,
    CHARGE_RATE, CHARGER_PHASES, CHARGING_CONNECTOR_TYPE, DETAILED_CHARGING_STATUS, ENERGY_ADDED,
    FAST_CHARGER_TYPE, IS_CHARGING_CABLE_CONNECTED, IS_CHARGING_CABLE_LATCHED,
    IS_CHARGING_PORT_FLAP_OPEN, IS_FAST_CHARGER_PRESENT, TIME_TO_COMPLETE, VOLTAGE, WATTAGE,
};
use carport_model::{Permission, Signal};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::brand::meters::{completes_at, kilowatts, latch};
use crate::v2::endpoint::{Endpoint, body};
use crate::v2::values::Values;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/tesla/charge",
    make: Some("TESLA"),
    permission: Some(Permission::ReadCharge),
    query: &[],
    signals: SIGNALS,
    view,
    schema: Shape::of::<TeslaCharge>(),
    summary: "How the car charges, in every detail.",
};

const SIGNALS: &[Signal] = &[
    AMPERAGE,
    TIME_TO_COMPLETE,
    WATTAGE,
    VOLTAGE,
    IS_CHARGING_CABLE_CONNECTED,
    DETAILED_CHARGING_STATUS,
    CHARGE_LIMIT,
    AMPERAGE_MAX,
    AMPERAGE_REQUESTED,
    ENERGY_ADDED,
    CHARGE_RATE,
    CHARGING_CONNECTOR_TYPE,
    IS_FAST_CHARGER_PRESENT,
    FAST_CHARGER_TYPE,
    CHARGE_PORT_STATUS_COLOR,
    IS_CHARGING_PORT_FLAP_OPEN,
    IS_CHARGING_CABLE_LATCHED,
    CHARGER_PHASES,
];

/// How the car charges. What it does not tell is null.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeslaCharge {
    /// Current that flows, in amperes.
    pub amperage: Option<f64>,
    /// When charging will be complete, ISO 8601; null while the car does not charge.
    pub completion_time: Option<String>,
    /// Power of the charger in kW.
    pub wattage: Option<f64>,
    /// Tension at the charger, in volts.
    pub voltage: Option<f64>,
    /// Whether a cable is plugged in.
    pub is_plugged_in: Option<bool>,
    /// `CHARGING`, `FULLY_CHARGED` or `NOT_CHARGING`.
    pub state: Option<String>,
    /// Share of the battery at which charging ends, 0 to 1.
    pub soc_limit: Option<f64>,
    /// Most current that the car takes, in amperes.
    pub amperage_max_vehicle: Option<f64>,
    /// Highest limit. No signal tells it: always null.
    pub soc_limit_max: Option<f64>,
    /// Lowest limit. No signal tells it: always null.
    pub soc_limit_min: Option<f64>,
    /// Usual limit. No signal tells it: always null.
    pub soc_limit_default: Option<f64>,
    /// Current that the car asks for, in amperes.
    pub amperage_requested: Option<f64>,
    /// Energy that this charge has put into the battery, in kWh.
    pub energy_added: Option<f64>,
    /// No signal tells it: always null.
    pub range_added_rated: Option<f64>,
    /// No signal tells it: always null.
    pub range_added_ideal: Option<f64>,
    /// Range that an hour of charging gains, in kilometres or miles.
    pub charge_rate: Option<f64>,
    /// Kind of the plug.
    pub connector: Option<String>,
    /// Whether the charger is a fast one.
    pub fast_charger_present: Option<bool>,
    /// Kind of the fast charger.
    pub fast_charger_type: Option<String>,
    /// No signal tells it: always null.
    pub fast_charger_brand: Option<String>,
    /// Most current that the charger gives. No signal tells it: always null.
    pub amperage_max_charger: Option<f64>,
    /// Colour of the light at the charging port.
    pub charge_port_color: Option<String>,
    /// Whether the flap over the charging port stands open.
    pub charge_port_open: Option<bool>,
    /// `ENGAGED` while the car holds the plug fast, otherwise `DISENGAGED`.
    pub charge_port_latch: Option<&'static str>,
    /// Phases that the charger uses.
    pub charger_phases: Option<u32>,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    values.need_any(SIGNALS)?;
    let number = |signal| values.or_null(signal, Values::number);
    let flag = |signal| values.or_null(signal, Values::flag);
    body(&TeslaCharge {
        amperage: number(AMPERAGE)?,
        completion_time: completes_at(values)?,
        wattage: values.or_null(WATTAGE, kilowatts)?,
        voltage: number(VOLTAGE)?,
        is_plugged_in: flag(IS_CHARGING_CABLE_CONNECTED)?,
        state: values.word_or_null(DETAILED_CHARGING_STATUS)?,
        soc_limit: values.charge_limit(CHARGE_LIMIT)?,
        amperage_max_vehicle: number(AMPERAGE_MAX)?,
        amperage_requested: number(AMPERAGE_REQUESTED)?,
        energy_added: number(ENERGY_ADDED)?,
        charge_rate: number(CHARGE_RATE)?,
        connector: values.word_or_null(CHARGING_CONNECTOR_TYPE)?,
        fast_charger_present: flag(IS_FAST_CHARGER_PRESENT)?,
        fast_charger_type: values.word_or_null(FAST_CHARGER_TYPE)?,
        charge_port_color: values.word_or_null(CHARGE_PORT_STATUS_COLOR)?,
        charge_port_open: flag(IS_CHARGING_PORT_FLAP_OPEN)?,
        charge_port_latch: latch(values)?,
        charger_phases: values.or_null(CHARGER_PHASES, Values::count)?,
        ..TeslaCharge::default()
    })
}
