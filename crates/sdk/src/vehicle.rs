//! One car.

mod commands;
mod reads;

use reqwest::Method;
use serde::de::DeserializeOwned;
use url::Url;

use crate::batch::{Answers, Batch};
use crate::bearer::Bearer;
use crate::error::Result;
use crate::transport::Call;
use crate::{Api, Request, Response, UnitSystem};

/// A car that an owner shared, and the token or session that opens it.
///
/// Every call needs the permission its documentation names, and fails in the same ways:
/// [`Error::Api`](crate::Error::Api) with `AUTHENTICATION` (401, refresh the token), `PERMISSION`
/// (403), `VALIDATION` (400, not an id), `COMPATIBILITY` (501, this car cannot), `VEHICLE_STATE`
/// (409), `CONNECTED_SERVICES_ACCOUNT` (400, the owner must act), `RATE_LIMIT` (429), `BILLING`
/// (430), `UPSTREAM` (502) or `SERVER` (500); [`Error::Transport`](crate::Error::Transport) and
/// [`Error::Decode`](crate::Error::Decode) as everywhere; with a session also what
/// [`Session::access_token`](crate::Session::access_token) names. Source: contract rest-v2, 2 and
/// 5.3.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
/// # support::on_carport(async |carport| {
/// # let car = carport.vehicle("read_odometer").await?;
/// use carport_sdk::UnitSystem;
///
/// let car = car.unit_system(UnitSystem::Imperial);
/// let odometer = car.odometer().await?;
/// println!("{:.0} miles, read {:?}", odometer.distance, odometer.meta.data_age);
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct Vehicle {
    api: Api,
    id: String,
    bearer: Bearer,
    units: UnitSystem,
}

impl Vehicle {
    /// A vehicle on the server the environment names, in metric units. To share connections
    /// between vehicles, make them by [`Api::vehicle`].
    ///
    /// ```
    /// let car = carport_sdk::Vehicle::new("8a1d2c44-5b6e-4c7f-8d90-1e2f3a4b5c6d", "token")?;
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Api::at`].
    pub fn new(id: impl Into<String>, bearer: impl Into<Bearer>) -> Result<Self> {
        Ok(Self::of(Api::from_env()?, id.into(), bearer.into()))
    }

    pub(crate) fn of(api: Api, id: String, bearer: Bearer) -> Self {
        Self {
            api,
            id,
            bearer,
            units: UnitSystem::default(),
        }
    }

    /// The units of all later answers.
    ///
    /// ```
    /// # use carport_sdk::{UnitSystem, Vehicle};
    /// let car = Vehicle::new("8a1d…", "token")?.unit_system(UnitSystem::Imperial);
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn unit_system(mut self, units: UnitSystem) -> Self {
        self.units = units;
        self
    }

    /// Another server than the one of the environment.
    ///
    /// ```
    /// # use carport_sdk::Vehicle;
    /// let car = Vehicle::new("8a1d…", "token")?.origin("http://localhost:2277")?;
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::BadOrigin`](crate::Error::BadOrigin) when it is no http(s) address.
    pub fn origin(mut self, origin: &str) -> Result<Self> {
        self.api = self.api.moved(origin)?;
        Ok(self)
    }

    /// Another version of the API than `2.0`.
    ///
    /// ```
    /// let car = carport_sdk::Vehicle::new("8a1d…", "token")?.version("2.0");
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.api = self.api.version(version);
        self
    }

    /// The vehicle's id, stable when its owner connects it again.
    ///
    /// ```
    /// assert_eq!(carport_sdk::Vehicle::new("8a1d…", "token")?.id(), "8a1d…");
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Several reads in one request; see [`Batch`]. No permission of its own: each path needs
    /// its own, and one that fails spoils no other.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_charge read_location").await?;
    /// use carport_sdk::{Batch, paths};
    ///
    /// let mut batch = Batch::new();
    /// let (charge, location) = (batch.add(paths::CHARGE), batch.add(paths::LOCATION));
    /// let mut answers = car.batch(batch).await?;
    /// if answers.take(charge)?.is_plugged_in {
    ///     println!("plugged in at {}", answers.take(location)?.latitude);
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`], for the batch as a whole: `VALIDATION` when it is empty or names a
    /// path that cannot be read. Source: contract rest-v2, 2.23.
    pub async fn batch(&self, batch: Batch) -> Result<Answers> {
        let call = Call::new(Method::POST, self.address(&["batch"], &[])).json(&batch.body());
        Ok(batch.answers(self.send(call).await?))
    }

    /// Any request below this vehicle; see [`Request`]. `T` is what its answer is read as,
    /// [`serde_json::Value`] for whatever comes.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle_of("TESLA", None, "read_compass").await?;
    /// use carport_sdk::Request;
    ///
    /// let compass = car.request::<serde_json::Value>(Request::get("tesla/compass")).await?;
    /// println!("{}, request {:?}", compass["direction"], compass.meta.request_id);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]; `RESOURCE_NOT_FOUND` (404) for a path that does not exist.
    pub async fn request<T: DeserializeOwned>(&self, request: Request) -> Result<Response<T>> {
        let mut url = self.address(&pieces(&request.path), &[]);
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let mut call = Call::new(request.method, url);
        if let Some(body) = &request.body {
            call = call.json(body);
        }
        self.api
            .send(
                &self.bearer,
                call.units(self.units).headers(request.headers),
            )
            .await
    }

    async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<Response<T>> {
        self.api.send(&self.bearer, call.units(self.units)).await
    }

    fn address(&self, path: &[&str], query: &[(&str, String)]) -> Url {
        let path = [&["vehicles", &self.id], path].concat();
        self.api.address(&path, query)
    }
}

/// A path's segments; slashes at its ends and double ones make none.
fn pieces(path: &str) -> Vec<&str> {
    path.split('/').filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
#[path = "vehicle/tests.rs"]
mod tests;
