//! Recorded days: one car's day written down, and the scenario that a written day makes.

use std::time::Duration;

use carport_model::Timestamp;
use carport_model::time_of_day::TimeOfDay;

use super::track::{self, Format, TrackPoint};
use super::{ImportError, csv, scenario};

pub use super::record::record;
use crate::world::geometry::{Position, distance};

/// Fastest that a car is believed to go, metres a second: 300 km/h.
const FASTEST: f64 = 300.0 / 3.6;
/// A position may be wrong by so many metres.
const BLUR: f64 = 200.0;
/// Longest recording, which is that of a scenario.
pub(super) const LONGEST: Duration = Duration::from_hours(31 * 24);

/// A recorded day.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// What the clock showed at its start.
    pub starts_at: TimeOfDay,
    /// What was written down: at least two, each a second or more after the one before it.
    pub samples: Vec<Sample>,
}

/// What was written down of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sample {
    /// Since the start.
    pub time: Duration,
    /// Latitude and longitude, degrees.
    pub position: Position,
    /// Metres above the sea.
    pub elevation: Option<f64>,
    /// Kilometres.
    pub odometer: Option<f64>,
    /// Share of the traction battery that is full.
    pub charge: Option<f64>,
    /// Share of the tank that is full.
    pub fuel: Option<f64>,
    /// Kilowatts that it charges with.
    pub power: Option<f64>,
    /// Whether it is plugged in.
    pub is_plugged: Option<bool>,
    /// Outside, degrees Celsius.
    pub temperature: Option<f64>,
    /// What it was doing.
    pub activity: Option<Activity>,
}

/// What a car does, in the word of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// It drives.
    Driving,
    /// It stands.
    Parked,
    /// It charges.
    Charging,
    /// It sleeps and answers nothing.
    Asleep,
    /// It has no contact.
    Unreachable,
}

impl Activity {
    const ALL: [Self; 5] = [
        Self::Driving,
        Self::Parked,
        Self::Charging,
        Self::Asleep,
        Self::Unreachable,
    ];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Driving => "driving",
            Self::Parked => "parked",
            Self::Charging => "charging",
            Self::Asleep => "asleep",
            Self::Unreachable => "unreachable",
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|activity| activity.as_str() == text)
    }

    /// All words, for those who wrote another.
    pub(super) fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

impl Sample {
    /// Where it was when.
    pub(super) fn point(&self) -> TrackPoint {
        TrackPoint {
            position: self.position,
            elevation: self.elevation,
            time: Some(Timestamp::default().plus(self.time)),
        }
    }

    /// Refuses a leap that no car makes, in the time since the sample before it.
    pub(super) fn follows(&self, before: &Self, time: Duration) -> Result<(), String> {
        let metres = distance(before.position, self.position);
        if metres <= BLUR + FASTEST * time.as_secs_f64() {
            return Ok(());
        }
        Err(format!(
            "no car comes {:.1} km in {} s; mend the time or the position",
            metres / 1000.0,
            time.as_secs()
        ))
    }
}

impl Recording {
    /// Checks what can be told without the text.
    pub(super) fn new(starts_at: TimeOfDay, samples: Vec<Sample>) -> Result<Self, ImportError> {
        let [first, .., last] = samples.as_slice() else {
            return Err(ImportError::of_file(
                "a recording has at least two points with their times",
            ));
        };
        if last.time.saturating_sub(first.time) > LONGEST {
            return Err(ImportError::of_file(
                "a recording is at most 31 days long; cut it",
            ));
        }
        Ok(Self { starts_at, samples })
    }

    /// The recording in a text.
    ///
    /// # Errors
    /// [`ImportError`]: as [`csv::read`]; of GPX, a point without a time; `GeoJSON` knows no times.
    pub fn read(text: &str, format: Format) -> Result<Self, ImportError> {
        match format {
            Format::Csv => csv::read(text),
            Format::Gpx => Self::of_track(&track::read(text, format)?),
            Format::GeoJson => {
                let problem = "GeoJSON holds no times; record a day as CSV or GPX";
                Err(ImportError::of_file(problem))
            }
        }
    }

    fn of_track(points: &[TrackPoint]) -> Result<Self, ImportError> {
        let mut samples: Vec<Sample> = Vec::new();
        let start = points
            .first()
            .and_then(|point| point.time)
            .unwrap_or_default();
        for (number, point) in (1..).zip(points) {
            let told = |problem: String| ImportError::of_file(format!("point {number}: {problem}"));
            let missing = || told("a recording needs the time of each point".to_owned());
            let at = point.time.ok_or_else(missing)?;
            let sample = Sample {
                time: at.since(start),
                position: point.position,
                elevation: point.elevation,
                ..Sample::default()
            };
            if let Some(last) = samples.last() {
                let Some(since) = sample.time.checked_sub(last.time) else {
                    return Err(told("times rise from point to point".to_owned()));
                };
                sample.follows(last, since).map_err(told)?;
                if since < Duration::from_secs(1) {
                    continue;
                }
            }
            samples.push(sample);
        }
        Self::new(TimeOfDay::of(start), samples)
    }

    /// Where it was when.
    pub(super) fn track(&self) -> Vec<TrackPoint> {
        self.samples.iter().map(Sample::point).collect()
    }
}

/// The scenario that a recorded day makes, as TOML: stops of three minutes and more are parking,
/// charge or fuel that rises meanwhile is charging or refuelling, the rest is driven. `name` is
/// what people call it; its id is made of that.
///
/// # Errors
/// [`ImportError`]: as [`Recording::read`], and when nothing happens in it.
pub fn scenario_from(text: &str, format: Format, name: &str) -> Result<String, ImportError> {
    scenario::written(&Recording::read(text, format)?, name)
}
