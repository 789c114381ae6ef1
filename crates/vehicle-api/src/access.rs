//! The gate: bearer token, then account and plan, then vehicle, then permission. Numbers of steps
//! are those of the check order, contract rest-v2, 3.3.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use carport_model::{Application, Mode, Permission, VehicleId, error};
use carport_store::{AccessGrant, Connected};
use carport_web::Learned;

use crate::VehicleApi;
use crate::limits::{Count, Feature};
use crate::v2::error::V2Error;

/// A caller with a working access token.
#[derive(Debug, Clone)]
pub struct Caller(pub AccessGrant);

impl FromRequestParts<VehicleApi> for Caller {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let grant = known(parts, api).await?;
        check_account(parts, api, &grant)?;
        if let Some(usage) = &api.usage {
            usage.admit((grant.application, grant.mode), 1, api.clock.now())?;
        }
        Ok(Self(grant))
    }
}

/// Step 2: what the token opens.
async fn known(parts: &Parts, api: &VehicleApi) -> Result<AccessGrant, V2Error> {
    let token = bearer(parts).ok_or(&error::AUTHENTICATION)?;
    let grant = api.store.access_grant(&api.mint.digest(token)).await?;
    match grant {
        Some(grant) if grant.expires_at > api.clock.now() => {
            if let Some(learned) = parts.extensions.get::<Learned>() {
                learned.note_application(grant.application);
            }
            Ok(grant)
        }
        _ => Err((&error::AUTHENTICATION).into()),
    }
}

/// Step 4, as far as it is about the account and not about a vehicle.
fn check_account(parts: &Parts, api: &VehicleApi, grant: &AccessGrant) -> Result<(), V2Error> {
    if grant.is_suspended {
        return Err((&error::ACCOUNT_SUSPENDED).into());
    }
    match &api.usage {
        Some(usage) => usage.includes_route(parts),
        None => Ok(()),
    }
}

impl VehicleApi {
    /// Steps 4 and 5 for an application that came with its client credentials: not suspended, the
    /// feature in its plan, a request left for it. `mode` is that of the cars it asks about.
    ///
    /// # Errors
    /// `BILLING` or `RATE_LIMIT`.
    pub fn admit(
        &self,
        application: &Application,
        mode: Mode,
        feature: Feature,
    ) -> Result<(), V2Error> {
        if application.suspended_at.is_some() {
            return Err((&error::ACCOUNT_SUSPENDED).into());
        }
        let Some(usage) = &self.usage else {
            return Ok(());
        };
        usage.includes(feature)?;
        usage.admit((application.id, mode), 1, self.clock.now())
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
///
/// One request of the application has been taken for it; [`VehicleAccess::enter`] takes one of the
/// vehicle.
#[derive(Debug, Clone)]
pub struct VehicleAccess(pub Arc<Connected>, Option<Arc<Count>>);

impl VehicleAccess {
    /// Step 9, after all that may be wrong with the request: one request goes through to the
    /// vehicle.
    ///
    /// # Errors
    /// `RATE_LIMIT`/`VEHICLE`, or `BILLING`/`VEHICLE_REQUEST_LIMIT` when others have used the
    /// month's calls up meanwhile.
    pub(crate) fn enter(&self, api: &VehicleApi) -> Result<(), V2Error> {
        let Some(usage) = &api.usage else {
            return Ok(());
        };
        let vehicle = &self.0.vehicle;
        let key = (vehicle.id, vehicle.mode);
        usage.enter(key, self.1.as_ref(), api.clock.now())
    }

    /// Step 5 for a request that stands for `requests`, of which the gate took one: takes the
    /// others, or gives that one back.
    ///
    /// # Errors
    /// `RATE_LIMIT`/`SMARTCAR_API`.
    pub(crate) fn admit_others(&self, api: &VehicleApi, requests: u32) -> Result<(), V2Error> {
        let Some(usage) = &api.usage else {
            return Ok(());
        };
        let vehicle = &self.0.vehicle;
        let key = (vehicle.application, vehicle.mode);
        let others = usage.admit(key, requests.saturating_sub(1), api.clock.now());
        others.inspect_err(|_| usage.give_back(key, 1))
    }

    /// Checks a permission.
    ///
    /// # Errors
    /// `PERMISSION` when the owner did not grant it.
    pub fn allows(&self, permission: Permission) -> Result<(), V2Error> {
        if self.0.permissions.contains(permission) {
            Ok(())
        } else {
            Err((&error::PERMISSION).into())
        }
    }
}

impl FromRequestParts<VehicleApi> for VehicleAccess {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let grant = known(parts, api).await?;
        let id = Path::<String>::from_request_parts(parts, api)
            .await
            .ok()
            .and_then(|Path(id)| id.parse::<VehicleId>().ok())
            .ok_or_else(|| {
                V2Error::validation("id", "The vehicle id in the path is not a UUID.")
            })?;
        check_account(parts, api, &grant)?;
        let connected = api.store.connected(grant.user, id).await?;
        if let (Some(_), Some(learned)) = (&connected, parts.extensions.get::<Learned>()) {
            learned.note_vehicle(id);
        }
        let mut count = None;
        if let Some(usage) = &api.usage {
            let now = api.clock.now();
            // What a plan has room for is said of vehicles that the caller may know.
            if let Some(car) = &connected {
                count = usage.has_room_for(car, now).await?;
            }
            usage.admit((grant.application, grant.mode), 1, now)?;
        }
        let connected = connected.ok_or(&error::PERMISSION)?;
        Ok(Self(connected, count))
    }
}
