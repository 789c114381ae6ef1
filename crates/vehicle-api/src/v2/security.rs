//! `GET` and `POST /vehicles/{id}/security`. Source: contract rest-v2, 2.16.

use axum::http::Method;
use carport_connector::Fault;
use carport_model::signal::charge::IS_CHARGING_PORT_FLAP_OPEN;
use carport_model::signal::closure::{
    DOORS, ENGINE_COVER, FRONT_TRUNK, IS_LOCKED, REAR_TRUNK, SUNROOF, TAILGATE, WINDOWS,
};
use carport_model::{Command, Permission, Signal, SignalValue, error};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::command::{Action, Order, Reply};
use super::endpoint::{Endpoint, body};
use super::error::V2Error;
use super::fields::Fields;
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/security",
    make: None,
    permission: Some(Permission::ReadSecurity),
    query: &[],
    signals: &[
        IS_LOCKED,
        DOORS,
        WINDOWS,
        SUNROOF,
        FRONT_TRUNK,
        ENGINE_COVER,
        REAR_TRUNK,
        TAILGATE,
        IS_CHARGING_PORT_FLAP_OPEN,
    ],
    view,
    schema: Shape::of::<Security>(),
    summary: "What is locked and what stands open.",
};

/// The command.
pub static ORDER: Order = Order {
    method: Method::POST,
    path: "/security",
    make: None,
    permission: Permission::ControlSecurity,
    query: &[],
    command,
    schema: Some(Shape::of::<Action>()),
    reply: Reply::Done,
    summary: "Locks or unlocks the doors: LOCK, UNLOCK.",
};

/// What is locked and what stands open. A kind of part that the maker does not report is an empty
/// list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Security {
    /// Whether the car is locked.
    pub is_locked: bool,
    /// `frontLeft`, `frontRight`, `backLeft`, `backRight`.
    #[schema(inline)]
    pub doors: Vec<Part>,
    /// The same four.
    #[schema(inline)]
    pub windows: Vec<Part>,
    /// `sunroof`.
    #[schema(inline)]
    pub sunroof: Vec<Part>,
    /// `rear`; `front` is the bonnet of cars with an engine and the front boot of others.
    #[schema(inline)]
    pub storage: Vec<Part>,
    /// `chargingPort`.
    #[schema(inline)]
    pub charging_port: Vec<Part>,
}

/// One part.
#[derive(Debug, Serialize, ToSchema)]
pub struct Part {
    /// Which.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `OPEN`, `CLOSED` or `UNKNOWN`.
    pub status: &'static str,
}

impl Part {
    fn of(kind: &'static str, is_open: Option<bool>) -> Self {
        let status = match is_open {
            Some(true) => "OPEN",
            Some(false) => "CLOSED",
            None => "UNKNOWN",
        };
        Self { kind, status }
    }
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let one = |kind, signal| -> Result<Option<Part>, Fault> {
        let part = values.or_null(signal, Values::opening)?;
        Ok(part.map(|part| Part::of(kind, part.is_open)))
    };
    let front = match one("front", FRONT_TRUNK)? {
        Some(front) => Some(front),
        None => one("front", ENGINE_COVER)?,
    };
    let rear = match one("rear", REAR_TRUNK)? {
        Some(rear) => Some(rear),
        None => one("rear", TAILGATE)?,
    };
    let port = values.or_null(IS_CHARGING_PORT_FLAP_OPEN, Values::flag)?;
    body(&Security {
        is_locked: values.flag(IS_LOCKED)?,
        doors: four(values, DOORS)?,
        windows: four(values, WINDOWS)?,
        sunroof: one("sunroof", SUNROOF)?.into_iter().collect(),
        storage: rear.into_iter().chain(front).collect(),
        charging_port: port
            .map(|is_open| Part::of("chargingPort", Some(is_open)))
            .into_iter()
            .collect(),
    })
}

/// The four corners of two rows; what lies elsewhere has no name in this API.
fn four(values: &Values<'_>, signal: Signal) -> Result<Vec<Part>, Fault> {
    let places = match values.get(signal) {
        None => return Ok(Vec::new()),
        Some(SignalValue::Openings(places)) => places,
        Some(_) => return Err((&error::INVALID_DATA).into()),
    };
    let named = places.iter().filter_map(|place| {
        let kind = match (place.row, place.column) {
            (0, 0) => "frontLeft",
            (0, 1) => "frontRight",
            (1, 0) => "backLeft",
            (1, 1) => "backRight",
            _ => return None,
        };
        Some(Part::of(kind, place.opening.is_open))
    });
    Ok(named.collect())
}

fn command(fields: &Fields) -> Result<Command, V2Error> {
    fields.action(&[("LOCK", Command::Lock), ("UNLOCK", Command::Unlock)])
}
