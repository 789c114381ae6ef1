//! Journeys: a kind of car living through a scenario in a city, compiled once for all such cars.

mod compile;
mod life;

use std::sync::Arc;
use std::time::Duration;

use carport_model::simulation::Course;

use super::geometry::Position;
use super::individual::Individual;
use super::physics::Physics;
use super::profile::Profile;
use super::run::Run;
use super::scenario::{ChargePoint, Reach, Start, Temperatures};
use super::state::CarState;

pub(super) use compile::position;
pub(super) use life::{Charged, Life};

/// A kind of car living through a scenario in a city.
#[derive(Debug)]
pub struct Journey {
    pub(super) profile: Arc<Profile>,
    pub(super) is_metric: bool,
    pub(super) country: Box<str>,
    pub(super) legs: Box<[Leg]>,
    /// The private part of each leg.
    pub(super) acts: Box<[Act]>,
    length: Duration,
    repeats: bool,
    /// Metres driven in one cycle.
    pub(super) metres: f64,
    pub(super) start: Start,
    /// Share of the battery at which charging ends where no stage says so: as in the first that
    /// does.
    pub(super) limit: f64,
    pub(super) temperature: Temperatures,
    /// Seconds after midnight at which it starts.
    pub(super) since_midnight: f64,
    /// Kilowatt-hours and litres a kilometre: as the maker says, and as driven here.
    pub(super) rated: (f64, f64),
    pub(super) usual: (f64, f64),
    pub(super) home: Option<(Position, Box<str>)>,
}

/// A stage of a journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// What people call it.
    pub name: String,
    /// What happens.
    pub kind: LegKind,
    /// When it begins, since the start of a cycle.
    pub start: Duration,
    /// When it ends.
    pub end: Duration,
    /// Where: the name of the place, or of the place where a drive ends.
    pub place: String,
    /// Name of the route of a drive.
    pub route: Option<Box<str>>,
}

impl Leg {
    /// How long it takes.
    #[must_use]
    pub const fn lasts(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }
}

/// What happens in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegKind {
    /// The car stands.
    Park,
    /// The car drives.
    Drive,
    /// The car charges.
    Charge,
    /// The tank is filled.
    Refuel,
    /// The car stands and sleeps.
    Sleep,
    /// The car stands and has no contact.
    Unreachable,
}

/// What a leg does to a car.
#[derive(Debug)]
pub(super) struct Act {
    pub(super) deed: Deed,
    /// Metres driven in the cycle before it.
    pub(super) metres: f64,
    /// Degrees Celsius outside at its start.
    pub(super) outside: f64,
    /// How warm the tyres are at its start, above what is around them.
    pub(super) tyres: f64,
    /// How warm the cabin is at its start, degrees Celsius.
    pub(super) cabin: f64,
    /// Share of the low-voltage battery that is full at its start.
    pub(super) low_voltage: f64,
    /// Whether the car drives before and after it.
    pub(super) neighbours: (bool, bool),
}

/// See [`Act`].
#[derive(Debug)]
pub(super) enum Deed {
    Stand(Stand),
    Drive(Arc<Run>),
}

/// A leg in which the car stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    pub(super) position: Position,
    pub(super) heading: f64,
    pub(super) elevation: f64,
    pub(super) reach: Reach,
    /// What it is plugged into, with the share at which charging ends where it charges by itself.
    pub(super) plug: Option<(ChargePoint, Option<f64>)>,
    /// Share of the tank that is full at its end.
    pub(super) fills: Option<f64>,
}

/// Where a car is in its journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Which cycle, from 0.
    pub cycle: u64,
    /// Since the start of the cycle.
    pub offset: Duration,
    /// Index of the stage.
    pub stage: usize,
    /// Whether the trip is over: it does not repeat and its time has passed.
    pub is_finished: bool,
}

impl Journey {
    /// How long one cycle takes.
    #[must_use]
    pub const fn length(&self) -> Duration {
        self.length
    }

    /// Whether it begins anew when it ends.
    #[must_use]
    pub const fn repeats(&self) -> bool {
        self.repeats
    }

    /// Local clock at its start, since midnight.
    #[must_use]
    pub fn starts_at(&self) -> Duration {
        Duration::from_secs_f64(self.since_midnight)
    }

    /// Its stages, in order; at least one.
    #[must_use]
    pub const fn stages(&self) -> &[Leg] {
        &self.legs
    }

    /// The kind of car.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Where a car is that has been on its journey for so long.
    #[must_use]
    pub fn position_of(&self, elapsed: Duration) -> Spot {
        let is_finished = !self.repeats && elapsed >= self.length;
        let (cycle, offset) = if self.repeats {
            let length = self.length.as_nanos();
            let cycle = u64::try_from(elapsed.as_nanos() / length).unwrap_or(u64::MAX);
            let rest = u64::try_from(elapsed.as_nanos() % length).unwrap_or(u64::MAX);
            (cycle, Duration::from_nanos(rest))
        } else {
            (0, elapsed.min(self.length))
        };
        let begun = self.legs.partition_point(|leg| leg.start <= offset);
        Spot {
            cycle,
            offset,
            stage: begun.saturating_sub(1),
            is_finished,
        }
    }

    /// When a stage begins in the cycle in which a car is; for jumping there. `None` past the last.
    #[must_use]
    pub fn start_of(&self, stage: usize, elapsed: Duration) -> Option<Duration> {
        let spot = self.position_of(elapsed);
        let cycle = elapsed.saturating_sub(spot.offset);
        let cycle = if self.repeats { cycle } else { Duration::ZERO };
        self.legs.get(stage).map(|leg| cycle + leg.start)
    }

    /// What a car is like that has been on its journey for so long.
    #[must_use]
    pub fn state(&self, course: &Course, elapsed: Duration) -> CarState {
        CarState::new(self, course, elapsed)
    }

    /// The lines of the routes that are driven: name, and points (latitude, longitude).
    pub fn route_points(&self) -> impl Iterator<Item = (&str, Vec<Position>)> {
        let drives = self.legs.iter().zip(&self.acts);
        let mut told: Vec<&str> = Vec::new();
        drives.filter_map(move |(leg, act)| {
            let (Some(route), Deed::Drive(run)) = (leg.route.as_deref(), &act.deed) else {
                return None;
            };
            if told.contains(&route) {
                return None;
            }
            told.push(route);
            let segments = run.line.segments.iter();
            let points = segments.map(|segment| segment.from).chain([run.line.end]);
            Some((route, points.collect()))
        })
    }

    /// Bytes that it takes in memory, about; drives that are shared count once.
    pub(super) fn size(&self) -> usize {
        let mut seen: Vec<*const Run> = Vec::new();
        let mut size = self.legs.len() * (size_of::<Leg>() + size_of::<Act>() + 64);
        for act in &self.acts {
            if let Deed::Drive(run) = &act.deed
                && !seen.contains(&Arc::as_ptr(run))
            {
                seen.push(Arc::as_ptr(run));
                size += run.size();
            }
        }
        size
    }

    /// Usable energy of the battery, kWh; 0 without one.
    pub(super) fn usable(&self) -> f64 {
        self.profile.battery.map_or(0.0, |battery| battery.usable)
    }

    /// Litres that the tank holds; 0 without one.
    pub(super) fn tank(&self) -> f64 {
        self.profile.engine.map_or(0.0, |engine| engine.tank)
    }

    /// The car of a course.
    pub(super) fn individual(&self, course: &Course) -> Individual {
        Individual::new(course.seed, &self.start)
    }

    /// What moves the car, on an ordinary day.
    fn physics(profile: &Profile) -> Physics {
        Physics::new(profile, 20.0, 0.0)
    }
}

#[cfg(test)]
pub(super) mod tests;
