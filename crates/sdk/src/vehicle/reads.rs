//! What a car can be asked.

use serde::de::DeserializeOwned;

use super::{Vehicle, pieces};
use crate::data::{
    Attributes, Battery, BatteryCapacity, Charge, ChargeLimit, DiagnosticSystems, EngineOil, Fuel,
    Location, LockStatus, NominalCapacity, Odometer, Paging, Permissions, ServiceRange,
    ServiceRecord, TirePressure, TroubleCodes, Vin,
};
use crate::error::Result;
use crate::paths::{self, Path};
use crate::response::Response;
use crate::transport::Call;

impl Vehicle {
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
        self.read(&paths::ATTRIBUTES).await
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
        self.read(&paths::VIN).await
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
        self.read_part(&paths::PERMISSIONS, &page.query()).await
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
        self.read(&paths::ODOMETER).await
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
        self.read(&paths::LOCATION).await
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
        self.read(&paths::FUEL).await
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
        self.read(&paths::BATTERY).await
    }

    /// What the full battery holds. Needs `read_battery`; newer applications ask
    /// [`nominal_capacity`](Self::nominal_capacity). `SERVER` with `RECORD_NOT_FOUND` or
    /// `MULTIPLE_RECORDS_FOUND` when it is not known for certain.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_battery").await?;
    /// println!("{} kWh", car.battery_capacity().await?.capacity);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.10.
    pub async fn battery_capacity(&self) -> Result<Response<BatteryCapacity>> {
        self.read(&paths::BATTERY_CAPACITY).await
    }

    /// What the battery held when it was new. Needs `read_battery`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_battery").await?;
    /// let nominal = car.nominal_capacity().await?;
    /// match &nominal.capacity {
    ///     Some(chosen) => println!("{:?} kWh", chosen.nominal),
    ///     None => println!("let the owner choose at {:?}", nominal.url),
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.11.
    pub async fn nominal_capacity(&self) -> Result<Response<NominalCapacity>> {
        self.read(&paths::NOMINAL_CAPACITY).await
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
        self.read(&paths::CHARGE).await
    }

    /// How full the battery is to be charged. Needs `read_charge`; some makers tell it only while the
    /// car is plugged in (`VEHICLE_STATE` with `CHARGING_PLUG_NOT_CONNECTED`).
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_charge").await?;
    /// println!("{:.0} %", car.charge_limit().await?.limit * 100.0);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.13.
    pub async fn charge_limit(&self) -> Result<Response<ChargeLimit>> {
        self.read(&paths::CHARGE_LIMIT).await
    }

    /// What is left of the engine's oil. Needs `read_engine_oil`; an electric car answers
    /// `COMPATIBILITY`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_engine_oil").await?;
    /// println!("{:.0} %", car.engine_oil().await?.life_remaining * 100.0);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.14.
    pub async fn engine_oil(&self) -> Result<Response<EngineOil>> {
        self.read(&paths::ENGINE_OIL).await
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
        self.read(&paths::TIRE_PRESSURE).await
    }

    /// Whether the car is locked, and which doors and windows are open. Needs `read_security`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_security").await?;
    /// use carport_sdk::OpenState;
    ///
    /// let security = car.lock_status().await?;
    /// let open = security.doors.iter().filter(|door| door.status == OpenState::Open);
    /// println!("locked: {}, {} doors open", security.is_locked, open.count());
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.16.
    pub async fn lock_status(&self) -> Result<Response<LockStatus>> {
        self.read(&paths::LOCK_STATUS).await
    }

    /// What was done to the car in workshops, newest first. Needs `read_service_history`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_service_history").await?;
    /// use carport_sdk::ServiceRange;
    ///
    /// let range = ServiceRange::default().start("2024-01-01".parse()?);
    /// for visit in car.service_history(range).await?.iter() {
    ///     println!("{:?} at {:.0} km", visit.service_date, visit.odometer_distance);
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.18.
    pub async fn service_history(
        &self,
        range: ServiceRange,
    ) -> Result<Response<Vec<ServiceRecord>>> {
        self.read_part(&paths::SERVICE_HISTORY, &range.query())
            .await
    }

    /// How the car's systems are. Needs `read_diagnostics`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_diagnostics").await?;
    /// use carport_sdk::Health;
    ///
    /// let diagnostics = car.diagnostic_system_status().await?;
    /// for system in diagnostics.systems.iter().filter(|system| system.status != Health::Ok) {
    ///     println!("{}: {:?}", system.system_id, system.description);
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.19.
    pub async fn diagnostic_system_status(&self) -> Result<Response<DiagnosticSystems>> {
        self.read(&paths::DIAGNOSTIC_SYSTEM_STATUS).await
    }

    /// The trouble codes that are set. Needs `read_diagnostics`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_diagnostics").await?;
    /// for trouble in &car.diagnostic_trouble_codes().await?.active_codes {
    ///     println!("{} since {:?}", trouble.code, trouble.timestamp);
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.20.
    pub async fn diagnostic_trouble_codes(&self) -> Result<Response<TroubleCodes>> {
        self.read(&paths::DIAGNOSTIC_TROUBLE_CODES).await
    }

    async fn read<T: DeserializeOwned>(&self, path: &Path<T>) -> Result<Response<T>> {
        self.read_part(path, &[]).await
    }

    async fn read_part<T: DeserializeOwned>(
        &self,
        path: &Path<T>,
        query: &[(&str, String)],
    ) -> Result<Response<T>> {
        let url = self.address(&pieces(path.as_str()), query);
        self.send(Call::get(url)).await
    }
}
