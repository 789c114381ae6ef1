//! The gate: bearer token, then vehicle, then permission. Check order: contract rest-v2, 3.3.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use carport_model::{Permission, VehicleId, error};
use carport_store::{AccessGrant, Connected};
use carport_web::Learned;
use serde::Deserialize;

use crate::VehicleApi;
use crate::v2::error::V2Error;

/// A caller with a working access token.
#[derive(Debug, Clone)]
pub struct Caller(pub AccessGrant);

impl FromRequestParts<VehicleApi> for Caller {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let token = bearer(parts).ok_or(&error::AUTHENTICATION)?;
        let grant = api.store.access_grant(&api.mint.digest(token)).await?;
        match grant {
            Some(grant) if grant.expires_at > api.clock.now() => {
                if let Some(learned) = parts.extensions.get::<Learned>() {
                    learned.note_application(grant.application);
                }
                Ok(Self(grant))
            }
            _ => Err((&error::AUTHENTICATION).into()),
        }
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let (scheme, token) = parts
        .headers
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
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

/// What the path says of the vehicle; it may say more.
#[derive(Deserialize)]
struct InPath {
    id: String,
}

impl FromRequestParts<VehicleApi> for VehicleAccess {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let Caller(grant) = Caller::from_request_parts(parts, api).await?;
        let id = Path::<InPath>::from_request_parts(parts, api)
            .await
            .ok()
            .and_then(|Path(path)| path.id.parse::<VehicleId>().ok())
            .ok_or_else(|| {
                V2Error::validation("id", "The vehicle id in the path is not a UUID.")
            })?;
        let connected = api.store.connected(grant.user, id).await?;
        let connected = connected.ok_or(&error::PERMISSION)?;
        if let Some(learned) = parts.extensions.get::<Learned>() {
            learned.note_vehicle(id);
        }
        Ok(Self(connected))
    }
}
