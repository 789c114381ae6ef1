//! The bodies of answers. Lengths are in kilometres or miles, volumes in litres or US gallons,
//! pressures in kilopascals or pounds per square inch, as [`UnitSystem`](crate::UnitSystem) says.
//!
//! Source: contract rest-v2, 2.

mod body;
mod command;
mod diagnostics;
mod energy;
mod instant;
mod security;
mod service;

pub use body::{Location, Odometer, TirePressure};
pub use command::{Action, Status, Subscription};
pub use diagnostics::{DiagnosticSystem, DiagnosticSystems, Health, TroubleCode, TroubleCodes};
pub use energy::{
    Battery, BatteryCapacity, CapacityOption, CapacitySource, Charge, ChargeLimit, ChargeState,
    ChosenCapacity, EngineOil, Fuel, NominalCapacity,
};
pub(crate) use instant::lenient_instant;
pub use security::{LockStatus, OpenState, Opening};
pub use service::{ServiceCost, ServiceDetail, ServiceRange, ServiceRecord, ServiceTask};

use serde::{Deserialize, Serialize};

/// Which part of a list to send.
///
/// Source: contract rest-v2, 1.8.
///
/// ```
/// let second_page = carport_sdk::Paging::default().limit(10).offset(10);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    pub(crate) limit: Option<u32>,
    pub(crate) offset: Option<u32>,
}

impl Paging {
    /// At most this many items, 50 at the most; the server's default otherwise (10 vehicles, 25
    /// permissions).
    ///
    /// ```
    /// let page = carport_sdk::Paging::default().limit(50);
    /// ```
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Skips this many items.
    ///
    /// ```
    /// let page = carport_sdk::Paging::default().offset(20);
    /// ```
    #[must_use]
    pub fn offset(mut self, offset: u32) -> Self {
        self.offset = Some(offset);
        self
    }

    pub(crate) fn query(self) -> Vec<(&'static str, String)> {
        let given = [("limit", self.limit), ("offset", self.offset)];
        let pairs = given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?.to_string())));
        pairs.collect()
    }
}

/// Where a page of a list stands in the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageInfo {
    /// Items in the whole list.
    pub count: u32,
    /// Items before this page.
    pub offset: u32,
}

/// The owner a token belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// UUID, specific to the application.
    pub id: String,
}

/// A page of vehicle ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vehicles {
    /// UUIDs, specific to the application.
    pub vehicles: Vec<String>,
    /// Where the page stands.
    pub paging: PageInfo,
}

/// What a car is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// The vehicle's UUID.
    pub id: String,
    /// Brand in upper case, for example `CHEVROLET`.
    pub make: String,
    /// Model as its maker writes it, for example `Volt`.
    pub model: String,
    /// Model year.
    pub year: u16,
}

/// A car's identification number. Personal data: keep it out of logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vin {
    /// 17 characters.
    pub vin: String,
}

impl std::fmt::Debug for Vin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vin(***)")
    }
}

/// A page of granted permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permissions {
    /// Names such as `read_odometer`, never with the `required:` prefix.
    pub permissions: Vec<String>,
    /// Where the page stands.
    pub paging: PageInfo,
}
