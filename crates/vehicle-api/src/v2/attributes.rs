//! `GET /vehicles/{id}`. Source: contract rest-v2, 2.3.

use carport_model::Permission;
use carport_store::Connected;
use carport_web::query::Pairs;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Fixed, raw};
use super::error::V2Error;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Fixed = Fixed {
    path: "",
    permission: Some(Permission::ReadVehicleInfo),
    query: &[],
    view,
    schema: Shape::of::<Attributes>(),
    summary: "Make, model and year.",
};

/// What the car is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attributes {
    /// Id of the vehicle for this application.
    pub id: String,
    /// Brand id, upper case.
    pub make: String,
    /// Model name.
    pub model: String,
    /// Model year.
    pub year: i32,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every such view")]
fn view(car: &Connected, _: &Pairs) -> Result<Box<RawValue>, V2Error> {
    let vehicle = &car.vehicle;
    Ok(raw(&Attributes {
        id: vehicle.id.to_string(),
        make: vehicle.car.make.to_string(),
        model: vehicle.car.model.clone(),
        year: vehicle.car.year,
    }))
}
