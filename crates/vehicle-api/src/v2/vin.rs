//! `GET /vehicles/{id}/vin`. Source: contract rest-v2, 2.4.

use carport_model::Permission;
use carport_store::Connected;
use carport_web::query::Pairs;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Fixed, raw};
use super::error::V2Error;
use crate::openapi::Shape;

/// The endpoint. The VIN is part of the vehicle's identity, so no connector is asked.
pub static ENDPOINT: Fixed = Fixed {
    path: "/vin",
    permission: Some(Permission::ReadVin),
    query: &[],
    view,
    schema: Shape::of::<VinView>(),
    summary: "The VIN.",
};

/// The number that tells the car from every other one.
#[derive(Debug, Serialize, ToSchema)]
pub struct VinView {
    /// 17 letters and digits.
    pub vin: String,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every such view")]
fn view(car: &Connected, _: &Pairs) -> Result<Box<RawValue>, V2Error> {
    Ok(raw(&VinView {
        vin: car.vehicle.car.vin.as_str().to_owned(),
    }))
}
