//! What a car can be told to do. Source: contract rest-v2, 2.12 to 2.17 and 2.25.

use std::fmt;

use crate::Secret;
use crate::charging::ChargeWindow;
use crate::time_of_day::TimeOfDay;

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
    /// Charge up to this share of the battery, 0.5 to 1, wherever no place has a limit of its own.
    SetChargeLimit(f64),
    /// Charge with this current, in amperes, never negative.
    SetAmperage(f64),
    /// Charge in these times and in no others, wherever no place has times of its own; none stands
    /// for any time. UTC.
    SetChargeWindows(Vec<ChargeWindow>),
    /// Start charging at this time of each day, UTC; `None` for at once.
    SetChargeStart(Option<TimeOfDay>),
    /// Be ready at this time of each day, UTC; `None` when nothing is planned.
    SetDeparture(Option<TimeOfDay>),
    /// How to charge at one of the places the car knows. Personal data.
    SetChargePlace {
        /// Degrees, -90 to 90.
        latitude: f64,
        /// Degrees, -180 to 180.
        longitude: f64,
        /// Share of the battery, 0.5 to 1.
        limit: f64,
        /// When; none stands for any time.
        windows: Vec<ChargeWindow>,
    },
    /// Open the flap over the charging port.
    OpenChargePort,
    /// Close the flap over the charging port.
    CloseChargePort,
    /// Heat or cool the cabin, to this many degrees Celsius if any are given.
    StartClimate(Option<f64>),
    /// End heating or cooling the cabin.
    StopClimate,
    /// The temperature that the cabin is to have, in degrees Celsius; starts and ends nothing.
    SetCabinTemperature(f64),
    /// Defrost the windscreen and the rear window.
    StartDefroster,
    /// End defrosting.
    StopDefroster,
    /// Heat the steering wheel.
    StartSteeringHeater,
    /// End heating the steering wheel.
    StopSteeringHeater,
    /// Open the boot under the bonnet.
    OpenFrontTrunk,
    /// Close the boot under the bonnet.
    CloseFrontTrunk,
    /// Open the boot.
    OpenRearTrunk,
    /// Close the boot.
    CloseRearTrunk,
    /// Ask for this PIN, four digits, before driving.
    SetPin(Secret<String>),
    /// Ask for no PIN any more.
    ClearPin,
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
            Self::SetAmperage(_) => "set_amperage",
            Self::SetChargeWindows(_) => "set_charge_windows",
            Self::SetChargeStart(_) => "set_charge_start",
            Self::SetDeparture(_) => "set_departure",
            Self::SetChargePlace { .. } => "set_charge_place",
            Self::OpenChargePort => "open_charge_port",
            Self::CloseChargePort => "close_charge_port",
            Self::StartClimate(_) => "start_climate",
            Self::StopClimate => "stop_climate",
            Self::SetCabinTemperature(_) => "set_cabin_temperature",
            Self::StartDefroster => "start_defroster",
            Self::StopDefroster => "stop_defroster",
            Self::StartSteeringHeater => "start_steering_heater",
            Self::StopSteeringHeater => "stop_steering_heater",
            Self::OpenFrontTrunk => "open_front_trunk",
            Self::CloseFrontTrunk => "close_front_trunk",
            Self::OpenRearTrunk => "open_rear_trunk",
            Self::CloseRearTrunk => "close_rear_trunk",
            Self::SetPin(_) => "set_pin",
            Self::ClearPin => "clear_pin",
            Self::SendDestination { .. } => "send_destination",
        }
    }
}

/// The name only: places are personal data and a PIN is a secret.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
