//! The line of a drive, and how fast one may be at each of its points.

use super::Waypoint;
use crate::world::geometry::{Position, heading, way};

/// Sideways acceleration that drivers bear in bends, m/s2.
const SIDEWAYS: f64 = 2.5;
/// Metres before a corner in town at which the bend begins.
const CORNER: f64 = 12.0;
/// Up to this limit a road is one of a town, km/h.
const IN_TOWN: f64 = 60.0;
/// Slowest pace round the sharpest corner, m/s.
const CRAWL: f64 = 2.5;
/// Points that are closer than this are one point, metres.
const CLOSE: f64 = 0.5;

/// A route in the direction in which it is driven.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::world) struct Line {
    /// The ways from point to point, none of them empty.
    pub(in crate::world) segments: Vec<Segment>,
    /// Its length, metres.
    pub(in crate::world) length: f64,
    /// Its end.
    pub(in crate::world) end: Position,
}

/// A straight way between two points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::world) struct Segment {
    /// Where it begins.
    pub(in crate::world) from: Position,
    /// Where it ends.
    pub(in crate::world) to: Position,
    /// Metres from the start of the line.
    pub(in crate::world) starts: f64,
    /// Metres.
    pub(in crate::world) length: f64,
    /// Metres above the sea, at its start.
    pub(in crate::world) elevation: f64,
    /// Metres that it climbs a metre.
    pub(in crate::world) grade: f64,
    /// Degrees: 0 is north, 90 east.
    pub(in crate::world) heading: f64,
    /// Limit in metres a second.
    limit: f64,
    /// East and north, each as a share of the length.
    direction: (f64, f64),
}

impl Line {
    pub(in crate::world) fn new(points: &[Waypoint], back: bool) -> Self {
        let mut segments = Vec::with_capacity(points.len());
        let mut starts = 0.0;
        let mut ways: Vec<(&Waypoint, &Waypoint, f64)> = points
            .windows(2)
            .map(|pair| (&pair[0], &pair[1], pair[0].limit))
            .collect();
        if back {
            ways.reverse();
            ways = ways
                .iter()
                .map(|(from, to, limit)| (*to, *from, *limit))
                .collect();
        }
        let mut from = ways.first().map(|way| *way.0);
        for (_, to, limit) in &ways {
            let Some(begin) = from else { break };
            let (east, north) = way(begin.position(), to.position());
            let length = (east * east + north * north).sqrt();
            if length < CLOSE {
                continue;
            }
            segments.push(Segment {
                from: begin.position(),
                to: to.position(),
                starts,
                length,
                elevation: begin.elevation,
                // Steeper than any road only where the data is wrong.
                grade: ((to.elevation - begin.elevation) / length).clamp(-0.3, 0.3),
                heading: heading((east, north)),
                limit: limit / 3.6,
                direction: (east / length, north / length),
            });
            starts += length;
            from = Some(**to);
        }
        Self {
            length: starts,
            end: segments.last().map_or((0.0, 0.0), |segment| segment.to),
            segments,
        }
    }

    /// The segments before which there may be a light: within a town.
    pub(super) fn crossings(&self) -> Vec<u32> {
        let in_town = |segment: &Segment| segment.limit * 3.6 <= IN_TOWN;
        let pairs = (1..).zip(self.segments.windows(2));
        pairs
            .filter(|(_, pair)| in_town(&pair[0]) && in_town(&pair[1]))
            .map(|(index, _)| index)
            .collect()
    }

    /// Speed at each point, metres a second: none at the ends and the stops, elsewhere as fast as
    /// limits, bends and the power to accelerate and brake allow.
    pub(super) fn speeds(&self, stops: &[u32]) -> Vec<f64> {
        let mut speeds = vec![0.0; self.segments.len() + 1];
        for (index, pair) in self.segments.windows(2).enumerate() {
            speeds[index + 1] = pair[0]
                .limit
                .min(pair[1].limit)
                .min(bend(&pair[0], &pair[1]));
        }
        for stop in stops {
            speeds[*stop as usize] = 0.0;
        }
        for (index, segment) in self.segments.iter().enumerate() {
            let reachable = reach(speeds[index], segment.acceleration(), segment.length);
            speeds[index + 1] = speeds[index + 1].min(reachable);
        }
        for (index, segment) in self.segments.iter().enumerate().rev() {
            let reachable = reach(speeds[index + 1], segment.braking(), segment.length);
            speeds[index] = speeds[index].min(reachable);
        }
        speeds
    }
}

/// Speed after `length` metres of acceleration.
fn reach(speed: f64, acceleration: f64, length: f64) -> f64 {
    (speed * speed + 2.0 * acceleration * length).sqrt()
}

/// How fast one takes the bend between two segments: the speed at which the circle that touches
/// both presses sideways as much as drivers bear.
fn bend(before: &Segment, after: &Segment) -> f64 {
    let ((east, north), (east_after, north_after)) = (before.direction, after.direction);
    let cosine = (east * east_after + north * north_after).clamp(-1.0, 1.0);
    let short = before.length.min(after.length) / 2.0;
    let in_town = before.limit.min(after.limit) * 3.6 <= IN_TOWN;
    let room = if in_town { short.min(CORNER) } else { short };
    // Tangent of half the angle by which the way turns.
    let turn = ((1.0 - cosine) / (1.0 + cosine).max(1e-9)).sqrt();
    (SIDEWAYS * room / turn.max(1e-9)).sqrt().max(CRAWL)
}

impl Segment {
    /// How hard one accelerates here, m/s2: harder in town than where one is fast already.
    const fn acceleration(&self) -> f64 {
        match self.limit {
            ..=17.0 => 1.5,
            ..=28.0 => 1.0,
            _ => 0.7,
        }
    }

    /// How hard one brakes here, m/s2.
    const fn braking(&self) -> f64 {
        match self.limit {
            ..=17.0 => 1.3,
            ..=28.0 => 1.1,
            _ => 0.9,
        }
    }

    /// Acceleration, speed at its start, seconds: accelerating, at the limit, braking.
    pub(super) fn stretches(&self, (enters, leaves): (f64, f64)) -> [(f64, f64, f64); 3] {
        let (up, down) = (self.acceleration(), self.braking());
        let square = 2.0 * up * down * self.length + down * enters * enters + up * leaves * leaves;
        let top = (square / (up + down))
            .sqrt()
            .min(self.limit)
            .max(enters.max(leaves));
        let distance = |slow: f64, rate: f64| (top * top - slow * slow) / (2.0 * rate);
        let cruise = (self.length - distance(enters, up) - distance(leaves, down)).max(0.0);
        [
            (up, enters, (top - enters) / up),
            (0.0, top, cruise / top.max(0.1)),
            (-down, top, (top - leaves) / down),
        ]
    }

    /// Where one is so many metres into it.
    pub(in crate::world) fn position(&self, metres: f64) -> Position {
        let share = (metres / self.length).clamp(0.0, 1.0);
        (
            self.from.0 + (self.to.0 - self.from.0) * share,
            self.from.1 + (self.to.1 - self.from.1) * share,
        )
    }
}
