//! Endpoints that are known and whose data no signal can give: they say so, and invent nothing.

use axum::extract::State;
use axum::routing::{MethodRouter, get};
use carport_model::{Permission, error};

use super::endpoint::capable;
use super::error::V2Error;
use crate::VehicleApi;
use crate::access::{Staleness, VehicleAccess};

/// An endpoint that answers `SMARTCAR_NOT_CAPABLE`: the car may know, but Carport cannot ask it.
pub struct Unserved {
    /// Path below `/vehicles/{id}`.
    pub path: &'static str,
    /// Brand whose cars alone have it.
    pub make: &'static str,
    /// Permission it needs, if any.
    pub permission: Option<Permission>,
    /// One sentence for the OpenAPI document.
    pub summary: &'static str,
}

impl Unserved {
    /// What it answers for this car, which the request enters by `enter`, in the check order of contract rest-v2, 3.3.
    pub(super) fn refuse(
        &self,
        car: &VehicleAccess,
        api: &VehicleApi,
        enter: impl FnOnce() -> Result<Staleness, V2Error>,
    ) -> V2Error {
        if let Err(error) = car.allows(self.permission) {
            return error;
        }
        if let Err(error) = enter() {
            return error;
        }
        match capable(&car.0, Some(self.make), self.permission) {
            Err(fault) => V2Error::fault(fault, car, api),
            Ok(()) => (&error::SMARTCAR_NOT_CAPABLE).into(),
        }
    }
}

/// Route of an endpoint that cannot be served.
pub fn unserved(endpoint: &'static Unserved) -> MethodRouter<VehicleApi> {
    get(
        move |State(api): State<VehicleApi>, car: VehicleAccess| async move {
            endpoint.refuse(&car, &api, || car.enter(&api))
        },
    )
}
