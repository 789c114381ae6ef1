//! Recorded days as comma-separated values. The first line names the columns, in any order; units
//! stand in the names. Columns of other names are passed over, empty fields say nothing.
//!
//! | column | meaning |
//! | --- | --- |
//! | `time` or `time_s` | an instant such as `2024-01-01T08:30:00-07:00`, whose clock is taken as the local one, or seconds; needed |
//! | `latitude`, `longitude` | degrees; needed |
//! | `elevation_m`, `elevation_ft` | above the sea |
//! | `odometer_km`, `odometer_mi` | |
//! | `charge`, `charge_percent` | of the traction battery; a share is 0 to 1 |
//! | `fuel`, `fuel_percent` | of the tank |
//! | `power_kw` | that the car charges with |
//! | `plugged` | `true` or `false` |
//! | `temperature_c`, `temperature_f` | outside |
//! | `state` | `driving`, `parked`, `charging`, `asleep`, `unreachable` |

use std::time::Duration;

use carport_model::Timestamp;
use carport_model::time_of_day::TimeOfDay;

use super::ImportError;
use super::recording::{Activity, Recording, Sample};
use super::track::{MOST_BYTES, MOST_POINTS, impossible};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Time,
    Seconds,
    Latitude,
    Longitude,
    Elevation,
    Odometer,
    Charge,
    Fuel,
    Power,
    Plugged,
    Temperature,
    State,
}

/// A column as a header names it. Its numbers times `factor` plus `offset` are ours.
struct Name {
    text: &'static str,
    column: Column,
    factor: f64,
    offset: f64,
    /// Least and most that is believed, in our unit.
    range: (f64, f64),
}

const fn name(text: &'static str, column: Column, factor: f64, range: (f64, f64)) -> Name {
    Name {
        text,
        column,
        factor,
        offset: 0.0,
        range,
    }
}

const ANY: (f64, f64) = (f64::MIN, f64::MAX);
const SHARE: (f64, f64) = (0.0, 1.0);

static NAMES: &[Name] = &[
    name("time", Column::Time, 1.0, ANY),
    name("time_s", Column::Seconds, 1.0, (0.0, 1e10)),
    name("latitude", Column::Latitude, 1.0, ANY),
    name("longitude", Column::Longitude, 1.0, ANY),
    name("elevation_m", Column::Elevation, 1.0, ANY),
    name("elevation_ft", Column::Elevation, 0.3048, ANY),
    name("odometer_km", Column::Odometer, 1.0, (0.0, 2e6)),
    name("odometer_mi", Column::Odometer, 1.609_344, (0.0, 2e6)),
    name("charge", Column::Charge, 1.0, SHARE),
    name("charge_percent", Column::Charge, 0.01, SHARE),
    name("fuel", Column::Fuel, 1.0, SHARE),
    name("fuel_percent", Column::Fuel, 0.01, SHARE),
    name("power_kw", Column::Power, 1.0, (-2000.0, 2000.0)),
    name("plugged", Column::Plugged, 1.0, ANY),
    name("temperature_c", Column::Temperature, 1.0, (-90.0, 90.0)),
    Name {
        offset: -160.0 / 9.0,
        ..name(
            "temperature_f",
            Column::Temperature,
            5.0 / 9.0,
            (-90.0, 90.0),
        )
    },
    name("state", Column::State, 1.0, ANY),
];

/// A line of the file.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    /// From 1.
    number: usize,
}

/// A recorded day.
///
/// # Errors
/// [`ImportError`]: a needed column is missing, a field is not what its column holds, a time does
/// not lie after the one before it, or a car cannot have come so far in so short a time.
pub fn read(text: &str) -> Result<Recording, ImportError> {
    if text.len() > MOST_BYTES {
        let problem = "the file is longer than 32 MiB; thin it out or cut it into days";
        return Err(ImportError::of_file(problem));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate().map(|(index, text)| Line {
        text,
        number: index + 1,
    });
    let header = lines
        .next()
        .map(|line| header(line))
        .transpose()?
        .unwrap_or_default();
    needed(&header)?;
    let mut rows: Vec<Row> = Vec::new();
    for line in lines.filter(|line| !line.text.trim().is_empty()) {
        let row = row(&header, line)?;
        if let Some(last) = rows.last() {
            let told = |problem| line.refused(0, problem);
            let Some(since) = row.time.checked_sub(last.time) else {
                return Err(told("times rise from line to line".to_owned()));
            };
            row.sample.follows(&last.sample, since).map_err(told)?;
            if since < Duration::from_secs(1) {
                continue;
            }
        }
        rows.push(row);
        if rows.len() > MOST_POINTS {
            let problem = format!("the file holds more than {MOST_POINTS} lines; thin it out");
            return Err(line.refused(0, problem));
        }
    }
    let start = rows.first().map(|row| (row.time, row.clock));
    let (start, clock) = start.unwrap_or((Duration::ZERO, TimeOfDay::of_hour(0)));
    let samples = rows.into_iter().map(|row| Sample {
        time: row.time.saturating_sub(start),
        ..row.sample
    });
    Recording::new(clock, samples.collect())
}

/// A line that has been read.
struct Row {
    /// Since the epoch, or whatever seconds are counted from.
    time: Duration,
    clock: TimeOfDay,
    sample: Sample,
}

impl<'a> Line<'a> {
    fn refused(self, at: usize, problem: impl Into<String>) -> ImportError {
        ImportError {
            line: self.number,
            column: self.text[..at].chars().count() + 1,
            problem: problem.into(),
        }
    }

    /// Its fields, each with its offset. A comma between quotation marks divides nothing.
    fn fields(self) -> Vec<(usize, &'a str)> {
        let mut fields = Vec::new();
        let (mut start, mut is_quoted) = (0, false);
        let mut push = |start: usize, end: usize| {
            fields.push((start, self.text[start..end].trim().trim_matches('"')));
        };
        for (at, byte) in self.text.bytes().enumerate() {
            match byte {
                b'"' => is_quoted = !is_quoted,
                b',' if !is_quoted => {
                    push(start, at);
                    start = at + 1;
                }
                _ => {}
            }
        }
        push(start, self.text.len());
        fields
    }
}

/// What each column holds; `None` for one that is passed over.
fn header(line: Line<'_>) -> Result<Vec<Option<&'static Name>>, ImportError> {
    let fields = line.fields();
    let columns = fields.iter().map(|(at, field)| {
        let written = field.to_ascii_lowercase();
        let found = NAMES.iter().find(|name| name.text == written);
        // A known quantity in an unknown unit would be lost in silence.
        let word = |text: &str| text.split('_').next().unwrap_or_default().to_owned();
        let alike: Vec<&str> = NAMES
            .iter()
            .map(|name| name.text)
            .filter(|name| found.is_none() && word(name) == word(&written))
            .collect();
        if alike.is_empty() {
            return Ok(found);
        }
        let problem = format!(
            "no column is called {field}; {} would be read",
            alike.join(" or ")
        );
        Err(line.refused(*at, problem))
    });
    columns.collect()
}

fn needed(header: &[Option<&'static Name>]) -> Result<(), ImportError> {
    let has = |column| header.iter().flatten().any(|name| name.column == column);
    if !has(Column::Time) && !has(Column::Seconds) {
        return Err(ImportError::of_file(
            "the first line names no column time, such as time",
        ));
    }
    if has(Column::Latitude) && has(Column::Longitude) {
        return Ok(());
    }
    Err(ImportError::of_file(
        "the first line names no columns latitude and longitude",
    ))
}

fn row(header: &[Option<&'static Name>], line: Line<'_>) -> Result<Row, ImportError> {
    let mut sample = Sample::default();
    let (mut time, mut clock) = (None, TimeOfDay::of_hour(0));
    let (mut latitude, mut longitude) = (None, None);
    for (name, (at, field)) in header.iter().zip(line.fields()) {
        let Some(name) = name.filter(|_| !field.is_empty()) else {
            continue;
        };
        let refused = |problem: String| line.refused(at, problem);
        let number = || number(name, field).map_err(refused);
        match name.column {
            Column::Time => (time, clock) = instant(field).map_err(refused)?,
            Column::Seconds => time = Some(Duration::from_secs_f64(number()?)),
            Column::Latitude => latitude = Some(number()?),
            Column::Longitude => longitude = Some(number()?),
            Column::Elevation => sample.elevation = Some(number()?),
            Column::Odometer => sample.odometer = Some(number()?),
            Column::Charge => sample.charge = Some(number()?),
            Column::Fuel => sample.fuel = Some(number()?),
            Column::Power => sample.power = Some(number()?),
            Column::Temperature => sample.temperature = Some(number()?),
            Column::Plugged => {
                let told = || refused("plugged is true or false".to_owned());
                sample.is_plugged = Some(field.parse().map_err(|_| told())?);
            }
            Column::State => {
                let told = || refused(format!("state is {}", Activity::names()));
                sample.activity = Some(Activity::read(field).ok_or_else(told)?);
            }
        }
    }
    let (Some(time), Some(position)) = (time, latitude.zip(longitude)) else {
        return Err(line.refused(0, "a line has a time, a latitude and a longitude"));
    };
    sample.position = position;
    match impossible(position, sample.elevation) {
        Some(problem) => Err(line.refused(0, problem)),
        None => Ok(Row {
            time,
            clock,
            sample,
        }),
    }
}

fn number(name: &Name, field: &str) -> Result<f64, String> {
    let number = field
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite());
    let number = number.map(|number| number * name.factor + name.offset);
    let (least, most) = name.range;
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("{} is a number in its range, not {field:?}", name.text))
}

/// An instant, and what the clock shows in the zone that it is written in.
fn instant(field: &str) -> Result<(Option<Duration>, TimeOfDay), String> {
    let told = || format!("time is written 2024-01-01T08:30:00-07:00, not {field:?}");
    // Many loggers write a space between date and clock.
    let written = match field.split_at_checked(10) {
        Some((date, clock)) if clock.starts_with(' ') => format!("{date}T{}", clock.trim_start()),
        _ => field.to_owned(),
    };
    let (time, _) = Timestamp::read(&written).ok_or_else(told)?;
    let millis = u64::try_from(time.millis()).map_err(|_| told())?;
    let clock = written
        .split_once(['T', 't'])
        .and_then(|(_, clock)| clock.get(..5));
    let clock = clock.and_then(|clock| clock.parse().ok());
    Ok((
        Some(Duration::from_millis(millis)),
        clock.unwrap_or(TimeOfDay::of_hour(0)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn the_header_decides() {
        let recording = read(
            "Longitude,latitude,\"time\",odometer_mi,charge_percent,cabin,temperature_f,plugged,state\r\n\
             13,52,2024-01-01T08:30:00+01:00,100,55,\"a, b\",50,true,parked\r\n\
             13,52,2024-01-01T08:30:00.5+01:00,,,,,,\r\n\
             13.001,52,2024-01-01T08:30:10+01:00,,,,,,\r\n",
        );
        let recording = recording.unwrap();
        assert_eq!(recording.starts_at.to_minute(), "08:30");
        // What comes within a second is left out.
        let [first, second] = recording.samples.as_slice() else {
            panic!("{} samples", recording.samples.len());
        };
        assert_eq!(first.position, (52.0, 13.0));
        assert!((first.odometer.unwrap() - 160.9344).abs() < 1e-9);
        assert!((first.charge.unwrap() - 0.55).abs() < 1e-9);
        assert!((first.temperature.unwrap() - 10.0).abs() < 1e-9);
        assert_eq!(
            (first.is_plugged, first.activity),
            (Some(true), Some(Activity::Parked))
        );
        assert_eq!(
            (second.time, second.charge),
            (Duration::from_secs(10), None)
        );
    }

    #[test]
    fn times_as_loggers_write_them() {
        for (time, clock) in [
            ("2024-01-01T08:30:00-07:00", "08:30"),
            ("2024-01-01 08:30:00", "08:30"),
            ("2024-01-01 08:30:00.250Z", "08:30"),
        ] {
            let text = format!("time,latitude,longitude\n{time},1,2\n2024-01-02T00:00:00Z,1,2\n");
            assert_eq!(read(&text).unwrap().starts_at.to_minute(), clock, "{time}");
        }
        for time in ["08:30", "1/2/24 8:30", "1969-12-31T08:30:00Z"] {
            let told = refusal(&format!("time,latitude,longitude\n{time},1,2\n"));
            assert!(
                told.starts_with("line 2, column 1: time is written"),
                "{told}"
            );
        }
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let day = |lines: &str| format!("time_s,latitude,longitude,charge\n{lines}");
        assert!(refusal("").contains("no column time"));
        assert!(refusal("time,latitude\n").contains("latitude and longitude"));
        let told = refusal("time_s,latitude,longitude,odometer_m\n");
        assert_eq!(
            told,
            "line 1, column 27: no column is called odometer_m; odometer_km or odometer_mi would be read"
        );
        assert!(refusal(&day("0,52,13,1.5\n")).starts_with("line 2, column 9: charge is a number"));
        assert!(refusal(&day("0,NaN,13,1\n")).starts_with("line 2, column 3: latitude"));
        assert!(refusal(&day("0,91,13,1\n")).contains("-85 to 85"));
        assert!(refusal(&day("0,52,,1\n")).contains("a line has a time"));
        assert!(
            refusal(&day("9,52,13,1\n8,52,13,1\n")).starts_with("line 3, column 1: times rise")
        );
        let told = refusal(&day("0,52,13,1\n60,57,13,1\n"));
        assert!(
            told.starts_with("line 3, column 1: no car comes 556"),
            "{told}"
        );
        assert!(refusal(&day("0,52,13,1\n")).contains("two points"));
    }
}
