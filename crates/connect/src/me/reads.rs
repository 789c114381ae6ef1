//! What an application read of a car, and when, from the request log.

use std::ops::RangeInclusive;

use carport_model::{ApplicationId, Timestamp, VehicleId};
use carport_store::RequestLog;
use carport_store::request_log::{Filter, Recorded};
use carport_web::words::{Text, t};

use super::words::ago;
use crate::Services;

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

/// The last successful requests of an application about a car, the newest first.
pub(crate) async fn of(
    services: &Services,
    (application, vehicle): (ApplicationId, VehicleId),
    now: Timestamp,
    limit: u32,
) -> Vec<Read> {
    let Some(log) = &services.owners.log else {
        return Vec::new();
    };
    let successful = Some(200..=299);
    let found = recorded(log, (application, vehicle), successful, limit).await;
    let found = found.into_iter().map(|entry| Read {
        what: name(&entry.route, entry.method.as_str()),
        when: ago(entry.at, now),
    });
    found.collect()
}

/// All requests of an application about a car, also those that were refused; the newest first.
pub(crate) async fn all(
    log: &RequestLog,
    key: (ApplicationId, VehicleId),
    limit: u32,
) -> Vec<Recorded> {
    recorded(log, key, None, limit).await
}

/// The entries themselves. A log that cannot be read is told of and shows nothing.
async fn recorded(
    log: &RequestLog,
    (application, vehicle): (ApplicationId, VehicleId),
    status: Option<RangeInclusive<u16>>,
    limit: u32,
) -> Vec<Recorded> {
    let filter = Filter {
        application: Some(application),
        vehicle: Some(vehicle),
        status,
        ..Filter::default()
    };
    log.recent(filter, limit).await.unwrap_or_else(|error| {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the request log cannot be read"
        );
        Vec::new()
    })
}

/// A route in words: "Odometer", "Command: Charging".
fn name(route: &str, method: &str) -> String {
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
    use super::*;

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
                "/v2.0/vehicles/{id}/security",
                "POST",
                "Command: Locks, doors and windows",
            ),
        ] {
            assert_eq!(name(route, method), expected);
        }
    }
}
