//! What flows at the plug, and until when: `charge/ammeter`, `voltmeter`, `wattmeter` and
//! `completion` of several brands. Source: contract rest-v2, 2.25.

use std::time::Duration;

use axum::http::Method;
use carport_connector::Fault;
use carport_model::signal::charge::{
    AMPERAGE, DETAILED_CHARGING_STATUS, IS_CHARGING_CABLE_CONNECTED, IS_CHARGING_CABLE_LATCHED,
    TIME_TO_COMPLETE, VOLTAGE, WATTAGE,
};
use carport_model::{Command, Permission, Signal, error};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::command::{Order, Reply};
use crate::v2::endpoint::{Endpoint, View, body};
use crate::v2::values::Values;

/// When charging will be complete.
pub static CADILLAC_COMPLETION: Endpoint = completion(
    "/cadillac/charge/completion",
    "CADILLAC",
    completion_while_charging,
);
/// The same.
pub static CHEVROLET_COMPLETION: Endpoint = completion(
    "/chevrolet/charge/completion",
    "CHEVROLET",
    completion_while_charging,
);
/// The same; null while the car does not charge.
pub static TESLA_COMPLETION: Endpoint =
    completion("/tesla/charge/completion", "TESLA", completion_or_null);

/// Tension at the charger.
pub static CADILLAC_VOLTMETER: Endpoint = voltmeter(
    "/cadillac/charge/voltmeter",
    "CADILLAC",
    voltage_while_plugged_in,
);
/// The same.
pub static CHEVROLET_VOLTMETER: Endpoint = voltmeter(
    "/chevrolet/charge/voltmeter",
    "CHEVROLET",
    voltage_while_plugged_in,
);
/// The same, whether or not the car is plugged in.
pub static TESLA_VOLTMETER: Endpoint = voltmeter("/tesla/charge/voltmeter", "TESLA", voltage);

/// Current that flows.
pub static TESLA_AMMETER: Endpoint = tesla(
    "/tesla/charge/ammeter",
    &[AMPERAGE],
    |values| {
        body(&Ammeter {
            amperage: values.number(AMPERAGE)?,
        })
    },
    Shape::of::<Ammeter>(),
    "Current that flows into the car.",
);

/// Sets the current.
pub static TESLA_SET_AMPERAGE: Order = Order {
    method: Method::POST,
    path: "/tesla/charge/ammeter",
    make: Some("TESLA"),
    permission: Permission::ControlCharge,
    query: &[],
    command: |fields| fields.number("amperage", AMPERES).map(Command::SetAmperage),
    schema: Some(Shape::of::<Ammeter>()),
    reply: Reply::Message(amperage_sent),
    summary: "Sets the current to charge with, 0 to 80 A.",
};

/// Power that flows.
pub static TESLA_WATTMETER: Endpoint = tesla(
    "/tesla/charge/wattmeter",
    &[WATTAGE],
    |values| {
        body(&Wattmeter {
            wattage: kilowatts(values, WATTAGE)?,
        })
    },
    Shape::of::<Wattmeter>(),
    "Power that flows into the car.",
);

/// No car charges at home with more; what less it takes, the car knows.
const AMPERES: std::ops::RangeInclusive<f64> = 0.0..=80.0;

/// A current.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ammeter {
    /// Amperes.
    pub amperage: f64,
}

/// A tension.
#[derive(Debug, Serialize, ToSchema)]
pub struct Voltmeter {
    /// Volts.
    pub voltage: f64,
}

/// A power.
#[derive(Debug, Serialize, ToSchema)]
pub struct Wattmeter {
    /// Kilowatts.
    pub wattage: f64,
}

/// When charging will be complete.
#[derive(Debug, Serialize, ToSchema)]
pub struct Completion {
    /// ISO 8601, or null.
    pub time: Option<String>,
}

const fn completion(path: &'static str, make: &'static str, view: View) -> Endpoint {
    Endpoint {
        path,
        make: Some(make),
        permission: Some(Permission::ReadCharge),
        query: &[],
        signals: &[DETAILED_CHARGING_STATUS, TIME_TO_COMPLETE],
        view,
        schema: Shape::of::<Completion>(),
        summary: "When charging will be complete.",
    }
}

const fn voltmeter(path: &'static str, make: &'static str, view: View) -> Endpoint {
    Endpoint {
        path,
        make: Some(make),
        permission: Some(Permission::ReadCharge),
        query: &[],
        signals: &[IS_CHARGING_CABLE_CONNECTED, VOLTAGE],
        view,
        schema: Shape::of::<Voltmeter>(),
        summary: "Electric tension at the charger.",
    }
}

const fn tesla(
    path: &'static str,
    signals: &'static [Signal],
    view: View,
    schema: Shape,
    summary: &'static str,
) -> Endpoint {
    Endpoint {
        path,
        make: Some("TESLA"),
        permission: Some(Permission::ReadCharge),
        query: &[],
        signals,
        view,
        schema,
        summary,
    }
}

fn completion_while_charging(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    if values.text(DETAILED_CHARGING_STATUS)? != CHARGING {
        return Err((&error::NOT_CHARGING).into());
    }
    completion_or_null(values)
}

fn completion_or_null(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    values.need(TIME_TO_COMPLETE)?;
    body(&Completion {
        time: completes_at(values)?,
    })
}

fn voltage_while_plugged_in(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    if !values.flag(IS_CHARGING_CABLE_CONNECTED)? {
        return Err((&error::CHARGING_PLUG_NOT_CONNECTED).into());
    }
    voltage(values)
}

fn voltage(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    body(&Voltmeter {
        voltage: values.number(VOLTAGE)?,
    })
}

fn amperage_sent(command: &Command) -> String {
    let sent = match command {
        // Without a fraction when there is none: people read it.
        Command::SetAmperage(amperes) => amperes.to_string(),
        other => other.name().to_owned(),
    };
    format!("Successfully sent the following amperage: {sent}")
}

/// The word of a car that charges.
const CHARGING: &str = "CHARGING";

/// When charging will be complete, ISO 8601; `None` while the car does not charge, or does not
/// tell.
pub(super) fn completes_at(values: &Values<'_>) -> Result<Option<String>, Fault> {
    let state = values.or_null(DETAILED_CHARGING_STATUS, Values::text)?;
    let minutes = values.or_null(TIME_TO_COMPLETE, Values::number)?;
    let Some(minutes) = minutes.filter(|_| state.is_none_or(|state| state == CHARGING)) else {
        return Ok(None);
    };
    let left = Duration::try_from_secs_f64(minutes * 60.0);
    let left = left.map_err(|_| Fault::from(&error::INVALID_DATA))?;
    let time = values.measured_at(TIME_TO_COMPLETE)?.plus(left);
    Ok(Some(time.to_string()))
}

/// Power in kW, which is how v2.0 tells it.
pub(super) fn kilowatts(values: &Values<'_>, signal: Signal) -> Result<f64, Fault> {
    Ok(values.number(signal)? / 1000.0)
}

/// How the car holds the plug (docs/quirks.md#charge-port-latch).
pub(super) fn latch(values: &Values<'_>) -> Result<Option<&'static str>, Fault> {
    let latched = values.or_null(IS_CHARGING_CABLE_LATCHED, Values::flag)?;
    Ok(latched.map(|latched| if latched { "ENGAGED" } else { "DISENGAGED" }))
}
