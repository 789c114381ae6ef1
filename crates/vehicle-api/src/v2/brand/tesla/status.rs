//! `GET /vehicles/{id}/tesla/status`. Source: contract rest-v2, 2.25.

use carport_connector::Fault;
use carport_model::signal::connectivity::{IS_ASLEEP, IS_ONLINE};
use carport_model::signal::service::IS_IN_SERVICE;
use carport_model::signal::transmission::GEAR_STATE;
use carport_model::{Permission, Signal};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::endpoint::{Endpoint, body};
use crate::v2::values::Values;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/tesla/status",
    make: Some("TESLA"),
    permission: Some(Permission::ReadExtendedVehicleInfo),
    query: &[],
    signals: SIGNALS,
    view,
    schema: Shape::of::<TeslaStatus>(),
    summary: "Whether the car is awake, in a workshop, and in which gear.",
};

const SIGNALS: &[Signal] = &[IS_ASLEEP, IS_ONLINE, IS_IN_SERVICE, GEAR_STATE];

/// How the car is. What it does not tell is null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeslaStatus {
    /// `ASLEEP`, `ONLINE` or `OFFLINE`.
    pub status: Option<&'static str>,
    /// Whether it is in a workshop.
    pub in_service: Option<bool>,
    /// `PARK`, `DRIVE`, `REVERSE` or `NEUTRAL`.
    pub gear: Option<String>,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    values.need_any(SIGNALS)?;
    let sleeps = values.or_null(IS_ASLEEP, Values::flag)?;
    let status = match (sleeps, values.or_null(IS_ONLINE, Values::flag)?) {
        (Some(true), _) => Some("ASLEEP"),
        (_, Some(false)) => Some("OFFLINE"),
        (_, Some(true)) | (Some(false), None) => Some("ONLINE"),
        (None, None) => None,
    };
    body(&TeslaStatus {
        status,
        in_service: values.or_null(IS_IN_SERVICE, Values::flag)?,
        gear: values.word_or_null(GEAR_STATE)?,
    })
}
