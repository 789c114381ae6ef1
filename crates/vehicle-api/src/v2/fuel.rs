//! `GET /vehicles/{id}/fuel`. Source: contract rest-v2, 2.8.

use carport_connector::Fault;
use carport_model::Permission;
use carport_model::signal::internal_combustion_engine::{AMOUNT_REMAINING, FUEL_LEVEL, RANGE};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/fuel",
    make: None,
    permission: Some(Permission::ReadFuel),
    query: &[],
    signals: &[AMOUNT_REMAINING, FUEL_LEVEL, RANGE],
    view,
    schema: Shape::of::<Fuel>(),
    summary: "Fuel left in the tank and how far it will take the car.",
};

/// Fuel left in the tank and how far it will take the car.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fuel {
    /// Share of the tank, 0 to 1; null where the maker does not tell.
    pub percent_remaining: Option<f64>,
    /// Litres or US gallons; null where the maker does not tell.
    pub amount_remaining: Option<f64>,
    /// Kilometres or miles; null where the maker does not tell.
    pub range: Option<f64>,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    body(&Fuel {
        percent_remaining: values.or_null(FUEL_LEVEL, Values::number)?,
        amount_remaining: values.or_null(AMOUNT_REMAINING, Values::number)?,
        range: values.or_null(RANGE, Values::number)?,
    })
}
