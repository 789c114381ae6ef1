//! Readings: what a connector says about a signal, in canonical units, with its time.

use std::collections::BTreeMap;

use crate::{Signal, Timestamp};

/// The value of a signal in its canonical unit, see [`crate::signal::SignalSpec::unit`].
#[derive(Debug, Clone, PartialEq)]
pub enum SignalValue {
    /// A measured number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A word of a closed list, such as `CHARGING`, or free text.
    Text(String),
    /// A position in degrees, north and east positive. Personal data: never logged.
    Position {
        /// -90 to 90.
        latitude: f64,
        /// -180 to 180.
        longitude: f64,
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
