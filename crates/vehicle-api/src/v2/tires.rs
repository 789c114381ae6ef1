//! `GET /vehicles/{id}/tires/pressure`. Source: contract rest-v2, 2.15.

use carport_connector::Fault;
use carport_model::Permission;
use carport_model::signal::wheel::TIRES;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/tires/pressure",
    make: None,
    permission: Some(Permission::ReadTires),
    query: &[],
    signals: &[TIRES],
    view,
    schema: Shape::of::<Tires>(),
    summary: "Air pressure in each tyre.",
};

/// Air pressure in each tyre.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tires {
    /// Kilopascals or psi.
    pub front_left: f64,
    /// Kilopascals or psi.
    pub front_right: f64,
    /// Kilopascals or psi.
    pub back_left: f64,
    /// Kilopascals or psi.
    pub back_right: f64,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let [front_left, front_right, back_left, back_right] = values.tyres(TIRES)?;
    body(&Tires {
        front_left,
        front_right,
        back_left,
        back_right,
    })
}
