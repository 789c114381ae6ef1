//! `GET` and `PUT /vehicles/{id}/nissan/charge/schedule`. Source: contract rest-v2, 2.25.

use axum::http::Method;
use carport_connector::Fault;
use carport_model::charging::{ChargeScope, ChargeWindow};
use carport_model::signal::charge::CHARGE_TIMERS;
use carport_model::time_of_day::{TimeOfDay, Weekday};
use carport_model::{Command, Permission};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::times;
use crate::openapi::Shape;
use crate::v2::command::{Order, Reply};
use crate::v2::endpoint::{Endpoint, body};
use crate::v2::error::V2Error;
use crate::v2::fields::Fields;
use crate::v2::values::Values;

/// The endpoint.
pub static SCHEDULE: Endpoint = Endpoint {
    path: "/nissan/charge/schedule",
    make: Some("NISSAN"),
    permission: Some(Permission::ReadCharge),
    query: &[],
    signals: &[CHARGE_TIMERS],
    view,
    schema: Shape::of::<Schedules>(),
    summary: "When the car charges: at most three times, in UTC.",
};

/// The command.
pub static SET_SCHEDULE: Order = Order {
    method: Method::PUT,
    path: "/nissan/charge/schedule",
    make: Some("NISSAN"),
    permission: Permission::ControlCharge,
    query: &[],
    command,
    schema: Some(Shape::of::<Schedules>()),
    reply: Reply::Done,
    summary: "Sets when the car charges, in place of all times set before: at most three, in UTC.",
};

/// Most times to charge in.
const MOST: usize = 3;

/// Name of the list.
const LIST: &str = "chargeSchedules";

/// When the car charges.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Schedules {
    /// At most three.
    #[schema(inline)]
    pub charge_schedules: Vec<Schedule>,
}

/// A time to charge in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Schedule {
    /// `HH:mm`, UTC.
    pub start: String,
    /// `HH:mm`, UTC; null when charging goes on until the battery is full.
    pub end: Option<String>,
    /// `MONDAY` to `SUNDAY`.
    pub days: Vec<&'static str>,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let timers = values.charge_timers(CHARGE_TIMERS)?.iter();
    let windows = timers
        .filter(|timer| timer.scope == ChargeScope::Everywhere)
        .flat_map(|timer| &timer.windows);
    body(&Schedules {
        charge_schedules: windows.take(MOST).map(schedule).collect(),
    })
}

fn schedule(window: &ChargeWindow) -> Schedule {
    let days: &[Weekday] = if window.days.is_empty() {
        &Weekday::ALL
    } else {
        &window.days
    };
    Schedule {
        start: window.start.to_minute(),
        end: window.end.map(TimeOfDay::to_minute),
        days: days.iter().map(|day| day.as_str()).collect(),
    }
}

fn command(fields: &Fields) -> Result<Command, V2Error> {
    let sent = times::list(LIST, fields.get(LIST))?;
    if sent.len() > MOST {
        let message = format!("Send at most {MOST} times to charge in.");
        return Err(V2Error::validation(LIST, message));
    }
    let windows: Option<Vec<ChargeWindow>> = sent.iter().map(window).collect();
    windows.map(Command::SetChargeWindows).ok_or_else(|| {
        V2Error::validation(
            LIST,
            "Send start and end as HH:mm and days as a list of MONDAY to SUNDAY.",
        )
    })
}

fn window(sent: &Value) -> Option<ChargeWindow> {
    let days = sent
        .get("days")?
        .as_array()
        .filter(|days| !days.is_empty())?;
    let day = |day: &Value| day.as_str()?.parse().ok();
    Some(ChargeWindow {
        start: times::read(sent.get("start"))?,
        end: Some(times::read(sent.get("end"))?),
        days: days.iter().map(day).collect::<Option<_>>()?,
    })
}
