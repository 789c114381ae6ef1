//! Endpoints that cars of one brand alone have: the path begins with the make in lower case.
//! Source: contract rest-v2, 2.25.
//!
//! A car of another make answers `VEHICLE_NOT_CAPABLE`, an address with the make in upper case
//! `PERMISSION`. Members that no signal gives are always null. Cars of a simulation have these
//! endpoints like cars of test mode; the original service does not serve them there (8.2).

pub mod audi;
pub mod charge_records;
pub mod charging_place;
pub mod meters;
pub mod nissan;
pub mod tesla;
mod times;

use axum::routing::{MethodRouter, any};
use carport_model::error;

use super::error::V2Error;
use crate::VehicleApi;
use crate::access::VehicleAccess;

/// Makes that have endpoints of their own, as no path may spell them.
pub const MAKES: &[&str] = &[
    "AUDI",
    "BMW",
    "CADILLAC",
    "CHEVROLET",
    "FORD",
    "LINCOLN",
    "MINI",
    "NISSAN",
    "TESLA",
];

/// Route of whatever lies below a make in upper case (docs/quirks.md#make-in-upper-case).
pub fn upper_case() -> MethodRouter<VehicleApi> {
    any(async |_: VehicleAccess| V2Error::from(&error::PERMISSION))
}
