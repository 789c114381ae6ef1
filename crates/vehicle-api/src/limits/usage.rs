//! What has been used of the limits, and what the gate asks of it. The steps are those of contract
//! rest-v2, 3.3.

use std::sync::Arc;

use axum::extract::MatchedPath;
use axum::http::request::Parts;
use carport_model::{ApplicationId, Mode, Timestamp, VehicleId, error};
use carport_store::{Connected, Store, StoreError};

use super::bucket::Buckets;
use super::fleet::Fleet;
use super::tally::{Count, Tally};
use super::{Feature, Limits};
use crate::v2::error::V2Error;

/// Applications whose buckets are remembered.
const APPLICATIONS: usize = 10_000;
/// Vehicles whose buckets are remembered, at some 100 bytes each; a vehicle beyond them begins anew.
const VEHICLES: usize = 1_000_000;

/// What is limited, and what has been used of it.
#[derive(Debug)]
pub struct Usage {
    modes: Box<[Mode]>,
    without: Box<[Feature]>,
    application: Option<Buckets<ApplicationId>>,
    vehicle: Option<Buckets<VehicleId>>,
    fleet: Option<Fleet>,
    tally: Option<Tally>,
}

impl Usage {
    /// Nothing used yet; `None` when nothing is limited.
    #[must_use]
    pub fn of(limits: Limits, store: &Store) -> Option<Arc<Self>> {
        let Limits {
            modes,
            application,
            vehicle,
            plan,
        } = limits;
        let is_counted = application.is_some()
            || vehicle.is_some()
            || plan.vehicles.is_some()
            || plan.vehicle_requests.is_some();
        if plan.without.is_empty() && (modes.is_empty() || !is_counted) {
            return None;
        }
        let room = |room| Fleet::new(store.clone(), room, &modes);
        let fleet = plan.vehicles.map(room);
        let calls = |calls| Tally::new(store.clone(), calls);
        Some(Arc::new(Self {
            without: plan.without.into(),
            application: application.map(|rate| Buckets::new(rate, APPLICATIONS)),
            vehicle: vehicle.map(|rate| Buckets::new(rate, VEHICLES)),
            fleet,
            tally: plan.vehicle_requests.map(calls),
            modes: modes.into(),
        }))
    }

    fn counts(&self, mode: Mode) -> bool {
        self.modes.contains(&mode)
    }

    /// Step 4, of the route that was asked for.
    pub(crate) fn includes_route(&self, request: &Parts) -> Result<(), V2Error> {
        if self.without.is_empty() {
            return Ok(());
        }
        let route = request.extensions.get::<MatchedPath>();
        let feature = route.and_then(|route| Feature::of(&request.method, route.as_str()));
        match feature {
            Some(feature) if self.without.contains(&feature) => Err((&error::INVALID_PLAN).into()),
            _ => Ok(()),
        }
    }

    /// Step 4, of a connected vehicle; the count of its calls, where they are limited.
    pub(crate) async fn has_room_for(
        &self,
        car: &Connected,
        now: Timestamp,
    ) -> Result<Option<Arc<Count>>, V2Error> {
        if !self.counts(car.vehicle.mode) {
            return Ok(None);
        }
        if let Some(fleet) = &self.fleet
            && !fleet.has_room_for(car, now).await?
        {
            return Err((&error::VEHICLE_LIMIT).into());
        }
        let Some(tally) = &self.tally else {
            return Ok(None);
        };
        let count = tally.of(car.vehicle.id, now).await?;
        if tally.is_used_up(&count) {
            return Err((&error::VEHICLE_REQUEST_LIMIT).into());
        }
        Ok(Some(count))
    }

    /// Step 5: takes so many requests of an application, all or none.
    pub(crate) fn admit(
        &self,
        (application, mode): (ApplicationId, Mode),
        requests: u32,
        now: Timestamp,
    ) -> Result<(), V2Error> {
        match &self.application {
            Some(buckets) if self.counts(mode) => buckets
                .take(&application, requests, now)
                .map_err(|_| (&error::RATE_LIMIT_SMARTCAR_API).into()),
            _ => Ok(()),
        }
    }

    /// Undoes [`Usage::admit`] for requests that were refused after all.
    pub(crate) fn give_back(&self, (application, mode): (ApplicationId, Mode), requests: u32) {
        if let Some(buckets) = &self.application
            && self.counts(mode)
        {
            buckets.give_back(&application, requests);
        }
    }

    /// Step 9: one request goes through to a vehicle, and counts.
    pub(crate) fn enter(
        &self,
        (vehicle, mode): (VehicleId, Mode),
        count: Option<&Arc<Count>>,
        now: Timestamp,
    ) -> Result<(), V2Error> {
        if let Some(buckets) = &self.vehicle
            && self.counts(mode)
            && let Err(wait) = buckets.take(&vehicle, 1, now)
        {
            return Err(V2Error::later(&error::RATE_LIMIT_VEHICLE, wait));
        }
        match self.tally.as_ref().zip(count) {
            Some((tally, count)) if !tally.take(count) => {
                Err((&error::VEHICLE_REQUEST_LIMIT).into())
            }
            _ => Ok(()),
        }
    }

    /// Whether there is something for [`Usage::save`] to save.
    #[must_use]
    pub fn is_saved(&self) -> bool {
        self.tally.is_some()
    }

    /// Saves the calls that plans count, which is to be done every few seconds and at the end: what
    /// was not saved is forgotten with the process. What fails is kept for the next time.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn save(&self) -> Result<(), StoreError> {
        match &self.tally {
            Some(tally) => tally.save().await,
            None => Ok(()),
        }
    }
}
