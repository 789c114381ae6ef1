//! `GET` and `POST /vehicles/{id}/charge/limit`. Source: contract rest-v2, 2.13.

use axum::http::Method;
use carport_connector::Fault;
use carport_model::signal::charge::CHARGE_LIMIT;
use carport_model::{Command, Permission, error};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::command::{Order, Reply};
use super::endpoint::{Endpoint, body};
use super::error::V2Error;
use super::fields::Fields;
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/charge/limit",
    make: None,
    permission: Some(Permission::ReadCharge),
    query: &[],
    signals: &[CHARGE_LIMIT],
    view,
    schema: Shape::of::<ChargeLimit>(),
    summary: "Share of the battery at which charging ends.",
};

/// The command.
pub static ORDER: Order = Order {
    method: Method::POST,
    path: "/charge/limit",
    make: None,
    permission: Permission::ControlCharge,
    query: &[],
    command,
    schema: Some(Shape::of::<ChargeLimit>()),
    reply: Reply::Done,
    summary: "Sets the share of the battery at which charging ends, 0.5 to 1.",
};

/// Where charging ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChargeLimit {
    /// Share of the battery, 0 to 1; what is sent must be 0.5 or more.
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub limit: f64,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let limit = values.charge_limit(CHARGE_LIMIT)?;
    body(&ChargeLimit {
        limit: limit.ok_or(&error::VEHICLE_NOT_CAPABLE)?,
    })
}

fn command(fields: &Fields) -> Result<Command, V2Error> {
    fields
        .number("limit", 0.5..=1.0)
        .map(Command::SetChargeLimit)
}
