//! What a car says of each signal, or why it says nothing.

use std::time::Duration;

use carport_connector::Fault;
use carport_model::permission::Group;
use carport_model::reading::Readings;
use carport_model::unit::Unit;
use carport_model::{Permission, Signal, SignalValue, Timestamp, signal};
use carport_store::Connected;
use carport_web::words::{Text, say, t};

use crate::Dashboard;
use crate::when::When;

/// How long the page waits for the car.
const PATIENCE: Duration = Duration::from_secs(5);
/// From this age on a value is called stale.
const STALE: Duration = Duration::from_hours(24);

/// Values under one heading.
pub(super) struct Section {
    pub title: Text,
    pub id: String,
    pub rows: Vec<Row>,
    /// What was not granted.
    pub closed: Vec<Closed>,
}

/// Signals of a permission that was not granted.
pub(super) struct Closed {
    pub permission: Permission,
    pub name: &'static str,
    pub title: Text,
    pub codes: Vec<&'static str>,
}

/// A signal.
pub(super) struct Row {
    pub code: &'static str,
    pub doc: Text,
    /// The value; empty when there is none.
    pub value: String,
    /// When the car recorded it.
    pub when: Option<When>,
    pub is_stale: bool,
    /// Why it is empty.
    pub why: String,
}

/// What was read, or why nothing was.
pub(super) enum Read {
    Values(Readings),
    Failed(Fault),
    TooLate,
}

/// Reads what the application may see.
pub(super) async fn read(dashboard: &Dashboard, car: &Connected) -> Read {
    let may_see = |signal: &Signal| {
        let permission = signal.spec().permission;
        car.permissions.contains(permission) && is_capable(car, permission)
    };
    let want: Vec<Signal> = signal::all().filter(may_see).collect();
    if want.is_empty() {
        return Read::Values(Readings::new());
    }
    match tokio::time::timeout(PATIENCE, dashboard.reader.read(car, &want)).await {
        Ok(Ok(readings)) => Read::Values(readings),
        Ok(Err(fault)) => Read::Failed(fault),
        Err(_) => Read::TooLate,
    }
}

/// Every signal by the groups of the permission page; those of a permission that was not granted are
/// one line.
pub(super) fn sections(car: &Connected, read: &Read, now: Timestamp) -> Vec<Section> {
    let mut sections: Vec<(Group, Section)> = Vec::new();
    for signal in signal::all() {
        let permission = signal.spec().permission;
        let group = permission.spec().group;
        let known = sections.iter().position(|(known, _)| *known == group);
        let place = known.unwrap_or_else(|| {
            let section = Section {
                title: say(group.title()),
                id: format!("values-{}", sections.len()),
                rows: Vec::new(),
                closed: Vec::new(),
            };
            sections.push((group, section));
            sections.len() - 1
        });
        let section = &mut sections[place].1;
        if car.permissions.contains(permission) {
            section.rows.push(row(car, read, signal, now));
        } else {
            close(&mut section.closed, signal);
        }
    }
    sections.sort_by_key(|(group, _)| *group);
    sections.into_iter().map(|(_, section)| section).collect()
}

fn close(closed: &mut Vec<Closed>, signal: Signal) {
    let permission = signal.spec().permission;
    let code = signal.spec().code;
    match closed.iter_mut().find(|it| it.permission == permission) {
        Some(it) => it.codes.push(code),
        None => closed.push(Closed {
            permission,
            name: permission.name(),
            title: say(permission.spec().title),
            codes: vec![code],
        }),
    }
}

fn row(car: &Connected, read: &Read, signal: Signal, now: Timestamp) -> Row {
    let spec = signal.spec();
    let reading = match read {
        Read::Values(readings) => readings.get(&signal),
        Read::Failed(_) | Read::TooLate => None,
    };
    let why = match reading {
        Some(_) => String::new(),
        None => why(is_capable(car, spec.permission), read),
    };
    Row {
        code: spec.code,
        doc: say(spec.doc),
        value: reading.map_or_else(String::new, |reading| written(&reading.value, spec.unit)),
        when: reading.map(|reading| When::of(reading.measured_at, now)),
        is_stale: reading.is_some_and(|reading| now.since(reading.measured_at) >= STALE),
        why,
    }
}

/// Why there is no value, of a permission that was granted.
fn why(is_capable: bool, read: &Read) -> String {
    if !is_capable {
        return t("The car is not capable of it").plain();
    }
    match read {
        Read::Values(_) => t("The car does not have it").plain(),
        Read::Failed(fault) => t("The read failed: {error}")
            .with("error", &fault.error)
            .plain(),
        Read::TooLate => t("The car did not answer in time").plain(),
    }
}

fn is_capable(car: &Connected, permission: Permission) -> bool {
    car.vehicle.car.capabilities.contains(permission)
}

/// A value as people read it, in metric units.
fn written(value: &SignalValue, unit: Unit) -> String {
    let yes = |flag: bool| if flag { t("yes") } else { t("no") };
    match value {
        SignalValue::Number(number) if unit == Unit::Fraction => {
            format!("{} %", short(number * 100.0))
        }
        SignalValue::Number(number) => with_unit(&short(*number), unit),
        SignalValue::Count(count) => count.to_string(),
        SignalValue::Flag(flag) => yes(*flag).plain(),
        SignalValue::Text(text) => text.clone(),
        SignalValue::Words(words) if words.is_empty() => t("none").plain(),
        SignalValue::Words(words) => words.join(", "),
        SignalValue::Position {
            latitude,
            longitude,
            ..
        } => format!("{latitude:.5}, {longitude:.5}"),
        SignalValue::Tyres {
            front_left,
            front_right,
            back_left,
            back_right,
        } => {
            let all = [front_left, front_right, back_left, back_right];
            let all: Vec<String> = all.into_iter().map(|each| short(*each)).collect();
            with_unit(&all.join(" / "), unit)
        }
        other => serde_json::to_string(other)
            .map(|json| json.replace(['{', '}', '"'], "").replace([':', ','], " "))
            .unwrap_or_default(),
    }
}

fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn with_unit(number: &str, unit: Unit) -> String {
    let unit = match unit {
        Unit::Kilometres => "km",
        Unit::Litres => "l",
        Unit::Kilopascals => "kPa",
        Unit::KilometresPerHour => "km/h",
        Unit::Celsius => "°C",
        Unit::KilowattHours => "kWh",
        Unit::Amperes => "A",
        Unit::Volts => "V",
        Unit::Watts => "W",
        Unit::Minutes => "min",
        Unit::Degrees => "°",
        Unit::Fraction | Unit::Count | Unit::None => return number.to_owned(),
    };
    format!("{number} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::error;

    #[test]
    fn every_reason_has_its_words() {
        let none = Read::Values(Readings::new());
        assert!(why(false, &none).contains("not capable"));
        assert!(why(true, &none).contains("does not have it"));
        let failed = Read::Failed((&error::ASLEEP).into());
        assert!(why(true, &failed).contains("VEHICLE_STATE:ASLEEP"));
        assert!(why(true, &Read::TooLate).contains("in time"));
    }

    #[test]
    fn values_are_written_for_people() {
        let number = SignalValue::Number(0.758);
        assert_eq!(written(&number, Unit::Fraction), "75.8 %");
        assert_eq!(
            written(&SignalValue::Number(12.0), Unit::Kilometres),
            "12 km"
        );
        assert_eq!(written(&SignalValue::Flag(true), Unit::None), "yes");
        assert_eq!(written(&SignalValue::Words(Vec::new()), Unit::None), "none");
    }
}
