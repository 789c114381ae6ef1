//! What a car says about its own health.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How the systems of a car are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosticSystems {
    /// One entry for each system the car reports.
    pub systems: Vec<DiagnosticSystem>,
}

/// One system of a car.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticSystem {
    /// Which one, for example `SYSTEM_TIRE_PRESSURE`.
    pub system_id: String,
    /// How it is.
    pub status: Health,
    /// More, for people. `None` when there is nothing to say.
    pub description: Option<String>,
}

/// How a system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Health {
    /// Well.
    Ok,
    /// It needs attention.
    Alert,
    /// A word this version of the SDK does not know.
    #[serde(other)]
    Unknown,
}

/// The trouble codes that are set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TroubleCodes {
    /// Empty when all is well.
    pub active_codes: Vec<TroubleCode>,
}

/// A diagnostic trouble code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TroubleCode {
    /// For example `P302D`.
    pub code: String,
    /// When it was set. `None` when the car does not say.
    #[serde(default, deserialize_with = "super::lenient_instant")]
    pub timestamp: Option<Timestamp>,
}
