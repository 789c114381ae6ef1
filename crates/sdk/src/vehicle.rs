//! One car.

use serde::de::DeserializeOwned;

use crate::data::{
    Attributes, Battery, Charge, Fuel, Location, Odometer, Paging, Permissions, TirePressure, Vin,
};
use crate::error::Result;
use crate::{Api, Response, Secret, UnitSystem};

/// A car that an owner shared, and the token that opens it.
///
/// Every read needs the permission its documentation names, and fails in the same ways:
/// [`Error::Api`](crate::Error::Api) with `AUTHENTICATION` (401, refresh the token), `PERMISSION`
/// (403), `VALIDATION` (400, not an id), `COMPATIBILITY` (501, this car cannot), `VEHICLE_STATE`
/// (409), `CONNECTED_SERVICES_ACCOUNT` (400, the owner must act), `RATE_LIMIT` (429), `BILLING`
/// (430), `UPSTREAM` (502) or `SERVER` (500); [`Error::Transport`](crate::Error::Transport) and
/// [`Error::Decode`](crate::Error::Decode) as everywhere. Source: contract rest-v2, 2 and 5.3.
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
    token: Secret,
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
    pub fn new(id: impl Into<String>, token: impl Into<Secret>) -> Result<Self> {
        Ok(Self::of(Api::from_env()?, id.into(), token.into()))
    }

    pub(crate) fn of(api: Api, id: String, token: Secret) -> Self {
        Self {
            api,
            id,
            token,
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

    /// Make, model and year. Needs `read_vehicle_info`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_vehicle_info").await?;
    /// let attributes = car.attributes().await?;
    /// assert_eq!(attributes.make, "CHEVROLET");
    /// assert_eq!(attributes.id, car.id());
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.3.
    pub async fn attributes(&self) -> Result<Response<Attributes>> {
        self.read(&[]).await
    }

    /// The vehicle identification number. Needs `read_vin`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_vin").await?;
    /// assert_eq!(car.vin().await?.vin.len(), 17);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.4.
    pub async fn vin(&self) -> Result<Response<Vin>> {
        self.read(&["vin"]).await
    }

    /// What the owner shared of this car. Needs no permission.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("required:read_odometer").await?;
    /// let granted = car.permissions(Default::default()).await?;
    /// assert_eq!(granted.permissions, ["read_odometer"]);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.5.
    pub async fn permissions(&self, page: Paging) -> Result<Response<Permissions>> {
        self.read_page(&["permissions"], page).await
    }

    /// Distance driven. Needs `read_odometer`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_odometer").await?;
    /// let odometer = car.odometer().await?;
    /// assert!(odometer.distance >= 0.0);
    /// assert_eq!(odometer.meta.unit_system, Some(carport_sdk::UnitSystem::Metric));
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.6.
    pub async fn odometer(&self) -> Result<Response<Odometer>> {
        self.read(&["odometer"]).await
    }

    /// Where the car is. Needs `read_location`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_location").await?;
    /// assert!(car.location().await?.latitude.abs() <= 90.0);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.7.
    pub async fn location(&self) -> Result<Response<Location>> {
        self.read(&["location"]).await
    }

    /// What is in the tank. Needs `read_fuel`; an electric car answers `COMPATIBILITY`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_fuel").await?;
    /// match car.fuel().await {
    ///     Ok(fuel) => println!("{:?} km to go", fuel.range),
    ///     Err(error) if error.api().is_some_and(|e| e.type_ == "COMPATIBILITY") => {}
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.8.
    pub async fn fuel(&self) -> Result<Response<Fuel>> {
        self.read(&["fuel"]).await
    }

    /// Charge and range of the traction battery. Needs `read_battery`; a car without one answers
    /// `COMPATIBILITY`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_battery").await?;
    /// match car.battery().await {
    ///     Ok(battery) => println!("{:.0} %", battery.percent_remaining * 100.0),
    ///     Err(error) if error.api().is_some_and(|e| e.type_ == "COMPATIBILITY") => {}
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.9.
    pub async fn battery(&self) -> Result<Response<Battery>> {
        self.read(&["battery"]).await
    }

    /// Whether the car is plugged in and charging. Needs `read_charge`; a car without a plug
    /// answers `COMPATIBILITY`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_charge").await?;
    /// match car.charge().await {
    ///     Ok(charge) => println!("{:?}, plugged in: {}", charge.state, charge.is_plugged_in),
    ///     Err(error) if error.api().is_some_and(|e| e.type_ == "COMPATIBILITY") => {}
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.12.
    pub async fn charge(&self) -> Result<Response<Charge>> {
        self.read(&["charge"]).await
    }

    /// Pressure of the four tires. Needs `read_tires`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_tires").await?;
    /// assert!(car.tire_pressure().await?.front_left > 0.0);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.15.
    pub async fn tire_pressure(&self) -> Result<Response<TirePressure>> {
        self.read(&["tires", "pressure"]).await
    }

    async fn read<T: DeserializeOwned>(&self, path: &[&str]) -> Result<Response<T>> {
        self.read_page(path, Paging::default()).await
    }

    async fn read_page<T: DeserializeOwned>(
        &self,
        path: &[&str],
        page: Paging,
    ) -> Result<Response<T>> {
        let path = [&["vehicles", &self.id], path].concat();
        self.api
            .get(&path, page, &self.token, Some(self.units))
            .await
    }
}

#[cfg(test)]
#[path = "vehicle/tests.rs"]
mod tests;
