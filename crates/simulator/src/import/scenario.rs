//! Writes the scenario of a recorded day.

use std::fmt::Write as _;
use std::time::Duration;

use super::ImportError;
use super::recording::{LONGEST, Recording, Sample};
use super::stages::{Deed, Stretch, is_plugged, stretches};
use super::track::{TrackPoint, waypoints};
use crate::world::city::{MOST_LENGTH, Waypoint};
use crate::world::drive::fastest;
use crate::world::geometry::{Position, distance};
use crate::world::scenario::MOST_STAGES;

/// Stops this near to each other are one place, metres.
const SAME: f64 = 150.0;
/// Bends smaller than this are blur of the positions, square metres of their triangle.
const BLUR: f64 = 60.0;
/// Shortest route that a scenario may have and a little more, metres.
const LEAST_ROUTE: f64 = 110.0;
/// What a battery holds when nobody tells the power that charges it, kWh.
const USUAL_BATTERY: f64 = 60.0;
/// Most power that alternating current gives, kW.
const MOST_AC: f64 = 22.5;

/// What has been written so far.
struct Writer<'a> {
    samples: &'a [Sample],
    places: Vec<Position>,
    routes: usize,
    count: usize,
    length: Duration,
    stages: String,
    map: String,
}

/// The scenario as TOML.
pub(super) fn written(recording: &Recording, name: &str) -> Result<String, ImportError> {
    let samples = &recording.samples;
    let mut writer = Writer {
        samples,
        places: Vec::new(),
        routes: 0,
        count: 0,
        length: Duration::ZERO,
        stages: String::new(),
        map: String::new(),
    };
    for stretch in stretches(samples) {
        writer.stage(stretch)?;
    }
    writer.check()?;
    Ok(head(recording, name) + &writer.stages + &writer.map)
}

fn head(recording: &Recording, name: &str) -> String {
    let samples = &recording.samples;
    let first = |value: fn(&Sample) -> Option<f64>| samples.iter().find_map(value);
    let share = |value, usual: f64| first(value).unwrap_or(usual).clamp(0.05, 1.0);
    let temperatures = || samples.iter().filter_map(|sample| sample.temperature);
    let low = temperatures()
        .fold(f64::INFINITY, f64::min)
        .clamp(-60.0, 60.0);
    let high = temperatures()
        .fold(f64::NEG_INFINITY, f64::max)
        .clamp(-60.0, 60.0);
    let (low, high) = if temperatures().next().is_some() {
        (low, high)
    } else {
        (10.0, 20.0)
    };
    let odometer = first(|sample| sample.odometer).map_or((5_000.0, 60_000.0), |km| (km, km));
    format!(
        "id = {}\nname = {}\nabout = \"A recorded day.\"\nstarts_at = \"{}\"\n\
         temperature = {{ low = {low:.1}, high = {high:.1} }}\n\
         start = {{ charge = {:.4}, fuel = {:.4}, odometer = [{:.2}, {:.2}] }}\n",
        quoted(&id(name)),
        quoted(shown(name)),
        recording.starts_at.to_minute(),
        share(|sample| sample.charge, 0.8),
        share(|sample| sample.fuel, 0.6),
        odometer.0,
        odometer.1,
    )
}

/// The name that people see.
fn shown(name: &str) -> &str {
    if name.trim().is_empty() {
        "Recording"
    } else {
        name.trim()
    }
}

/// Lower case words joined by `-`.
fn id(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric();
    let words = name
        .split(|letter| !plain(letter))
        .filter(|word| !word.is_empty());
    let mut id = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    id.truncate(64);
    let id = id.trim_end_matches('-');
    if id.is_empty() {
        "recording".to_owned()
    } else {
        id.to_owned()
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

impl Writer<'_> {
    /// What can be told when all of it is written.
    fn check(&self) -> Result<(), ImportError> {
        let problem = if self.count == 0 {
            "the recording is too short: nothing happens in it".to_owned()
        } else if self.count > MOST_STAGES {
            format!(
                "the car stops and leaves {} times; a scenario has at most {MOST_STAGES} stages: cut the recording",
                self.count
            )
        } else if self.length > LONGEST {
            "driven as fast as a car can, this lasts longer than 31 days; cut the recording"
                .to_owned()
        } else {
            return Ok(());
        };
        Err(ImportError::of_file(problem))
    }

    fn stage(&mut self, stretch: Stretch) -> Result<(), ImportError> {
        let Stretch { from, to, deed } = stretch;
        let seconds = self.second(to) - self.second(from);
        if seconds == 0 {
            return Ok(());
        }
        if deed == Deed::Drive {
            return self.drive(from, to, seconds);
        }
        self.count += 1;
        self.length += Duration::from_secs(seconds);
        let place = self.place(from);
        let verb = match deed {
            Deed::Park | Deed::Drive => "park",
            Deed::Charge => "charge",
            Deed::Refuel => "refuel",
            Deed::Sleep => "sleep",
            Deed::Unreachable => "unreachable",
        };
        let label = match deed {
            Deed::Park | Deed::Drive => "Parked",
            Deed::Charge => "Charge",
            Deed::Refuel => "Fill up",
            Deed::Sleep => "Asleep",
            Deed::Unreachable => "Out of reach",
        };
        let lasts = lasts(seconds);
        let _ = write!(
            self.stages,
            "\n[[stage]]\nname = \"{label} at place {place}\"\ndo = \"{verb}\"\nat = \"place{place}\"\nfor = \"{lasts}\"\n"
        );
        match deed {
            Deed::Charge => self.charge(from, to, seconds),
            Deed::Refuel => {
                let full = most(&self.samples[from..=to], |sample| sample.fuel);
                let _ = writeln!(self.stages, "to = {:.4}", full.clamp(0.1, 1.0));
            }
            _ if is_plugged(self.samples, &stretch) => self.stages += "plugged = true\n",
            _ => {}
        }
        Ok(())
    }

    /// Whole seconds from the start, so that rounding never adds up.
    fn second(&self, index: usize) -> u64 {
        let time = self.samples[index].time;
        time.as_secs() + u64::from(time.subsec_millis() >= 500)
    }

    /// Number of the place of a sample, from 1.
    fn place(&mut self, index: usize) -> usize {
        let Sample {
            position,
            elevation,
            ..
        } = self.samples[index];
        let is_same = |place: &Position| distance(*place, position) < SAME;
        if let Some(known) = self.places.iter().position(is_same) {
            return known + 1;
        }
        self.places.push(position);
        let number = self.places.len();
        let _ = write!(
            self.map,
            "\n[places.place{number}]\nname = \"Place {number}\"\nposition = [{:.6}, {:.6}]\nelevation = {:.1}\n",
            position.0,
            position.1,
            elevation.unwrap_or_default()
        );
        number
    }

    fn drive(&mut self, from: usize, to: usize, seconds: u64) -> Result<(), ImportError> {
        let (begins, ends) = (self.place(from), self.place(to));
        let points: Vec<TrackPoint> = self.samples[from..=to].iter().map(Sample::point).collect();
        let Some(points) = line(&points) else {
            return Ok(());
        };
        // A little less, for the decimals that the written points lose.
        if length(&points) > MOST_LENGTH * 0.9999 {
            return Err(ImportError::of_file(format!(
                "after {} the car drives {:.0} km without a stop of three minutes; a route is at most 5000 km long: cut the recording",
                lasts(self.second(from).max(1)),
                length(&points) / 1000.0
            )));
        }
        let (points, pace, takes) = paced(points, Duration::from_secs(seconds));
        self.count += 1;
        self.length += takes;
        self.routes += 1;
        let number = self.routes;
        let _ = write!(
            self.stages,
            "\n[[stage]]\nname = \"Drive {number}\"\ndo = \"drive\"\nroute = \"drive{number}\"\n{pace}\n"
        );
        let _ = write!(
            self.map,
            "\n[routes.drive{number}]\nfrom = \"place{begins}\"\nto = \"place{ends}\"\npoints = [\n"
        );
        for point in points {
            let Waypoint {
                latitude,
                longitude,
                elevation,
                limit,
            } = point;
            let _ = writeln!(
                self.map,
                "  [{latitude:.6}, {longitude:.6}, {elevation:.1}, {limit:.0}],"
            );
        }
        self.map += "]\n";
        Ok(())
    }

    fn charge(&mut self, from: usize, to: usize, seconds: u64) {
        let samples = &self.samples[from..=to];
        let limit = most(samples, |sample| sample.charge);
        let gained = limit - samples[0].charge.unwrap_or(limit);
        let guess = gained * USUAL_BATTERY * 3600.0 / Duration::from_secs(seconds).as_secs_f64();
        let told = most(samples, |sample| sample.power);
        let power = if told > 0.0 { told } else { guess };
        let current = if power <= MOST_AC { "AC" } else { "DC" };
        let _ = write!(
            self.stages,
            "power = {:.1}\ncurrent = \"{current}\"\nlimit = {:.4}\n",
            power.clamp(1.0, 500.0),
            limit.clamp(0.1, 1.0)
        );
    }
}

/// The route along the points; `None` when they lie in one place.
fn line(points: &[TrackPoint]) -> Option<Vec<Waypoint>> {
    let plain = waypoints(points, BLUR).ok()?;
    if length(&plain) >= LEAST_ROUTE {
        return Some(plain);
    }
    // Nothing but small bends.
    waypoints(points, 0.0).ok()
}

/// Metres.
fn length(points: &[Waypoint]) -> f64 {
    let pairs = points.windows(2);
    pairs
        .map(|pair| distance(pair[0].position(), pair[1].position()))
        .sum()
}

fn most(samples: &[Sample], value: fn(&Sample) -> Option<f64>) -> f64 {
    samples.iter().filter_map(value).fold(0.0, f64::max)
}

/// `1h2m3s`.
fn lasts(seconds: u64) -> String {
    let parts = [
        (seconds / 3600, 'h'),
        (seconds / 60 % 60, 'm'),
        (seconds % 60, 's'),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    parts
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect()
}

/// The route with limits at which its recorded time can be driven, the line that says so, and the
/// time. One that no driver keeps, such as that of a long wait, becomes the nearest that one does.
fn paced(mut points: Vec<Waypoint>, lasts_for: Duration) -> (Vec<Waypoint>, String, Duration) {
    for _ in 0..60 {
        let least = fastest(&points, false);
        // Room for the decimals that the written points lose.
        let factor = if lasts_for < least.mul_f64(1.01) + Duration::from_secs(1) {
            1.15
        } else if lasts_for > least * 3 {
            0.75
        } else {
            let pace = format!("for = \"{}\"", lasts(lasts_for.as_secs()));
            return (points, pace, lasts_for);
        };
        for point in &mut points {
            point.limit = (point.limit * factor).round().clamp(5.0, 200.0);
        }
    }
    let least = fastest(&points, false);
    let traffic = if lasts_for > least { 4.0 } else { 1.0 };
    // And a little more, for the decimals.
    let takes = least.mul_f64(traffic * 1.01);
    (points, format!("traffic = {traffic}"), takes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Format;
    use crate::import::recording::scenario_from;

    /// Why the days of a car that is seen at these seconds, so many degrees east, make no scenario.
    fn refusal(seen: impl IntoIterator<Item = (u64, f64)>) -> String {
        let lines = seen
            .into_iter()
            .map(|(second, east)| format!("{second},0,{east:.5}\n"));
        let text = "time_s,latitude,longitude\n".to_owned() + &lines.collect::<String>();
        let refused = scenario_from(&text, Format::Csv, "A day");
        refused.unwrap_err().problem
    }

    #[test]
    fn what_no_scenario_holds_is_refused() {
        assert!(refusal([(0, 13.0), (1, 13.0)].into_iter().take(1)).contains("two points"));
        let told = refusal([(0, 0.0), (7200, 0.0), (2_600_000, 46.0)]);
        assert!(
            told.starts_with("after 2h the car drives 5115 km without a stop"),
            "{told}"
        );
        // Half a kilometre there or back, then four minutes of rest.
        let stops = (0..501).flat_map(|stop: u64| {
            let (begins, east) = (stop * 300, if stop.is_multiple_of(2) { 0.0 } else { 0.005 });
            [(begins, east), (begins + 240, east)]
        });
        let told = refusal(stops);
        assert!(
            told.starts_with("the car stops and leaves 1001 times"),
            "{told}"
        );
        // Sixteen hours each at 300 km/h, which is a day at the fastest limit there is.
        let drives = (0..44).flat_map(|drive: u64| {
            let (begins, east) = (
                drive * 59_500,
                if drive.is_multiple_of(2) { 0.0 } else { 44.0 },
            );
            [(begins, east), (begins + 240, east)]
        });
        let told = refusal(drives);
        assert!(told.contains("longer than 31 days"), "{told}");
    }

    #[test]
    fn ids_and_durations() {
        assert_eq!(id("Tuesday, the 5th!"), "tuesday-the-5th");
        assert_eq!(id("日本"), "recording");
        assert_eq!(lasts(3723), "1h2m3s");
        assert_eq!(lasts(180), "3m");
    }
}
