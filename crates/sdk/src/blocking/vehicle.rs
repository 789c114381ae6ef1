//! One car.

use serde::de::DeserializeOwned;

use super::{wait, waiting};
use crate::data::{
    Action, Attributes, Battery, BatteryCapacity, Charge, ChargeLimit, DiagnosticSystems,
    EngineOil, Fuel, Location, LockStatus, NominalCapacity, Odometer, Paging, Permissions,
    ServiceRange, ServiceRecord, Status, Subscription, TirePressure, TroubleCodes, Vin,
};
use crate::error::Result;
use crate::{Answers, Batch, Bearer, Request, Response, Secret, UnitSystem};

/// [`Vehicle`](crate::Vehicle) without async.
///
/// ```no_run
/// # fn example() -> carport_sdk::Result<()> {
/// let car = carport_sdk::blocking::Vehicle::new("8a1d2c44-5b6e-4c7f-8d90-1e2f3a4b5c6d", "token")?;
/// println!("{:.0} km", car.odometer()?.distance);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Vehicle(pub(crate) crate::Vehicle);

impl Vehicle {
    /// As [`Vehicle::new`](crate::Vehicle::new).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn new(id: impl Into<String>, bearer: impl Into<Bearer>) -> Result<Self> {
        crate::Vehicle::new(id, bearer).map(Self)
    }

    /// As [`Vehicle::unit_system`](crate::Vehicle::unit_system).
    #[must_use]
    pub fn unit_system(self, units: UnitSystem) -> Self {
        Self(self.0.unit_system(units))
    }

    /// As [`Vehicle::origin`](crate::Vehicle::origin).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn origin(self, origin: &str) -> Result<Self> {
        self.0.origin(origin).map(Self)
    }

    /// As [`Vehicle::version`](crate::Vehicle::version).
    #[must_use]
    pub fn version(self, version: impl Into<String>) -> Self {
        Self(self.0.version(version))
    }

    /// The vehicle's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.id()
    }

    waiting! {
        Vehicle::attributes() -> Response<Attributes>;
        Vehicle::vin() -> Response<Vin>;
        Vehicle::permissions(page: Paging) -> Response<Permissions>;
        Vehicle::odometer() -> Response<Odometer>;
        Vehicle::location() -> Response<Location>;
        Vehicle::fuel() -> Response<Fuel>;
        Vehicle::battery() -> Response<Battery>;
        Vehicle::battery_capacity() -> Response<BatteryCapacity>;
        Vehicle::nominal_capacity() -> Response<NominalCapacity>;
        Vehicle::charge() -> Response<Charge>;
        Vehicle::charge_limit() -> Response<ChargeLimit>;
        Vehicle::engine_oil() -> Response<EngineOil>;
        Vehicle::tire_pressure() -> Response<TirePressure>;
        Vehicle::lock_status() -> Response<LockStatus>;
        Vehicle::service_history(range: ServiceRange) -> Response<Vec<ServiceRecord>>;
        Vehicle::diagnostic_system_status() -> Response<DiagnosticSystems>;
        Vehicle::diagnostic_trouble_codes() -> Response<TroubleCodes>;
        Vehicle::lock() -> Response<Action>;
        Vehicle::unlock() -> Response<Action>;
        Vehicle::start_charge() -> Response<Action>;
        Vehicle::stop_charge() -> Response<Action>;
        Vehicle::set_charge_limit(limit: f64) -> Response<Action>;
        Vehicle::send_destination(latitude: f64, longitude: f64) -> Response<Action>;
        Vehicle::disconnect() -> Response<Status>;
        Vehicle::subscribe(webhook_id: &str) -> Response<Subscription>;
        Vehicle::unsubscribe(management_token: &Secret, webhook_id: &str) -> Response<Status>;
        Vehicle::batch(batch: Batch) -> Answers;
    }

    /// Waits for [`request`](crate::Vehicle::request).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn request<T: DeserializeOwned>(&self, request: Request) -> Result<Response<T>> {
        wait(self.0.request(request))
    }
}
