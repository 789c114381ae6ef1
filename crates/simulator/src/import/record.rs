//! Writes down the day of a simulated car.

use std::fmt::Write as _;
use std::time::Duration;

use carport_model::Timestamp;
use carport_model::simulation::Course;

use super::Format;
use super::recording::Activity;
use crate::world::{CarState, Journey, LegKind};

/// The day on which each recording begins, since a journey has no date: Monday, 1 January 2024.
const MONDAY: Timestamp = Timestamp::from_millis(1_704_067_200_000);
/// Shortest step: closer samples are not read again.
const LEAST_STEP: Duration = Duration::from_secs(1);
/// Most steps of a recording, so that it can be read again: steps of a longer one grow.
const MOST_SAMPLES: u32 = 200_000;

/// What a car of this course does in one cycle of its journey, seen every `step` (at least a
/// second, and a 200,000th of the cycle): all of it as CSV, where it was when as GPX, the line alone as `GeoJSON`. Times are
/// those of the journey's local clock, written as if they were UTC, from a Monday on. A car that
/// sleeps is written down too.
#[must_use]
pub fn record(journey: &Journey, course: &Course, step: Duration, format: Format) -> String {
    let length = journey.length();
    let step = step.max(LEAST_STEP).max(length / MOST_SAMPLES);
    let steps = u32::try_from(length.as_nanos() / step.as_nanos()).unwrap_or(u32::MAX);
    let times = (0..=steps).map(|number| step * number);
    let rest = Some(length).filter(|length| *length > step * steps);
    let start = MONDAY.plus(journey.starts_at());
    // The last moment of the cycle is the first one of the next.
    let last = length.saturating_sub(Duration::from_millis(1));
    let seen = times.chain(rest).map(|time| {
        let state = journey.state(course, time.min(last));
        let name = &journey.stages()[state.spot.stage].name;
        (start.plus(time), state, name.as_str())
    });
    match format {
        Format::Csv => csv(seen),
        Format::Gpx => gpx(seen),
        Format::GeoJson => geojson(seen),
    }
}

/// A moment, what the car is like, and what the stage is called.
type Seen<'a> = (Timestamp, CarState, &'a str);

fn csv<'a>(seen: impl Iterator<Item = Seen<'a>>) -> String {
    let mut text = "time,latitude,longitude,elevation_m,speed_kmh,heading,odometer_km,charge,fuel,\
                    power_kw,plugged,temperature_c,state,stage\n"
        .to_owned();
    for (time, state, stage) in seen {
        let (latitude, longitude) = state.position;
        let charge = state.battery.map(|battery| battery.charge);
        let fuel = state.tank.map(|tank| tank.level);
        let power = state.plug.map(|plug| plug.power);
        let plugged = state.plug.map(|plug| plug.is_plugged.to_string());
        let _ = writeln!(
            text,
            "{time},{latitude:.6},{longitude:.6},{:.1},{:.1},{:.0},{:.3},{},{},{},{},{:.1},{},\"{}\"",
            state.elevation,
            state.speed,
            state.heading,
            state.odometer,
            optional(charge, 5),
            optional(fuel, 5),
            optional(power, 2),
            plugged.unwrap_or_default(),
            state.outside,
            activity(&state).as_str(),
            stage.replace('"', "'"),
        );
    }
    text
}

fn optional(number: Option<f64>, decimals: usize) -> String {
    number.map_or_else(String::new, |number| format!("{number:.decimals$}"))
}

fn activity(state: &CarState) -> Activity {
    match state.kind {
        LegKind::Sleep => Activity::Asleep,
        LegKind::Unreachable => Activity::Unreachable,
        _ if state.is_driving => Activity::Driving,
        _ if state.plug.is_some_and(|plug| plug.is_charging) => Activity::Charging,
        _ => Activity::Parked,
    }
}

fn gpx<'a>(seen: impl Iterator<Item = Seen<'a>>) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                    <gpx version=\"1.1\" creator=\"Carport\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n\
                    <trk><trkseg>\n"
        .to_owned();
    for (time, state, _) in seen {
        let (latitude, longitude) = state.position;
        let _ = writeln!(
            text,
            "<trkpt lat=\"{latitude:.6}\" lon=\"{longitude:.6}\"><ele>{:.1}</ele><time>{time}</time></trkpt>",
            state.elevation
        );
    }
    text + "</trkseg></trk>\n</gpx>\n"
}

fn geojson<'a>(seen: impl Iterator<Item = Seen<'a>>) -> String {
    let points = seen.map(|(_, state, _)| {
        let (latitude, longitude) = state.position;
        format!("[{longitude:.6},{latitude:.6},{:.1}]", state.elevation)
    });
    let mut points: Vec<String> = points.collect();
    points.dedup();
    let line = points.join(",\n");
    format!("{{\"type\":\"LineString\",\"coordinates\":[\n{line}\n]}}\n")
}
