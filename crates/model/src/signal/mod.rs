//! The signals: everything a car can report, each as one entry of one list.
//!
//! The vehicle API, the permission page and (later) webhooks are views over this list. To add a
//! signal, add one constant to the file of its group and its name to that file's `ALL`.
//! Codes and names: contract rest-v3, section 7.

pub mod charge;
pub mod climate;
pub mod closure;
pub mod connectivity;
pub mod diagnostics;
pub mod hvac;
pub mod internal_combustion_engine;
pub mod location;
pub mod low_voltage_battery;
pub mod motion;
pub mod odometer;
pub mod service;
pub mod surveillance;
pub mod traction_battery;
pub mod transmission;
pub mod vehicle_identification;
pub mod vehicle_user_account;
pub mod wheel;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::unit::Unit;
use crate::vehicle::FoundVehicle;
use crate::{Permission, Rng, SignalValue, Timestamp};

/// What is known about a signal whatever the car.
#[derive(Debug)]
pub struct SignalSpec {
    /// Code of API v3 and webhooks: `odometer-traveleddistance`. Identity of the signal.
    pub code: &'static str,
    /// Name within its group, as API v3 spells it.
    pub name: &'static str,
    /// Permission that opens it.
    pub permission: Permission,
    /// Canonical unit of its [`SignalValue`].
    pub unit: Unit,
    /// Path and member of API v2.0 that show it, if any.
    pub v2: Option<V2Field>,
    /// What a reader of the documentation learns.
    pub doc: &'static str,
    /// What test mode draws at each request.
    pub test: TestValue,
}

/// Where API v2.0 shows a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct V2Field {
    /// Path below `/vehicles/{id}`.
    pub path: &'static str,
    /// Member of the body.
    pub member: &'static str,
}

/// How test mode draws a value. Ranges: contract connect-oauth D.2, rest-v2 8.1.
#[derive(Debug, Clone, Copy)]
pub enum TestValue {
    /// A number in this range, evenly.
    Number {
        /// Inclusive.
        low: f64,
        /// Exclusive.
        high: f64,
    },
    /// Yes or no, evenly.
    Flag,
    /// One of these words, evenly.
    OneOf(&'static [&'static str]),
    /// A position in this box.
    Position {
        /// South and north edge.
        latitude: (f64, f64),
        /// West and east edge.
        longitude: (f64, f64),
    },
    /// Each of the four tyres in this range.
    Tyres {
        /// Inclusive.
        low: f64,
        /// Exclusive.
        high: f64,
    },
    /// Drawn, in a way of its own; `None` when the car has no such thing.
    Drawn(fn(&FoundVehicle, &dyn Rng) -> Option<SignalValue>),
    /// Not drawn: what it is depends on the car and the time; `None` when the car has no such
    /// thing.
    Made(fn(&FoundVehicle, Timestamp) -> Option<SignalValue>),
    /// The car's own VIN; not drawn.
    Vin,
}

impl TestValue {
    /// Whether `value` has the shape that this signal's readings have.
    #[must_use]
    pub fn fits(&self, value: &SignalValue) -> bool {
        matches!(
            (self, value),
            (Self::Number { .. }, SignalValue::Number(_))
                | (Self::Flag, SignalValue::Flag(_))
                | (Self::OneOf(_) | Self::Vin, SignalValue::Text(_))
                | (Self::Position { .. }, SignalValue::Position { .. })
                | (Self::Tyres { .. }, SignalValue::Tyres { .. })
                | (Self::Drawn(_) | Self::Made(_), _)
        )
    }
}

/// A signal: a handle on its entry in the list.
#[derive(Clone, Copy)]
pub struct Signal(&'static SignalSpec);

impl Signal {
    /// The entry.
    #[must_use]
    pub const fn spec(self) -> &'static SignalSpec {
        self.0
    }

    /// The signal with this code.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        all().find(|signal| signal.0.code == code)
    }
}

impl PartialEq for Signal {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || self.0.code == other.0.code
    }
}

impl Eq for Signal {}

impl PartialOrd for Signal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Signal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.code.cmp(other.0.code)
    }
}

impl Hash for Signal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.code.hash(state);
    }
}

impl fmt::Debug for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)
    }
}

/// The one list, by group.
pub const SIGNALS: &[&[Signal]] = &[
    charge::ALL,
    climate::ALL,
    closure::ALL,
    connectivity::ALL,
    diagnostics::ALL,
    hvac::ALL,
    internal_combustion_engine::ALL,
    location::ALL,
    low_voltage_battery::ALL,
    motion::ALL,
    odometer::ALL,
    service::ALL,
    surveillance::ALL,
    traction_battery::ALL,
    transmission::ALL,
    vehicle_identification::ALL,
    vehicle_user_account::ALL,
    wheel::ALL,
];

/// Every signal of the list.
pub fn all() -> impl Iterator<Item = Signal> {
    SIGNALS.iter().flat_map(|group| group.iter().copied())
}

#[cfg(test)]
mod tests;
