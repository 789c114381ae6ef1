//! What commands and the owner's choices have set on a car, until something sets it again.
//!
//! A generated car draws its values anew at each request; what it was told to do must be read back
//! all the same. The store keeps these with the vehicle, in the order they were set.

use crate::{Signal, SignalValue, Timestamp};

/// One value that was set.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldValue {
    /// What it is a value of.
    pub signal: Signal,
    /// The value, in the signal's canonical unit.
    pub value: SignalValue,
    /// When it was set.
    pub at: Timestamp,
}

/// The values that were set on one car; most cars have none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Held(Vec<HeldValue>);

impl Held {
    /// The value of a signal, if it was set.
    #[must_use]
    pub fn get(&self, signal: Signal) -> Option<&HeldValue> {
        self.0.iter().find(|held| held.signal == signal)
    }

    /// Whether nothing was set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<HeldValue> for Held {
    fn from_iter<I: IntoIterator<Item = HeldValue>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}
