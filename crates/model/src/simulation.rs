//! Simulated cars: what is kept of one, from which its state at any instant follows.
//!
//! A car is (profile, scenario, city, seed, timeline, commands so far); the simulator computes the
//! rest. Source: contract connect-oauth, E.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::vehicle::FoundVehicle;
use crate::{ApplicationId, Name, SimulationId, Timestamp, VehicleId};

/// A simulated car as its developer made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// Identity.
    pub id: SimulationId,
    /// Application whose car it is.
    pub application: ApplicationId,
    /// Its id in the vehicle API, which it has before anybody connects it.
    pub vehicle: VehicleId,
    /// What the car is; with a VIN of its own.
    pub car: FoundVehicle,
    /// What people call it, never empty.
    pub name: String,
    /// Country whose owners can connect it, two capital letters.
    pub country: String,
    /// Login that Connect accepts for it. It opens nothing else, so it is kept readable.
    pub username: String,
    /// Password of that login, kept readable for the same reason.
    pub password: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Where it is in its trip.
    pub course: Course,
}

/// Everything from which a car's state follows: what a read needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Profile of the car: its physics.
    pub profile: Name,
    /// Scenario it lives through.
    pub scenario: Name,
    /// City it lives in.
    pub city: Name,
    /// What makes it differ from its like.
    pub seed: u64,
    /// Where in the scenario it is.
    pub timeline: Timeline,
    /// Commands with an effect, oldest first.
    pub commands: Box<[TimedEffect]>,
    /// Whether commands are answered without an effect (contract E.4).
    pub is_stateless: bool,
    /// How long answers take.
    pub latency: Latency,
}

/// How long a simulated car takes to answer. Source: contract connect-oauth, E.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Latency {
    /// At once.
    #[default]
    Ideal,
    /// As its brand usually does.
    Realistic,
}

impl Latency {
    /// The written form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ideal => "ideal",
            Self::Realistic => "realistic",
        }
    }
}

/// The text is not `ideal` or `realistic`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("latency is ideal or realistic")]
pub struct ParseLatencyError;

impl FromStr for Latency {
    type Err = ParseLatencyError;

    fn from_str(text: &str) -> Result<Self, ParseLatencyError> {
        match text {
            "ideal" => Ok(Self::Ideal),
            "realistic" => Ok(Self::Realistic),
            _ => Err(ParseLatencyError),
        }
    }
}

/// A command that changed the course of a car, and when, in the time of the scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimedEffect {
    /// Since the start of the scenario.
    pub at: Duration,
    /// What it changed.
    pub effect: Effect,
}

/// What a command changes in the physics of a car; anything else is a held value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Effect {
    /// Doors locked.
    Lock,
    /// Doors unlocked.
    Unlock,
    /// Charging, if plugged in.
    StartCharge,
    /// Not charging, though plugged in.
    StopCharge,
    /// Charges up to this share of the battery, 0 to 1.
    ChargeLimit(f64),
    /// Charges with this current at most, in amperes.
    Amperage(f64),
}

/// How fast scenario time runs beside the server's clock: 1 to 3600.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Speed(u32);

/// A speed outside 1 to 3600.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a speed is a whole number from 1 to 3600")]
pub struct SpeedOutOfRange;

impl Speed {
    /// As fast as the clock.
    pub const REAL: Self = Self(1);

    /// Times as fast as the clock.
    #[must_use]
    pub const fn factor(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Speed {
    type Error = SpeedOutOfRange;

    fn try_from(factor: u32) -> Result<Self, SpeedOutOfRange> {
        if (1..=3600).contains(&factor) {
            Ok(Self(factor))
        } else {
            Err(SpeedOutOfRange)
        }
    }
}

impl From<Speed> for u32 {
    fn from(speed: Speed) -> Self {
        speed.0
    }
}

/// Whether scenario time passes. A trip that has come to its end is finished, which follows from
/// its length and is kept nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Motion {
    /// Not played yet.
    Created,
    /// Runs with the clock.
    Running,
    /// Stands still.
    Paused,
}

impl Motion {
    /// The written form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
        }
    }
}

impl fmt::Display for Motion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Motion {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Created, Self::Running, Self::Paused]
            .into_iter()
            .find(|motion| motion.as_str() == text)
            .ok_or(())
    }
}

/// Where a car is in its scenario: what had passed at an instant, and how it goes on from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    /// Whether time passes.
    pub motion: Motion,
    /// Scenario time that had passed at `anchor`.
    pub passed: Duration,
    /// Instant of the server's clock; without meaning unless it runs.
    pub anchor: Timestamp,
    /// How fast it runs.
    pub speed: Speed,
}

impl Timeline {
    /// Before the first Play.
    #[must_use]
    pub const fn created(now: Timestamp) -> Self {
        Self {
            motion: Motion::Created,
            passed: Duration::ZERO,
            anchor: now,
            speed: Speed::REAL,
        }
    }

    /// Running since `start`.
    #[must_use]
    pub const fn running_since(start: Timestamp) -> Self {
        Self {
            motion: Motion::Running,
            ..Self::created(start)
        }
    }

    /// Scenario time that has passed, with whole cycles of trips that repeat.
    #[must_use]
    pub fn elapsed(&self, now: Timestamp) -> Duration {
        match self.motion {
            Motion::Created | Motion::Paused => self.passed,
            Motion::Running => {
                let since = now.since(self.anchor);
                self.passed
                    .saturating_add(since.saturating_mul(self.speed.factor()))
            }
        }
    }

    /// Goes on from here.
    #[must_use]
    pub fn play(self, now: Timestamp) -> Self {
        self.moved(now, Motion::Running)
    }

    /// Stands still here; a car that was never played stays so.
    #[must_use]
    pub fn pause(self, now: Timestamp) -> Self {
        match self.motion {
            Motion::Created => self,
            Motion::Running | Motion::Paused => self.moved(now, Motion::Paused),
        }
    }

    /// Runs from the start again.
    #[must_use]
    pub fn restart(self, now: Timestamp) -> Self {
        Self {
            passed: Duration::ZERO,
            anchor: now,
            motion: Motion::Running,
            ..self
        }
    }

    /// Goes on from another place of the scenario, as it went before.
    #[must_use]
    pub fn jump(self, to: Duration, now: Timestamp) -> Self {
        Self {
            passed: to,
            anchor: now,
            ..self
        }
    }

    /// Goes on at another speed.
    #[must_use]
    pub fn at_speed(self, speed: Speed, now: Timestamp) -> Self {
        Self {
            speed,
            ..self.moved(now, self.motion)
        }
    }

    fn moved(self, now: Timestamp, motion: Motion) -> Self {
        Self {
            passed: self.elapsed(now),
            anchor: now,
            motion,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::default().plus(Duration::from_secs(seconds))
    }

    #[test]
    fn time_passes_while_it_runs_and_as_fast_as_told() {
        let created = Timeline::created(at(0));
        assert_eq!(created.elapsed(at(100)), Duration::ZERO);
        assert_eq!(created.pause(at(100)).motion, Motion::Created);
        let running = created.play(at(100));
        assert_eq!(running.elapsed(at(160)).as_secs(), 60);
        let fast = running.at_speed(Speed::try_from(10).unwrap(), at(160));
        assert_eq!(fast.elapsed(at(161)).as_secs(), 70);
        let paused = fast.pause(at(161));
        assert_eq!(paused.elapsed(at(5000)).as_secs(), 70);
        let jumped = paused.jump(Duration::from_hours(1), at(5000));
        assert_eq!(jumped.motion, Motion::Paused);
        assert_eq!(jumped.play(at(6000)).elapsed(at(6001)).as_secs(), 3610);
        assert_eq!(jumped.restart(at(7000)).elapsed(at(7001)).as_secs(), 10);
    }

    #[test]
    fn a_clock_that_is_behind_or_far_ahead_does_no_harm() {
        let running = Timeline::running_since(at(1000));
        assert_eq!(running.elapsed(at(0)), Duration::ZERO);
        let end = Timestamp::from_millis(i64::MAX);
        let fast = running.at_speed(Speed::try_from(3600).unwrap(), at(1000));
        assert!(fast.elapsed(end) > Duration::from_secs(1 << 50));
    }

    #[test]
    fn speeds_outside_the_range_are_refused() {
        assert_eq!(Speed::try_from(0), Err(SpeedOutOfRange));
        assert_eq!(Speed::try_from(3601), Err(SpeedOutOfRange));
        assert_eq!(serde_json::from_str::<Speed>("60").unwrap().factor(), 60);
        assert!(serde_json::from_str::<Speed>("-1").is_err());
    }
}
