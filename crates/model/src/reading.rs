//! Readings: what a connector says about a signal, in canonical units, with its time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::charging::{ChargeLimits, ChargeRecord, ChargeTimer};
use crate::{Signal, Timestamp};

/// The value of a signal in its canonical unit, see [`crate::signal::SignalSpec::unit`].
///
/// What a command set is kept in this form ([`crate::held::Held`]): spellings stay as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SignalValue {
    /// A measured number.
    Number(f64),
    /// How many, or how often.
    Count(u32),
    /// Yes or no.
    Flag(bool),
    /// A word of a closed list, such as `CHARGING`, or free text.
    Text(String),
    /// Several words; empty when there is none.
    Words(Vec<String>),
    /// A position in degrees, north and east positive. Personal data: never logged.
    Position {
        /// -90 to 90.
        latitude: f64,
        /// -180 to 180.
        longitude: f64,
        /// Where the car points: 0 is north, 90 east, below 360; absent where it does not tell.
        heading: Option<f64>,
    },
    /// Pressure of the four tyres in kilopascals.
    Tyres {
        /// Front left.
        front_left: f64,
        /// Front right.
        front_right: f64,
        /// Back left.
        back_left: f64,
        /// Back right.
        back_right: f64,
    },
    /// A lid, flap or roof.
    Opening(Opening),
    /// Doors or windows, by row and column.
    Openings(Vec<PlacedOpening>),
    /// How one of the car's systems is.
    Health {
        /// Whether it asks for attention.
        alert: bool,
        /// What it says; absent where it says nothing.
        description: Option<String>,
    },
    /// Trouble codes that are active; empty when there is none.
    TroubleCodes(Vec<TroubleCode>),
    /// Services, newest first.
    Services(Vec<ServiceRecord>),
    /// Capacity of the traction battery.
    Capacity(BatteryCapacity),
    /// How far the battery will take the car, in kilometres.
    Range(BatteryRange),
    /// Where charging ends, as shares of the battery.
    ChargeLimits(ChargeLimits),
    /// When the car charges; empty when nothing is scheduled.
    ChargeTimers(Vec<ChargeTimer>),
    /// What was charged, newest first.
    ChargeRecords(Vec<ChargeRecord>),
    /// How the car drives.
    DriveMode {
        /// A word that all makers share, such as `NORMAL`.
        canonical: String,
        /// What the maker calls it; absent where it does not tell.
        maker_name: Option<String>,
    },
}

/// Whether something stands open; absent where the maker does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Opening {
    /// Whether it is open.
    pub is_open: Option<bool>,
    /// Whether it is locked.
    pub is_locked: Option<bool>,
}

impl Opening {
    /// Shut and locked.
    pub const SHUT: Self = Self {
        is_open: Some(false),
        is_locked: Some(true),
    };
}

/// One of several doors or windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacedOpening {
    /// 0 is the front.
    pub row: u8,
    /// 0 is the left.
    pub column: u8,
    /// How it is.
    #[serde(flatten)]
    pub opening: Opening,
}

/// A diagnostic trouble code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TroubleCode {
    /// Letter and four digits, such as `P0171`.
    pub code: String,
    /// When it came up; absent where the car does not tell.
    pub at: Option<Timestamp>,
}

/// One visit to a workshop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRecord {
    /// The maker's number of it.
    pub id: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// Distance driven then, in kilometres, above 0.
    pub odometer: f64,
    /// What was done: number and words.
    pub tasks: Vec<(Option<String>, Option<String>)>,
    /// Whatever else is told: kind and value.
    pub details: Vec<(String, Option<String>)>,
    /// What it cost.
    pub cost: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// How far the battery will take the car, in kilometres: one distance, and what the car says under
/// other assumptions.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatteryRange {
    /// What the car shows its driver.
    pub distance: f64,
    /// From how it was driven of late.
    pub estimated: Option<f64>,
    /// Under ideal conditions.
    pub ideal: Option<f64>,
    /// Under the conditions of its type approval.
    pub rated: Option<f64>,
}

/// What is known about the capacity of a battery.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatteryCapacity {
    /// What it is, in kWh; absent when only the owner can tell which of the candidates it is.
    pub nominal: Option<f64>,
    /// Whether the owner chose it.
    pub is_chosen: bool,
    /// What cars of this model have; empty when nothing is known.
    pub candidates: Vec<CapacityChoice>,
}

/// One capacity that a model is sold with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapacityChoice {
    /// kWh, above 0.
    pub capacity: f64,
    /// Powertrain and trim, such as `BEV:Long Range`; absent when there is only one.
    #[serde(default)]
    pub description: Option<String>,
}

/// One signal's value and when it was true.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The value; never null: a signal without a value is absent from [`Readings`] or a fault.
    pub value: SignalValue,
    /// When the vehicle recorded it (`sc-data-age`).
    pub measured_at: Timestamp,
    /// When Carport fetched it (`sc-fetched-at`); never before `measured_at`.
    pub received_at: Timestamp,
}

/// What one read brought, by signal. A signal the car does not know is absent.
pub type Readings = BTreeMap<Signal, Reading>;
