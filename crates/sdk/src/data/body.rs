//! Where a car is and how far it went.

use serde::{Deserialize, Serialize};

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
