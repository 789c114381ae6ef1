//! The bodies of answers. Lengths are in kilometres or miles, volumes in litres or US gallons,
//! pressures in kilopascals or pounds per square inch, as [`UnitSystem`](crate::UnitSystem) says.
//!
//! Source: contract rest-v2, 2.1 to 2.15.

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

/// Distance driven.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Odometer {
    /// Since manufacture, in km or miles, never negative.
    pub distance: f64,
}

/// Where a car is. Personal data: keep it out of logs.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Location(***)")
    }
}

/// What is in the tank. Which values a car reports depends on its maker; `None` is not reported.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fuel {
    /// Fraction of a full tank, 0 to 1.
    pub percent_remaining: Option<f64>,
    /// Litres or US gallons.
    pub amount_remaining: Option<f64>,
    /// Distance left, in km or miles.
    pub range: Option<f64>,
}

/// State of the traction battery.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Battery {
    /// Fraction of a full battery, 0 to 1.
    pub percent_remaining: f64,
    /// Distance left, in km or miles.
    pub range: f64,
}

/// Plug and charging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// Whether a cable is in the charging port.
    pub is_plugged_in: bool,
    /// What the charger does.
    pub state: ChargeState,
}

/// What the charger of a car does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ChargeState {
    /// Energy flows in.
    Charging,
    /// The limit is reached.
    FullyCharged,
    /// Neither.
    NotCharging,
    /// A word this version of the SDK does not know.
    #[serde(other)]
    Unknown,
}

/// Pressure of the tires, in kPa or psi, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TirePressure {
    /// Front left.
    pub front_left: f64,
    /// Front right.
    pub front_right: f64,
    /// Back left.
    pub back_left: f64,
    /// Back right.
    pub back_right: f64,
}
