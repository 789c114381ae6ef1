//! `GET` and `POST /vehicles/{id}/charge`. Source: contract rest-v2, 2.12.

use axum::http::Method;
use carport_connector::Fault;
use carport_model::signal::charge::{DETAILED_CHARGING_STATUS, IS_CHARGING_CABLE_CONNECTED};
use carport_model::{Command, Permission};
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
    path: "/charge",
    make: None,
    permission: Some(Permission::ReadCharge),
    query: &[],
    signals: &[DETAILED_CHARGING_STATUS, IS_CHARGING_CABLE_CONNECTED],
    view,
    schema: Shape::of::<Charge>(),
    summary: "Whether the car is plugged in and charging.",
};

/// The command.
pub static ORDER: Order = Order {
    method: Method::POST,
    path: "/charge",
    make: None,
    permission: Permission::ControlCharge,
    query: &[],
    command,
    schema: Some(Shape::of::<Action>()),
    reply: Reply::Done,
    summary: "Starts or stops charging: START, STOP.",
};

/// Whether the car is plugged in and charging.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// Whether a cable is plugged in.
    pub is_plugged_in: bool,
    /// `CHARGING`, `FULLY_CHARGED` or `NOT_CHARGING`.
    pub state: String,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    body(&Charge {
        is_plugged_in: values.flag(IS_CHARGING_CABLE_CONNECTED)?,
        state: values.text(DETAILED_CHARGING_STATUS)?.to_owned(),
    })
}

fn command(fields: &Fields) -> Result<Command, V2Error> {
    fields.action(&[
        ("START", Command::StartCharge),
        ("STOP", Command::StopCharge),
    ])
}
