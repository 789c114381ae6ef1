//! `GET` and `POST /vehicles/{id}/tesla/climate/cabin`, `defroster` and `steering_wheel`.
//! Source: contract rest-v2, 2.25.

use std::ops::RangeInclusive;

use axum::http::Method;
use carport_connector::Fault;
use carport_model::signal::hvac::{
    CABIN_TARGET_TEMPERATURE, IS_CABIN_HVAC_ACTIVE, IS_FRONT_DEFROSTER_ACTIVE,
    IS_REAR_DEFROSTER_ACTIVE, IS_STEERING_HEATER_ACTIVE,
};
use carport_model::unit::Unit;
use carport_model::{Command, Permission, Signal};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::command::{Action, Order, Reply};
use crate::v2::endpoint::{Endpoint, View, body};
use crate::v2::error::V2Error;
use crate::v2::fields::Fields;
use crate::v2::values::Values;

/// The cabin.
pub static CABIN: Endpoint = endpoint(
    "/tesla/climate/cabin",
    CABIN_SIGNALS,
    cabin,
    Shape::of::<Cabin>(),
    "Whether the cabin is being heated or cooled, and to which temperature.",
);

/// Heats or cools the cabin.
pub static SET_CABIN: Order = order(
    "/tesla/climate/cabin",
    set_cabin,
    Shape::of::<NewCabin>(),
    Reply::Shows {
        signals: CABIN_SIGNALS,
        view: cabin,
        schema: Shape::of::<Cabin>(),
    },
    "Heats or cools the cabin, or sets its temperature: START, STOP, SET.",
);

/// The defrosters.
pub static DEFROSTER: Endpoint = endpoint(
    "/tesla/climate/defroster",
    &[IS_FRONT_DEFROSTER_ACTIVE, IS_REAR_DEFROSTER_ACTIVE],
    defroster,
    Shape::of::<Defroster>(),
    "Whether the windscreen and the rear window are being defrosted.",
);

/// Switches the defrosters.
pub static SET_DEFROSTER: Order = order(
    "/tesla/climate/defroster",
    |fields| {
        fields.action(&[
            ("START", Command::StartDefroster),
            ("STOP", Command::StopDefroster),
        ])
    },
    Shape::of::<Action>(),
    Reply::Shows {
        signals: &[IS_FRONT_DEFROSTER_ACTIVE],
        view: |values| status(values, IS_FRONT_DEFROSTER_ACTIVE),
        schema: Shape::of::<Status>(),
    },
    "Starts or stops both defrosters: START, STOP.",
);

/// The heater of the steering wheel.
pub static STEERING_WHEEL: Endpoint = endpoint(
    "/tesla/climate/steering_wheel",
    &[IS_STEERING_HEATER_ACTIVE],
    steering_wheel,
    Shape::of::<Status>(),
    "Whether the steering wheel is being heated.",
);

/// Switches the heater of the steering wheel.
pub static SET_STEERING_WHEEL: Order = order(
    "/tesla/climate/steering_wheel",
    |fields| {
        fields.action(&[
            ("START", Command::StartSteeringHeater),
            ("STOP", Command::StopSteeringHeater),
        ])
    },
    Shape::of::<Action>(),
    Reply::Shows {
        signals: &[IS_STEERING_HEATER_ACTIVE],
        view: steering_wheel,
        schema: Shape::of::<Status>(),
    },
    "Starts or stops heating the steering wheel: START, STOP.",
);

const CABIN_SIGNALS: &[Signal] = &[IS_CABIN_HVAC_ACTIVE, CABIN_TARGET_TEMPERATURE];

/// What a cabin can be set to, in degrees Celsius: the ends of the car's own scale.
const CELSIUS: RangeInclusive<f64> = 15.0..=28.0;

/// How the cabin is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cabin {
    /// `ON` or `OFF`.
    pub status: Option<&'static str>,
    /// Degrees Celsius or Fahrenheit.
    pub temperature: Option<f64>,
}

/// What is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewCabin {
    /// `START`, `STOP` or `SET`.
    pub action: String,
    /// Degrees Celsius, 15 to 28, or Fahrenheit, 59 to 82.4; needed to `SET`.
    pub temperature: Option<f64>,
}

/// Whether the windows are being defrosted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Defroster {
    /// `ON` or `OFF`.
    pub front_status: Option<&'static str>,
    /// `ON` or `OFF`.
    pub rear_status: Option<&'static str>,
}

/// Whether something is on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// `ON` or `OFF`; `UNAVAILABLE` when the car does not have it.
    pub status: &'static str,
}

const fn endpoint(
    path: &'static str,
    signals: &'static [Signal],
    view: View,
    schema: Shape,
    summary: &'static str,
) -> Endpoint {
    Endpoint {
        path,
        make: Some("TESLA"),
        permission: Some(Permission::ReadClimate),
        query: &[],
        signals,
        view,
        schema,
        summary,
    }
}

const fn order(
    path: &'static str,
    command: fn(&Fields) -> Result<Command, V2Error>,
    schema: Shape,
    reply: Reply,
    summary: &'static str,
) -> Order {
    Order {
        method: Method::POST,
        path,
        make: Some("TESLA"),
        permission: Permission::ControlClimate,
        query: &[],
        command,
        schema: Some(schema),
        reply,
        summary,
    }
}

fn cabin(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    values.need_any(CABIN_SIGNALS)?;
    body(&Cabin {
        status: on_or_off(values, IS_CABIN_HVAC_ACTIVE)?,
        temperature: values.or_null(CABIN_TARGET_TEMPERATURE, Values::number)?,
    })
}

fn defroster(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    values.need_any(&[IS_FRONT_DEFROSTER_ACTIVE, IS_REAR_DEFROSTER_ACTIVE])?;
    body(&Defroster {
        front_status: on_or_off(values, IS_FRONT_DEFROSTER_ACTIVE)?,
        rear_status: on_or_off(values, IS_REAR_DEFROSTER_ACTIVE)?,
    })
}

fn steering_wheel(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    status(values, IS_STEERING_HEATER_ACTIVE)
}

fn status(values: &Values<'_>, signal: Signal) -> Result<Box<RawValue>, Fault> {
    body(&Status {
        status: on_or_off(values, signal)?.unwrap_or("UNAVAILABLE"),
    })
}

fn on_or_off(values: &Values<'_>, signal: Signal) -> Result<Option<&'static str>, Fault> {
    let active = values.or_null(signal, Values::flag)?;
    Ok(active.map(|active| if active { "ON" } else { "OFF" }))
}

fn set_cabin(fields: &Fields) -> Result<Command, V2Error> {
    let action = fields.word("action", &["START", "STOP", "SET"])?;
    let target = fields.measure("temperature", Unit::Celsius, CELSIUS)?;
    match (action, target) {
        ("START", target) => Ok(Command::StartClimate(target)),
        ("STOP", _) => Ok(Command::StopClimate),
        (_, Some(target)) => Ok(Command::SetCabinTemperature(target)),
        (_, None) => Err(V2Error::validation(
            "temperature",
            "Send the temperature to set.",
        )),
    }
}
