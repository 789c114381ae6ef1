//! What can be read of a vehicle, and as which type it arrives: the paths of a [`Batch`](crate::Batch).
//!
//! The reads of [`Vehicle`](crate::Vehicle) use the same list. Source: contract rest-v2, 2.

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::data::{
    Attributes, Battery, BatteryCapacity, Charge, ChargeLimit, DiagnosticSystems, EngineOil, Fuel,
    Location, LockStatus, NominalCapacity, Odometer, Permissions, ServiceRecord, TirePressure,
    TroubleCodes, Vin,
};

/// A path below a vehicle whose answer is a `T`.
pub struct Path<T> {
    path: Cow<'static, str>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Path<T> {
    /// A path that has no name here, such as those of one brand.
    ///
    /// ```
    /// use carport_sdk::{Batch, paths::Path};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Compass { heading: f64 }
    ///
    /// let mut batch = Batch::new();
    /// let compass = batch.add(Path::<Compass>::new("/tesla/compass"));
    /// ```
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: Cow::Owned(path.into()),
            answer: PhantomData,
        }
    }

    const fn known(path: &'static str) -> Self {
        Self {
            path: Cow::Borrowed(path),
            answer: PhantomData,
        }
    }

    /// The path itself.
    ///
    /// ```
    /// assert_eq!(carport_sdk::paths::TIRE_PRESSURE.as_str(), "/tires/pressure");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.path
    }
}

impl<T> std::fmt::Debug for Path<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Path").field(&self.path).finish()
    }
}

macro_rules! paths {
    ($($name:ident: $answer:ty = $path:literal, $method:literal;)*) => {$(
        #[doc = concat!("As [`Vehicle::", $method, "`](crate::Vehicle::", $method, ").")]
        pub const $name: Path<$answer> = Path::known($path);
    )*};
}

paths! {
    ATTRIBUTES: Attributes = "/", "attributes";
    BATTERY: Battery = "/battery", "battery";
    BATTERY_CAPACITY: BatteryCapacity = "/battery/capacity", "battery_capacity";
    CHARGE: Charge = "/charge", "charge";
    CHARGE_LIMIT: ChargeLimit = "/charge/limit", "charge_limit";
    DIAGNOSTIC_SYSTEM_STATUS: DiagnosticSystems = "/diagnostics/system_status", "diagnostic_system_status";
    DIAGNOSTIC_TROUBLE_CODES: TroubleCodes = "/diagnostics/dtcs", "diagnostic_trouble_codes";
    ENGINE_OIL: EngineOil = "/engine/oil", "engine_oil";
    FUEL: Fuel = "/fuel", "fuel";
    LOCATION: Location = "/location", "location";
    LOCK_STATUS: LockStatus = "/security", "lock_status";
    NOMINAL_CAPACITY: NominalCapacity = "/battery/nominal_capacity", "nominal_capacity";
    ODOMETER: Odometer = "/odometer", "odometer";
    PERMISSIONS: Permissions = "/permissions", "permissions";
    SERVICE_HISTORY: Vec<ServiceRecord> = "/service/history", "service_history";
    TIRE_PRESSURE: TirePressure = "/tires/pressure", "tire_pressure";
    VIN: Vin = "/vin", "vin";
}
