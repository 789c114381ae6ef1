//! Lock, doors and windows.

use serde::{Deserialize, Serialize};

/// Whether a car is locked, and what stands open. A kind of part that the maker does not report is
/// an empty list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockStatus {
    /// Whether the car is locked.
    pub is_locked: bool,
    /// `frontLeft`, `frontRight`, `backLeft`, `backRight`.
    pub doors: Vec<Opening>,
    /// The same four.
    pub windows: Vec<Opening>,
    /// `sunroof`.
    pub sunroof: Vec<Opening>,
    /// `rear`, and `front`: the hood, or the front trunk of an electric car.
    pub storage: Vec<Opening>,
    /// `chargingPort`.
    pub charging_port: Vec<Opening>,
}

/// One part of a car that opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Which one, for example `frontLeft`.
    #[serde(rename = "type")]
    pub type_: String,
    /// How it stands.
    pub status: OpenState,
}

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum OpenState {
    /// Open.
    Open,
    /// Closed.
    Closed,
    /// The car does not say, or says it in a word this version of the SDK does not know.
    #[serde(other)]
    Unknown,
}
