//! Scenarios: what a car lives through, stage by stage. Data, one TOML file a scenario under
//! `catalogue/scenarios/`; developers add their own.

mod check;
mod row;
mod sheet;

use std::time::Duration;

use carport_model::catalogue::File;
use carport_model::time_of_day::TimeOfDay;
use carport_model::{CatalogueError, Name};
use serde::Deserialize;

use super::city::{City, Map, ReadTrack};
pub(crate) use sheet::MOST_STAGES;

/// What a car lives through.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name in commands: lower case, words joined by `-`.
    pub id: Name,
    /// Its name for people.
    pub name: String,
    /// What happens, in a sentence.
    pub about: String,
    /// Local clock at its start.
    pub starts_at: TimeOfDay,
    /// Whether it begins anew when it ends.
    pub repeats: bool,
    /// How cold and how warm its days are.
    pub temperature: Temperatures,
    /// How the car starts.
    pub start: Start,
    /// What happens, in order; at least one.
    pub stages: Vec<Stage>,
    /// Places and routes of its own, which win over the city's.
    pub map: Map,
}

/// How cold and how warm a day is, degrees Celsius.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Temperatures {
    /// At 05:00.
    pub low: f64,
    /// At 15:00.
    pub high: f64,
}

/// How a car starts.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Share of the traction battery that is full.
    #[serde(default = "usual_share")]
    pub charge: f64,
    /// Share of the tank that is full.
    #[serde(default = "usual_share")]
    pub fuel: f64,
    /// Least and most that the car may have driven before, kilometres.
    #[serde(default = "usual_odometer")]
    pub odometer: (f64, f64),
}

const fn usual_share() -> f64 {
    0.7
}

const fn usual_odometer() -> (f64, f64) {
    (5_000.0, 90_000.0)
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// What people call it.
    pub name: String,
    /// What happens.
    pub action: Action,
}

/// What happens in a stage.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The car stands.
    Park {
        /// Name of the place.
        at: Box<str>,
        /// How long.
        stay: Stay,
        /// Whether it is plugged in, if it has a plug.
        plugged: bool,
        /// Whether it can be reached.
        reach: Reach,
    },
    /// The car drives.
    Drive {
        /// Name of the route.
        route: Box<str>,
        /// Whether from its end to its beginning.
        back: bool,
        /// How long it takes.
        pace: Pace,
    },
    /// The car charges, if it has a plug.
    Charge {
        /// Name of the place.
        at: Box<str>,
        /// How long it stands there, full or not.
        stay: Stay,
        /// What it is plugged into.
        point: ChargePoint,
        /// Share of the battery at which charging ends.
        limit: f64,
    },
    /// The tank is filled, if the car has one.
    Refuel {
        /// Name of the place.
        at: Box<str>,
        /// How long it stands there.
        stay: Stay,
        /// Share of the tank that is full then.
        to: f64,
    },
}

/// How long a car stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// This long.
    Lasts(Duration),
    /// Until the local clock shows this time: a minute to a day and a minute later.
    Until(TimeOfDay),
}

impl Stay {
    /// How long that is for a stay that begins so long after midnight of the first day.
    #[must_use]
    pub fn from(self, since_midnight: Duration) -> Duration {
        const DAY: u64 = 24 * 3600;
        let time = match self {
            Self::Lasts(lasts) => return lasts,
            Self::Until(time) => u64::from(time.hour() * 60 + time.minute()) * 60,
        };
        let soonest = since_midnight.as_secs() + 60;
        let end = Duration::from_secs(soonest + (time + DAY - soonest % DAY) % DAY);
        end.saturating_sub(since_midnight)
    }
}

/// Whether a car that stands can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It answers.
    Awake,
    /// It sleeps: `VEHICLE_STATE`/`ASLEEP`.
    Asleep,
    /// It has no contact: `VEHICLE_STATE`/`UNREACHABLE`.
    Unreachable,
}

/// How long a drive takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// So many times as long as at the limits, 1 to 4.
    Traffic(f64),
    /// This long.
    Lasts(Duration),
}

/// What a car is plugged into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChargePoint {
    /// Kilowatts that it gives.
    pub power: f64,
    /// Kind of current.
    pub current: Current,
}

/// Kind of current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Current {
    /// Alternating: the charger is in the car.
    Ac,
    /// Direct: the charger stands beside the road.
    Dc,
}

impl Current {
    /// `AC` or `DC`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ac => "AC",
            Self::Dc => "DC",
        }
    }
}

/// The scenario of a file, which must be livable in each of `cities`.
///
/// # Errors
/// [`CatalogueError`] with the place of the first mistake: an unknown key, place or route, a number
/// out of range, a stage that cannot follow on the one before it.
pub(super) fn read<'a>(
    file: &File<'_>,
    cities: impl Iterator<Item = &'a City>,
    track: ReadTrack<'_>,
) -> Result<Scenario, CatalogueError> {
    sheet::read(file, cities, track)
}

/// Reads `7h40m`, `90s`, `1d12h`: whole numbers of days, hours, minutes, seconds in that order.
/// `None` for anything else, and for none at all.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut seconds = 0_u64;
    for (unit, worth) in [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            let number: u64 = if is_number {
                number.parse().ok()?
            } else {
                return None;
            };
            seconds = seconds.checked_add(number.checked_mul(worth)?)?;
            rest = after;
        }
    }
    (rest.is_empty() && seconds > 0).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests;
