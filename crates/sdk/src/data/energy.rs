//! What drives a car: fuel, battery, charging, and the engine's oil.

use serde::{Deserialize, Serialize};

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

/// What is left of the engine's oil.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineOil {
    /// Fraction of its life, 0 to 1; 1 is fresh oil.
    pub life_remaining: f64,
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

/// What the traction battery holds when it is full.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatteryCapacity {
    /// Kilowatt-hours.
    pub capacity: f64,
}

/// What the traction battery held when it was new, as far as that can be told.
///
/// Either `capacity` is there, or the owner has to choose one at `url`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NominalCapacity {
    /// What cars of this kind were sold with. May be empty.
    pub available_capacities: Vec<CapacityOption>,
    /// This car's. `None` until somebody knows.
    pub capacity: Option<ChosenCapacity>,
    /// A page where the owner can choose; append `redirect_uri` before sending them there.
    /// `None` where there is nothing to choose.
    pub url: Option<String>,
}

/// One size of battery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CapacityOption {
    /// Kilowatt-hours.
    pub capacity: Option<f64>,
    /// Engine and trim, for example `BEV:Long Range`.
    pub description: Option<String>,
}

/// The battery a car has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChosenCapacity {
    /// Kilowatt-hours.
    pub nominal: Option<f64>,
    /// Who said so.
    pub source: CapacitySource,
}

/// Where a nominal capacity comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum CapacitySource {
    /// The owner chose it.
    UserSelected,
    /// The platform knows it.
    Smartcar,
    /// A word this version of the SDK does not know.
    #[serde(other)]
    Unknown,
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

/// How full the battery is to be charged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChargeLimit {
    /// Fraction of a full battery, 0 to 1.
    pub limit: f64,
}
