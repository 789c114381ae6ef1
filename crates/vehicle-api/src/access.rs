//! The gate: bearer token, then vehicle, then permission. Check order: contract rest-v2, 3.3.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use carport_model::{Permission, error};
use carport_store::{AccessGrant, Connected};
use carport_web::{Learned, credentials};

use crate::VehicleApi;
use crate::path::VehicleInPath;
use crate::v2::error::V2Error;

/// A caller with a working access token.
#[derive(Debug, Clone)]
pub struct Caller(pub AccessGrant);

impl FromRequestParts<VehicleApi> for Caller {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let caller = Self::find(parts, api).await?;
        caller.ok_or_else(|| (&error::AUTHENTICATION).into())
    }
}

impl Caller {
    /// The caller, if its bearer is an access token that works.
    pub(crate) async fn find(parts: &Parts, api: &VehicleApi) -> Result<Option<Self>, V2Error> {
        let Some(token) = credentials::bearer(&parts.headers) else {
            return Ok(None);
        };
        let grant = api.store.access_grant(&api.mint.digest(token)).await?;
        let Some(grant) = grant.filter(|grant| grant.expires_at > api.clock.now()) else {
            return Ok(None);
        };
        if let Some(learned) = parts.extensions.get::<Learned>() {
            learned.note_application(grant.application);
        }
        Ok(Some(Self(grant)))
    }
}

/// A vehicle that the caller's user granted to the caller's application. Whoever holds one still
/// has to ask [`VehicleAccess::allows`] before showing anything that needs a permission.
#[derive(Debug, Clone)]
pub struct VehicleAccess(pub Arc<Connected>);

impl VehicleAccess {
    /// Checks a permission; `None` needs none.
    ///
    /// # Errors
    /// `PERMISSION` when the owner did not grant it.
    pub fn allows(&self, permission: impl Into<Option<Permission>>) -> Result<(), V2Error> {
        match permission.into() {
            Some(permission) if !self.0.permissions.contains(permission) => {
                Err((&error::PERMISSION).into())
            }
            _ => Ok(()),
        }
    }
}

impl FromRequestParts<VehicleApi> for VehicleAccess {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let Caller(grant) = Caller::from_request_parts(parts, api).await?;
        let vehicle = VehicleInPath::from_request_parts(parts, api).await?;
        let connected = api.store.connected(grant.user, vehicle.id).await?;
        let connected = connected.ok_or(&error::PERMISSION)?;
        vehicle.note();
        Ok(Self(connected))
    }
}
