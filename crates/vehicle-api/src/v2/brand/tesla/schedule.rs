//! `GET` and `POST /vehicles/{id}/tesla/charge/schedule`. Source: contract rest-v2, 2.25.

use axum::http::Method;
use carport_connector::Fault;
use carport_model::charging::ChargeScope;
use carport_model::signal::charge::CHARGE_TIMERS;
use carport_model::time_of_day::TimeOfDay;
use carport_model::{Command, Permission, Signal};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::brand::times;
use crate::v2::command::{Order, Reply};
use crate::v2::endpoint::{Endpoint, body};
use crate::v2::error::V2Error;
use crate::v2::fields::Fields;
use crate::v2::values::Values;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/tesla/charge/schedule",
    make: Some("TESLA"),
    permission: Some(Permission::ReadCharge),
    query: &[],
    signals: SIGNALS,
    view,
    schema: Shape::of::<TeslaSchedule>(),
    summary: "When the car starts to charge and when it has to be ready, in UTC.",
};

/// The command.
pub static ORDER: Order = Order {
    method: Method::POST,
    path: "/tesla/charge/schedule",
    make: Some("TESLA"),
    permission: Permission::ControlCharge,
    query: &[],
    command,
    schema: Some(Shape::of::<NewTime>()),
    reply: Reply::Shows {
        signals: SIGNALS,
        view,
        schema: Shape::of::<TeslaSchedule>(),
    },
    summary: "Sets when the car starts to charge, or when it has to be ready, in UTC.",
};

const SIGNALS: &[Signal] = &[CHARGE_TIMERS];

/// When the car charges.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeslaSchedule {
    /// When it has to be ready.
    #[schema(inline)]
    pub departure_time: Time,
    /// When it starts to charge.
    #[schema(inline)]
    pub start_time: Time,
}

/// A time that is set, or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct Time {
    /// Whether it is set.
    pub enabled: bool,
    /// `HH:mm`, UTC; null when it is not set.
    pub time: Option<String>,
}

/// What is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewTime {
    /// `START_TIME` or `DEPARTURE_TIME`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it is to hold; `enabled` will do.
    pub enable: bool,
    /// `HH:mm`, UTC; needed where it is to hold.
    pub time: Option<String>,
}

impl Time {
    fn of(time: Option<TimeOfDay>) -> Self {
        Self {
            enabled: time.is_some(),
            time: time.map(TimeOfDay::to_minute),
        }
    }
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let timers = values.charge_timers(CHARGE_TIMERS)?.iter();
    let everywhere = || {
        let timers = timers.clone();
        timers.filter(|timer| timer.scope == ChargeScope::Everywhere)
    };
    let departure = everywhere().flat_map(|timer| &timer.departures).next();
    let window = everywhere().flat_map(|timer| &timer.windows).next();
    body(&TeslaSchedule {
        departure_time: Time::of(departure.map(|departure| departure.time)),
        start_time: Time::of(window.map(|window| window.start)),
    })
}

fn command(fields: &Fields) -> Result<Command, V2Error> {
    let kind = fields.word("type", &["START_TIME", "DEPARTURE_TIME"])?;
    // An older page of the documentation spells it the second way.
    let enable = fields.get("enable").or_else(|| fields.get("enabled"));
    let enable = enable
        .and_then(Value::as_bool)
        .ok_or_else(|| V2Error::validation("enable", "Send true or false."))?;
    let time = if enable {
        let time = times::read(fields.get("time"));
        Some(time.ok_or_else(|| V2Error::validation("time", "Send a time in UTC as HH:mm."))?)
    } else {
        None
    };
    Ok(if kind == "START_TIME" {
        Command::SetChargeStart(time)
    } else {
        Command::SetDeparture(time)
    })
}
