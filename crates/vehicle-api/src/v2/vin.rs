//! `GET /vehicles/{id}/vin`. Source: contract rest-v2, 2.4.

use axum::response::Response;
use carport_model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::endpoint::json_of;
use super::error::V2Error;
use crate::access::VehicleAccess;

/// Permission of this endpoint.
pub const PERMISSION: Permission = Permission::ReadVin;

/// The number that tells the car from every other one.
#[derive(Debug, Serialize, ToSchema)]
pub struct VinView {
    /// 17 letters and digits.
    pub vin: String,
}

/// Tells the VIN. It is part of the vehicle's identity, so no connector is asked.
///
/// # Errors
/// `PERMISSION` without `read_vin`.
pub async fn get_vin(car: VehicleAccess) -> Result<Response, V2Error> {
    car.allows(PERMISSION)?;
    Ok(json_of(&VinView {
        vin: car.0.vehicle.car.vin.as_str().to_owned(),
    }))
}
