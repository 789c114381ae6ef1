//! Drives without a car: where on a route and how fast at any moment.
//!
//! A drive is a chain of phases of constant acceleration: in each, speed is a straight line in time
//! and distance a parabola. Drivers accelerate and brake gently, keep to the limits, slow down for
//! bends, and wait at lights where there is traffic.

mod line;

use std::time::Duration;

pub(super) use line::{Line, Segment};

use super::city::Waypoint;

/// Longest wait at a light, seconds.
const LONGEST_WAIT: f64 = 75.0;
/// There is about one light for so many seconds that a drive takes longer than it might.
const SECONDS_A_LIGHT: f64 = 40.0;

/// A drive along a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Motion {
    /// Where it goes.
    pub(super) line: Line,
    /// How it goes; the first starts at zero.
    pub(super) phases: Vec<Phase>,
    /// How long it takes, seconds.
    pub(super) lasts: f64,
}

/// A time of constant acceleration within one segment of the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Phase {
    /// Seconds since the start of the drive.
    pub(super) starts: f64,
    /// Seconds that it takes.
    pub(super) lasts: f64,
    /// Metres since the start of the drive.
    pub(super) place: f64,
    /// Metres a second, at its start.
    pub(super) speed: f64,
    /// Metres a second squared.
    pub(super) acceleration: f64,
    /// Index of the segment.
    pub(super) segment: u32,
}

impl Phase {
    /// Speed so many seconds into it; never below zero.
    pub(super) fn speed_at(&self, time: f64) -> f64 {
        (self.speed + self.acceleration * time).max(0.0)
    }

    /// Metres driven so many seconds into it.
    pub(super) fn driven(&self, time: f64) -> f64 {
        (self.speed + self.acceleration * time / 2.0) * time
    }
}

/// The least time that a route takes, in whole seconds, rounded up.
#[must_use]
pub(crate) fn fastest(points: &[Waypoint], back: bool) -> Duration {
    let line = Line::new(points, back);
    whole_seconds(phases(&line, &[]).1)
}

/// Whole seconds, rounded up.
pub(super) fn whole_seconds(seconds: f64) -> Duration {
    Duration::from_secs(Duration::from_secs_f64(seconds.ceil()).as_secs())
}

impl Motion {
    /// A drive that takes `lasts`, which is no less than the [`fastest`].
    pub(super) fn new(points: &[Waypoint], back: bool, lasts: Duration) -> Self {
        let line = Line::new(points, back);
        let lasts = lasts.as_secs_f64();
        let (stops, phases, free) = with_lights(&line, lasts);
        let count = f64::from(u32::try_from(stops.len()).unwrap_or(u32::MAX));
        let spare = (lasts - free).max(0.0);
        let wait = (spare / count.max(1.0)).min(LONGEST_WAIT);
        // What waiting does not use up, everybody drives more slowly for.
        let slower = ((lasts - count * wait) / free).max(1.0);
        let phases = slowed(&phases, slower, wait, &stops);
        Self {
            line,
            phases,
            lasts,
        }
    }
}

/// The segments before which the car stops, and the drive with these stops: as many as traffic
/// gives time for.
fn with_lights(line: &Line, lasts: f64) -> (Vec<u32>, Vec<Phase>, f64) {
    let places = line.crossings();
    let (free, least) = phases(line, &[]);
    let spare = Duration::from_secs_f64(((lasts - least) / SECONDS_A_LIGHT).max(0.0));
    let wanted = usize::try_from(spare.as_secs()).unwrap_or(usize::MAX);
    let mut count = wanted.min(places.len());
    while count > 0 {
        let nth = |index: usize| places[(index * 2 + 1) * places.len() / (count * 2)];
        let stops: Vec<u32> = (0..count).map(nth).collect();
        let (driven, time) = phases(line, &stops);
        if time <= lasts {
            return (stops, driven, time);
        }
        count /= 2;
    }
    (Vec::new(), free, least)
}

/// The quickest drive along a line with stops before these segments, and how long it takes.
fn phases(line: &Line, stops: &[u32]) -> (Vec<Phase>, f64) {
    let speeds = line.speeds(stops);
    let mut phases = Vec::with_capacity(line.segments.len() * 3);
    let (mut time, mut place) = (0.0, 0.0);
    for (index, segment) in (0..).zip(&line.segments) {
        let ends = (speeds[index as usize], speeds[index as usize + 1]);
        for (acceleration, speed, lasts) in segment.stretches(ends) {
            if lasts <= 0.0 {
                continue;
            }
            let phase = Phase {
                starts: time,
                lasts,
                place,
                speed,
                acceleration,
                segment: index,
            };
            time += lasts;
            place += phase.driven(lasts);
            phases.push(phase);
        }
    }
    (phases, time)
}

/// The same drive at lower speed, with a wait before each stop.
fn slowed(phases: &[Phase], slower: f64, wait: f64, stops: &[u32]) -> Vec<Phase> {
    let mut result = Vec::with_capacity(phases.len() + stops.len());
    let (mut waited, mut reached) = (0.0, 0);
    for phase in phases {
        let starts = phase.starts * slower + waited;
        let is_stop = phase.segment > reached && stops.contains(&phase.segment);
        reached = phase.segment;
        if is_stop && wait > 0.0 {
            result.push(Phase {
                starts,
                lasts: wait,
                speed: 0.0,
                acceleration: 0.0,
                ..*phase
            });
            waited += wait;
        }
        result.push(Phase {
            starts: phase.starts * slower + waited,
            lasts: phase.lasts * slower,
            speed: phase.speed / slower,
            acceleration: phase.acceleration / (slower * slower),
            ..*phase
        });
    }
    result
}

#[cfg(test)]
pub(super) mod tests;
