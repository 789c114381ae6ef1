//! `GET /vehicles/{id}`. Source: contract rest-v2, 2.3.

use axum::response::Response;
use carport_model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::endpoint::json_of;
use super::error::V2Error;
use crate::access::VehicleAccess;

/// Permission of this endpoint.
pub const PERMISSION: Permission = Permission::ReadVehicleInfo;

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

/// Tells make, model and year.
///
/// # Errors
/// `PERMISSION` without `read_vehicle_info`.
pub async fn get_attributes(car: VehicleAccess) -> Result<Response, V2Error> {
    car.allows(PERMISSION)?;
    let vehicle = &car.0.vehicle;
    Ok(json_of(&Attributes {
        id: vehicle.id.to_string(),
        make: vehicle.car.make.to_string(),
        model: vehicle.car.model.clone(),
        year: vehicle.car.year,
    }))
}
