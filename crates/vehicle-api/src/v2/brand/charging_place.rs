//! `GET` and `PUT /vehicles/{id}/ford/charge/schedule_by_location`, and the same of Lincoln.
//! Source: contract rest-v2, 2.25.

use axum::http::Method;
use carport_connector::Fault;
use carport_model::charging::{ChargeLimit, ChargeScope, ChargeTimer, ChargeWindow, Place};
use carport_model::signal::charge::{CHARGE_LIMIT, CHARGE_TIMERS};
use carport_model::time_of_day::{TimeOfDay, Weekday};
use carport_model::{Command, Permission, Signal};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;

use super::times;
use crate::openapi::Shape;
use crate::v2::command::{Order, Reply};
use crate::v2::endpoint::{Endpoint, Parameter, body};
use crate::v2::error::V2Error;
use crate::v2::fields::Fields;
use crate::v2::values::Values;

/// Charging places of a Ford.
pub static FORD: Endpoint = places(FORD_PATH, "FORD");
/// Sets how a Ford charges at one of them.
pub static FORD_SET: Order = set_place(FORD_PATH, "FORD");
/// Charging places of a Lincoln.
pub static LINCOLN: Endpoint = places(LINCOLN_PATH, "LINCOLN");
/// Sets how a Lincoln charges at one of them.
pub static LINCOLN_SET: Order = set_place(LINCOLN_PATH, "LINCOLN");

const FORD_PATH: &str = "/ford/charge/schedule_by_location";
const LINCOLN_PATH: &str = "/lincoln/charge/schedule_by_location";

const fn places(path: &'static str, make: &'static str) -> Endpoint {
    Endpoint {
        path,
        make: Some(make),
        permission: Some(Permission::ReadChargeLocations),
        query: &[],
        signals: SIGNALS,
        view,
        schema: Shape::of::<Places>(),
        summary: "Places where the car charges, each with its limit and its times.",
    }
}

const fn set_place(path: &'static str, make: &'static str) -> Order {
    Order {
        method: Method::PUT,
        path,
        make: Some(make),
        permission: Permission::ControlCharge,
        query: PLACE,
        command,
        schema: Some(Shape::of::<NewPlace>()),
        reply: Reply::Done,
        summary: "Sets limit and times of one of the places that the car knows.",
    }
}

/// Which place.
const PLACE: &[Parameter] = &[
    Parameter::required("latitude", Type::Number, "Degrees, north positive."),
    Parameter::required("longitude", Type::Number, "Degrees, east positive."),
];

const SIGNALS: &[Signal] = &[CHARGE_LIMIT, CHARGE_TIMERS];

/// Places where the car charges.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// Those that have a limit or times of their own.
    #[schema(inline)]
    pub charging_locations: Vec<ChargingPlace>,
}

/// A place where the car charges.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChargingPlace {
    /// Share of the battery at which charging ends, 0 to 1; null where none is set.
    pub charge_limit: Option<f64>,
    /// Where it is.
    #[schema(inline)]
    pub location: Location,
    /// When the car charges there.
    #[schema(inline)]
    pub charging_schedules: Windows,
}

/// A position.
#[derive(Debug, Serialize, ToSchema)]
pub struct Location {
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
}

/// Times to charge in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Windows {
    /// From Monday to Friday.
    #[schema(inline)]
    pub weekday: Vec<Window>,
    /// On Saturday and Sunday.
    #[schema(inline)]
    pub weekend: Vec<Window>,
}

/// A time to charge in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Window {
    /// Full hour, `HH:00`.
    pub start: String,
    /// Full hour, `HH:00`; null when charging goes on until the battery is full.
    pub end: Option<String>,
}

/// What is sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPlace {
    /// How to charge there.
    #[schema(inline)]
    pub charging_location: NewPlan,
}

/// How to charge at a place.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPlan {
    /// Share of the battery at which charging ends.
    #[schema(minimum = 0.5, maximum = 1.0)]
    pub charge_limit: f64,
    /// When to charge; empty lists for any time.
    #[schema(inline)]
    pub charging_windows: Windows,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    values.need_any(SIGNALS)?;
    let limits = values.or_null(CHARGE_LIMIT, Values::charge_limits)?;
    let limits = limits.map_or(&[][..], |limits| &limits.limits);
    let timers = values.or_null(CHARGE_TIMERS, Values::charge_timers)?;
    let timers = timers.unwrap_or_default();
    let of_limits = limits.iter().map(|limit| &limit.scope);
    let of_timers = timers.iter().map(|timer| &timer.scope);
    // A place may have a limit, times, or both.
    let mut places: Vec<&Place> = Vec::new();
    for place in of_limits.chain(of_timers).filter_map(ChargeScope::place) {
        let is_new = |(north, east)| !places.iter().any(|known| known.is_at(north, east));
        if place.position.is_some_and(is_new) {
            places.push(place);
        }
    }
    let shown = |place: &Place| Some(charging_place(place.position?, limits, timers));
    body(&Places {
        charging_locations: places.into_iter().filter_map(shown).collect(),
    })
}

fn charging_place(
    (latitude, longitude): (f64, f64),
    limits: &[ChargeLimit],
    timers: &[ChargeTimer],
) -> ChargingPlace {
    let is_here = |scope: &ChargeScope| {
        let place = scope.place();
        place.is_some_and(|place| place.is_at(latitude, longitude))
    };
    let limit = limits.iter().find(|limit| is_here(&limit.scope));
    let here = timers.iter().filter(|timer| is_here(&timer.scope));
    let windows: Vec<&ChargeWindow> = here.flat_map(|timer| &timer.windows).collect();
    let on = |days: &[Weekday]| {
        let holds = |window: &&&ChargeWindow| {
            window.days.is_empty() || window.days.iter().any(|day| days.contains(day))
        };
        let written = |window: &&ChargeWindow| Window {
            start: window.start.to_minute(),
            end: window.end.map(TimeOfDay::to_minute),
        };
        windows.iter().filter(holds).map(written).collect()
    };
    ChargingPlace {
        charge_limit: limit.map(|limit| limit.limit),
        location: Location {
            latitude,
            longitude,
        },
        charging_schedules: Windows {
            weekday: on(&Weekday::WORKING),
            weekend: on(&Weekday::WEEKEND),
        },
    }
}

fn command(fields: &Fields) -> Result<Command, V2Error> {
    let (latitude, longitude) = (
        fields.number_of_query("latitude", -90.0..=90.0)?,
        fields.number_of_query("longitude", -180.0..=180.0)?,
    );
    let plan = fields.object("chargingLocation")?;
    let limit = plan.number("chargeLimit", 0.5..=1.0)?;
    let sent = plan.object("chargingWindows")?;
    let mut windows = of(&sent, "weekday", &Weekday::WORKING)?;
    windows.extend(of(&sent, "weekend", &Weekday::WEEKEND)?);
    Ok(Command::SetChargePlace {
        latitude,
        longitude,
        limit,
        windows,
    })
}

/// The times of some days; none when the list is not there.
fn of(sent: &Fields, name: &'static str, days: &[Weekday]) -> Result<Vec<ChargeWindow>, V2Error> {
    let Some(listed) = sent.get(name) else {
        return Ok(Vec::new());
    };
    let hour = |sent: Option<&Value>| times::read(sent).filter(|time| time.minute() == 0);
    let window = |sent: &Value| {
        Some(ChargeWindow {
            start: hour(sent.get("start"))?,
            end: Some(hour(sent.get("end"))?),
            days: days.to_vec(),
        })
    };
    let windows = times::list(name, Some(listed))?.iter().map(window);
    windows
        .collect::<Option<_>>()
        .ok_or_else(|| V2Error::validation(name, "Send start and end as full hours, HH:00."))
}
