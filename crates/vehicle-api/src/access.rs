//! The gate: bearer token, account and plan, rates, then vehicle, then permission. The steps are those
//! of contract rest-v2, 3.3.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use carport_connector::Fault;
use carport_model::fault::{Answer, Room, Struck};
use carport_model::{ApplicationId, Digest, Mode, Permission, error};
use carport_store::{Access, AccessGrant, Remembered};
use carport_web::fault::Target;
use carport_web::{Learned, credentials};

use crate::VehicleApi;
use crate::limits::Count;
use crate::path::VehicleInPath;
use crate::v2::error::V2Error;

/// A caller with a working access token, whose application is within its limits.
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
    ///
    /// # Errors
    /// What refuses the application of such a caller: `BILLING` or `RATE_LIMIT`, or a fault on demand.
    pub(crate) async fn find(parts: &Parts, api: &VehicleApi) -> Result<Option<Self>, V2Error> {
        let Some(Bearer { access, .. }) = Bearer::known(parts, api).await? else {
            return Ok(None);
        };
        let grant = access.grant;
        check_account(parts, api, grant.is_suspended)?;
        admit(api, (grant.application, grant.mode))?;
        judge(parts, api)?;
        Ok(Some(Self(grant)))
    }
}

/// A caller as [`Caller`], and the vehicle in the path: whether the one may know the other is not
/// decided by this.
#[derive(Debug, Clone)]
pub struct CallerOf(pub AccessGrant, pub VehicleInPath);

impl FromRequestParts<VehicleApi> for CallerOf {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let (Bearer { access, .. }, vehicle) = of_account(parts, api).await?;
        admit(api, (access.grant.application, access.grant.mode))?;
        judge(parts, api)?;
        Ok(Self(access.grant, vehicle))
    }
}

/// Steps 2 to 4, as far as they are not about what the vehicle is.
async fn of_account(
    parts: &mut Parts,
    api: &VehicleApi,
) -> Result<(Bearer, VehicleInPath), V2Error> {
    let bearer = Bearer::known(parts, api).await?;
    let bearer = bearer.ok_or(&error::AUTHENTICATION)?;
    let vehicle = VehicleInPath::from_request_parts(parts, api).await?;
    check_account(parts, api, bearer.access.grant.is_suspended)?;
    Ok((bearer, vehicle))
}

/// An access token that works.
struct Bearer {
    token: Digest,
    access: Access,
}

impl Bearer {
    /// Step 2: what the bearer opens; `None` when it is no access token that works.
    async fn known(parts: &Parts, api: &VehicleApi) -> Result<Option<Self>, V2Error> {
        let Some(token) = credentials::bearer(&parts.headers) else {
            return Ok(None);
        };
        let token = api.mint.digest(token);
        let access = api.store.access(&token).await?;
        let access = access.filter(|access| access.grant.expires_at > api.clock.now());
        if let (Some(access), Some(learned)) = (&access, parts.extensions.get::<Learned>()) {
            learned.note_application(access.grant.application);
        }
        Ok(access.map(|access| Self { token, access }))
    }
}

/// Step 4, as far as it is about the account and not about a vehicle.
///
/// # Errors
/// `BILLING`/`ACCOUNT_SUSPENDED` or `BILLING`/`INVALID_PLAN`.
pub(crate) fn check_account(
    parts: &Parts,
    api: &VehicleApi,
    is_suspended: bool,
) -> Result<(), V2Error> {
    if is_suspended {
        return Err((&error::ACCOUNT_SUSPENDED).into());
    }
    match &api.usage {
        Some(usage) => usage.includes_route(parts),
        None => Ok(()),
    }
}

/// Step 5: takes one request of an application, about cars of a mode.
///
/// # Errors
/// `RATE_LIMIT`/`SMARTCAR_API`.
pub(crate) fn admit(api: &VehicleApi, of: (ApplicationId, Mode)) -> Result<(), V2Error> {
    match &api.usage {
        Some(usage) => usage.admit(of, 1, api.clock.now()),
        None => Ok(()),
    }
}

/// After what an application is held to: what is to go wrong on demand, where a request is not about
/// a vehicle that the caller may know.
///
/// # Errors
/// The error that a rule gives.
pub(crate) fn judge(parts: &Parts, api: &VehicleApi) -> Result<(), V2Error> {
    match Target::of(&api.faults, parts) {
        Some(target) => Ok(target.judge(&api.faults, api.clock.now())?),
        None => Ok(()),
    }
}

/// A vehicle that the caller's user granted to the caller's application. Whoever holds one still
/// has to ask [`VehicleAccess::allows`] before showing anything that needs a permission.
///
/// One request of the application has been taken for it; [`VehicleAccess::enter`] takes one of the
/// vehicle.
#[derive(Debug, Clone)]
pub struct VehicleAccess(pub Arc<Remembered>, Option<Arc<Count>>, Option<Box<Target>>);

/// How much older than it is what is read now is to look: nothing, but for a fault on demand.
#[derive(Debug, Clone, Copy, Default)]
#[must_use = "what is read is to look as old"]
pub(crate) struct Staleness(pub(crate) Duration);

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

    /// Step 9, after all that may be wrong with the request: one request goes through to the
    /// vehicle, unless it is to go wrong on demand.
    ///
    /// # Errors
    /// `RATE_LIMIT`/`VEHICLE`, or `BILLING`/`VEHICLE_REQUEST_LIMIT` when others have used the
    /// month's calls up meanwhile; the error that a rule gives.
    pub(crate) fn enter(&self, api: &VehicleApi) -> Result<Staleness, V2Error> {
        self.count(api)?;
        match &self.2 {
            Some(target) => self.judge(api, target),
            None => Ok(Staleness::default()),
        }
    }

    /// The same for a read of a batch, by its path below the vehicle.
    ///
    /// # Errors
    /// As [`VehicleAccess::enter`].
    pub(crate) fn enter_part(&self, api: &VehicleApi, path: &str) -> Result<Staleness, V2Error> {
        self.count(api)?;
        match &self.2 {
            Some(target) => self.judge(api, &target.part(&whole(path))),
            None => Ok(Staleness::default()),
        }
    }

    /// What is to go wrong with a batch as a whole; its reads go wrong by themselves.
    ///
    /// # Errors
    /// The error that a rule gives.
    pub(crate) fn begin_batch(&self, api: &VehicleApi) -> Result<(), V2Error> {
        match &self.2 {
            Some(target) => self.judge(api, target).map(drop),
            None => Ok(()),
        }
    }

    fn judge(&self, api: &VehicleApi, target: &Target) -> Result<Staleness, V2Error> {
        let struck = target.strike(&api.faults, Room::Vehicles, api.clock.now());
        let Struck { answer, stale, .. } = struck.unwrap_or_default();
        match answer {
            Some(Answer::Error(spec, retry_after)) => {
                let fault = Fault {
                    retry_after,
                    ..spec.into()
                };
                Err(V2Error::fault(fault, self, api))
            }
            Some(Answer::OAuth(..)) | None => Ok(Staleness(stale)),
        }
    }

    fn count(&self, api: &VehicleApi) -> Result<(), V2Error> {
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
}

/// The pattern of a path below a vehicle; `/` is the vehicle itself.
fn whole(path: &str) -> String {
    format!("/v2.0/vehicles/{{id}}{}", path.trim_end_matches('/'))
}

impl FromRequestParts<VehicleApi> for VehicleAccess {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let (Bearer { token, access }, vehicle) = of_account(parts, api).await?;
        let connected = api.store.car_of(&token, &access, vehicle.id).await?;
        if connected.is_some() {
            vehicle.note();
        }
        let mut count = None;
        // What a plan has room for is said of vehicles that the caller may know.
        if let (Some(usage), Some(car)) = (&api.usage, &connected) {
            count = usage.has_room_for(car, api.clock.now()).await?;
        }
        admit(api, (access.grant.application, access.grant.mode))?;
        let connected = connected.ok_or(&error::PERMISSION)?;
        let target = Target::of(&api.faults, parts);
        Ok(Self(connected, count, target))
    }
}
