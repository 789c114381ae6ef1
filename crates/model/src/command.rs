//! What a car can be told to do. Source: contract rest-v2, 2.12 to 2.17 and 2.25.

use std::fmt;

/// A command, checked: its numbers are in range.
#[derive(Clone, PartialEq)]
pub enum Command {
    /// Lock the doors.
    Lock,
    /// Unlock the doors.
    Unlock,
    /// Begin to charge.
    StartCharge,
    /// End charging.
    StopCharge,
    /// Charge up to this share of the battery, 0.5 to 1.
    SetChargeLimit(f64),
    /// Navigate to this place. Personal data.
    SendDestination {
        /// Degrees, -90 to 90.
        latitude: f64,
        /// Degrees, -180 to 180.
        longitude: f64,
    },
}

impl Command {
    /// Its name, for logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::StartCharge => "start_charge",
            Self::StopCharge => "stop_charge",
            Self::SetChargeLimit(_) => "set_charge_limit",
            Self::SendDestination { .. } => "send_destination",
        }
    }
}

/// The name only: a destination is personal data.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
