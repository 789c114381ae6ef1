//! What an application read of a car, and when, from the request log.

use std::ops::RangeInclusive;
use std::time::Duration;

use carport_model::{Timestamp, VehicleId};
use carport_store::RequestLog;
use carport_store::request_log::{Filter, Listed, Recorded};
use carport_web::words::{Text, t};

use super::words::ago;
use crate::{Services, spoken};

/// Something that was read or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    /// "Odometer".
    pub what: String,
    /// "12 minutes ago".
    pub when: String,
}

/// What routes below a vehicle are called; others go by their own path.
const NAMES: &[(&str, Text)] = &[
    ("", t("Make, model and year")),
    ("vin", t("Vehicle identification number")),
    ("permissions", t("What it may use")),
    ("batch", t("Several values at once")),
    ("battery/capacity", t("Battery capacity")),
    ("battery/nominal_capacity", t("Battery capacity")),
    ("charge", t("Charging")),
    ("charge/limit", t("Charge limit")),
    ("engine/oil", t("Engine oil")),
    ("tires/pressure", t("Tyre pressure")),
    ("security", t("Locks, doors and windows")),
    ("diagnostics/system_status", t("State of the car's systems")),
    ("diagnostics/dtcs", t("Fault codes")),
    ("service/history", t("Service history")),
    ("navigation/destination", t("Destination")),
];

/// How long a page looks through the log, which has no index by car.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// What was found in the log.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// The newest first.
    pub found: Vec<Read>,
    /// "23 November 2026, 09:14:05 UTC": since when these are all, when patience ended before the
    /// log did.
    pub since: Option<String>,
}

/// The last successful requests about a car, looking no longer than about `patience`. A vehicle's id
/// is its application's, so they are all of one application.
pub(crate) async fn of(
    services: &Services,
    vehicle: VehicleId,
    now: Timestamp,
    limit: u32,
    patience: Option<Duration>,
) -> Reads {
    let Some(log) = &services.owners.log else {
        return Reads::default();
    };
    let listed = recorded(log, vehicle, Some(200..=299), limit, patience).await;
    let found = listed.entries.iter().map(|entry| Read {
        what: name(&entry.route, entry.method.as_str()),
        when: ago(entry.at, now),
    });
    Reads {
        found: found.collect(),
        since: listed.looked_to.map(|place| spoken::instant(place.time())),
    }
}

/// All requests about a car, also those that were refused; the newest first.
pub(crate) async fn all(log: &RequestLog, vehicle: VehicleId, limit: u32) -> Vec<Recorded> {
    recorded(log, vehicle, None, limit, None).await.entries
}

/// The entries themselves. A log that cannot be read is told of and shows nothing.
async fn recorded(
    log: &RequestLog,
    vehicle: VehicleId,
    status: Option<RangeInclusive<u16>>,
    limit: u32,
    patience: Option<Duration>,
) -> Listed {
    let filter = Filter {
        vehicle: Some(vehicle),
        status,
        ..Filter::default()
    };
    log.page(filter, limit, patience)
        .await
        .unwrap_or_else(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the request log cannot be read"
            );
            Listed::default()
        })
}

/// A route in words: "Odometer", "Command: Charging".
fn name(route: &str, method: &str) -> String {
    if route.starts_with("/dashboard/") {
        return t("All that it may read, by its makers in the Dashboard").plain();
    }
    let below = route.split_once("{id}").map_or(route, |(_, below)| below);
    let below = below.trim_matches('/');
    let known = NAMES.iter().find(|(path, _)| *path == below);
    let name = known.map_or_else(|| spelled(below), |(_, name)| name.plain());
    match method {
        "GET" | "HEAD" => name,
        _ if below == "batch" => name,
        _ => t("Command: {name}").with("name", name).plain(),
    }
}

/// A path as words: `tesla/charge/ammeter` is "Tesla charge ammeter".
fn spelled(path: &str) -> String {
    let words = path.replace(['/', '_', '-'], " ").replace(['{', '}'], "");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => t("A request").plain(),
    }
}

#[cfg(test)]
mod tests {
    use carport_model::{RequestId, SeededRng};
    use carport_store::request_log::{Entry, Method};

    use super::*;

    #[tokio::test]
    async fn a_look_without_patience_says_how_far_it_came() {
        let folder = tempfile::tempdir().unwrap();
        let log = RequestLog::spawn(&folder.path().join("log.db"), 1 << 24).unwrap();
        let rng = SeededRng::new(0, 0);
        let (mine, other) = (VehicleId::draw(&rng), VehicleId::draw(&rng));
        for second in 0..1_500 {
            log.push(Entry {
                at: Timestamp::from_millis(1_772_352_930_000 + second * 1_000),
                took_micros: 0,
                gate_micros: None,
                read_micros: None,
                method: Method::Get,
                route: log.route("/v2.0/vehicles/{id}/odometer"),
                status: 200,
                request: RequestId::draw(&rng),
                application: None,
                vehicle: Some(if second == 0 { mine } else { other }),
                error: None,
            });
        }
        log.flush();
        let brief = recorded(&log, mine, Some(200..=299), 5, Some(Duration::ZERO)).await;
        let looked_to = brief.looked_to.map(|place| place.time().to_string());
        assert!(brief.entries.is_empty());
        assert_eq!(looked_to.as_deref(), Some("2026-03-01T08:23:50.000Z"));
        assert_eq!(all(&log, mine, 5).await.len(), 1);
        assert_eq!(all(&log, other, 5).await.len(), 5);
    }

    #[test]
    fn routes_in_words() {
        for (route, method, expected) in [
            ("/v2.0/vehicles/{id}/odometer", "GET", "Odometer"),
            ("/v2.0/vehicles/{id}", "GET", "Make, model and year"),
            ("/v2.0/vehicles/{id}/tires/pressure", "GET", "Tyre pressure"),
            (
                "/v2.0/vehicles/{id}/batch",
                "POST",
                "Several values at once",
            ),
            ("/v2.0/vehicles/{id}/charge", "POST", "Command: Charging"),
            (
                "/v2.0/vehicles/{id}/tesla/charge/ammeter",
                "GET",
                "Tesla charge ammeter",
            ),
            (
                "/dashboard/vehicles/{id}",
                "GET",
                "All that it may read, by its makers in the Dashboard",
            ),
            (
                "/v2.0/vehicles/{id}/security",
                "POST",
                "Command: Locks, doors and windows",
            ),
        ] {
            assert_eq!(name(route, method), expected);
        }
    }
}
