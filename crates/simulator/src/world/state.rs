//! The state of a car at a moment.

mod closures;
mod meters;
mod moment;
mod parts;
mod records;
mod signals;
mod words;

use std::sync::Arc;
use std::time::Duration;

use carport_model::Timestamp;
use carport_model::charging::{ChargeRecord, Place};
use carport_model::simulation::{Course, Motion};

use super::geometry::Position;
use super::individual::Individual;
use super::journey::{Journey, LegKind, Spot};
use super::profile::Profile;
use super::scenario::{Current, Reach};

/// What a car is like at a moment.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a car has that many switches"
)]
pub struct CarState {
    /// The moment, on the server's clock. A car that is paused or finished stays at the moment at
    /// which it stopped.
    pub at: Timestamp,
    /// Where it is in its journey.
    pub spot: Spot,
    /// What happens in this stage.
    pub kind: LegKind,
    /// Whether its time passes.
    pub motion: Motion,
    /// Whether it can be reached.
    pub reach: Reach,
    /// Whether it is on a drive; also at a light.
    pub is_driving: bool,
    /// Whether it ran empty on the way and stands there.
    pub is_stranded: bool,
    /// Kilometres an hour.
    pub speed: f64,
    /// Latitude and longitude, degrees. Personal data.
    pub position: Position,
    /// Metres above the sea.
    pub elevation: f64,
    /// Degrees: 0 is north, 90 east, below 360.
    pub heading: f64,
    /// Whether it is at its home.
    pub is_home: bool,
    /// Kilometres since it was made.
    pub odometer: f64,
    /// Kilometres of this drive; 0 while it stands.
    pub trip: f64,
    /// The traction battery; `None` without one.
    pub battery: Option<BatteryState>,
    /// What is at the plug; `None` for a car without a plug.
    pub plug: Option<PlugState>,
    /// The tank; `None` without one.
    pub tank: Option<TankState>,
    /// Whether the doors are locked.
    pub is_locked: bool,
    /// Whether the driver's door stands open.
    pub is_door_open: bool,
    /// Whether the driver's window stands open.
    pub is_window_open: bool,
    /// Degrees Celsius outside.
    pub outside: f64,
    /// Degrees Celsius in the cabin.
    pub cabin: f64,
    /// Whether the cabin is being heated or cooled.
    pub is_climate_on: bool,
    /// Kilopascals: front left, front right, back left, back right.
    pub tyres: [f64; 4],
    /// Share of its life that the oil has left; `None` without an engine.
    pub oil_life: Option<f64>,
    /// Share of the low-voltage battery that is full.
    pub low_voltage: f64,
    /// What it charged before, newest first.
    pub charges: Vec<ChargeRecord>,
    own: Own,
}

/// A traction battery at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatteryState {
    /// Share that is full, 0 to 1.
    pub charge: f64,
    /// Energy in it, kWh.
    pub energy: f64,
    /// Usable energy of the full battery, kWh.
    pub usable: f64,
    /// Kilometres that it lasts.
    pub range: f64,
    /// The same from how this car is driven, and as the maker says.
    pub range_driven: f64,
    /// See `range_driven`.
    pub range_rated: f64,
    /// Kilowatts that leave it; negative while it takes some in.
    pub power: f64,
    /// Whether it is being heated.
    pub is_heated: bool,
}

/// What is at the plug of a car.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlugState {
    /// Whether a cable is plugged in.
    pub is_plugged: bool,
    /// Whether the battery takes energy.
    pub is_charging: bool,
    /// Whether it is plugged in and at its limit.
    pub is_full: bool,
    /// Kind of current at hand; `None` when it is not plugged in.
    pub current: Option<Current>,
    /// Share of the battery at which charging ends.
    pub limit: f64,
    /// Volts at the outlet; 0 when it does not charge.
    pub volts: f64,
    /// Amperes that flow; 0 when it does not charge.
    pub amperes: f64,
    /// Most amperes of alternating current that the car takes.
    pub most_amperes: f64,
    /// Amperes that the car asks for.
    pub asked_amperes: f64,
    /// Phases in use; 0 when it does not charge, or with direct current.
    pub phases: u32,
    /// Kilowatts that the outlet gives.
    pub power: f64,
    /// Kilometres of range that an hour gains.
    pub rate: f64,
    /// Minutes until it is at its limit; 0 when it does not charge.
    pub minutes_left: f64,
    /// Kilowatt-hours that the present or last charge has put into the battery.
    pub energy_added: f64,
}

/// A tank at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TankState {
    /// Litres in it.
    pub litres: f64,
    /// Share that is full, 0 to 1.
    pub level: f64,
    /// Kilometres that it lasts.
    pub range: f64,
}

/// What a state needs of the car itself.
#[derive(Debug, Clone)]
struct Own {
    profile: Arc<Profile>,
    car: Individual,
    country: Box<str>,
    /// Its home; without a name where the city has none.
    home: Place,
    /// How long it has been on its journey.
    elapsed: Duration,
    /// How many times as fast as the clock its time passes.
    speed: u32,
}

impl CarState {
    pub(super) fn new(journey: &Journey, course: &Course, elapsed: Duration) -> Self {
        moment::state(journey, course, elapsed)
    }

    /// Whether the trip is over.
    #[must_use]
    pub const fn is_finished(&self) -> bool {
        self.spot.is_finished
    }
}

#[cfg(test)]
mod tests;
