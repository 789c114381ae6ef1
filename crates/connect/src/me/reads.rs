//! What an application read of a car, and when, from the request log.

use std::time::Duration;

use carport_model::{Timestamp, VehicleId};
use carport_store::RequestLog;
use carport_store::request_log::{Filter, Listed, Position, Recorded};
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

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// How many at most.
    pub limit: u32,
    /// Only what came before this place.
    pub before: Option<Position>,
    /// About how long is looked for them.
    pub patience: Duration,
}

/// What was found in the log.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// The newest first.
    pub found: Vec<Read>,
    /// "23 November 2026, 09:14:05 UTC": since when these are all, when patience ended before the
    /// log did.
    pub since: Option<String>,
    /// The place before which there may be more.
    pub earlier: Option<i64>,
}

/// The last successful requests about a car. A vehicle's id is its application's, so they are all of
/// one application.
pub(crate) async fn of(
    services: &Services,
    vehicle: VehicleId,
    now: Timestamp,
    wanted: Wanted,
) -> Reads {
    let Some(log) = &services.owners.log else {
        return Reads::default();
    };
    found(log, vehicle, now, wanted).await
}

async fn found(log: &RequestLog, vehicle: VehicleId, now: Timestamp, wanted: Wanted) -> Reads {
    let filter = Filter {
        status: Some(200..=299),
        before: wanted.before,
        ..about(vehicle)
    };
    let listed = recorded(log, filter, wanted.limit, Some(wanted.patience)).await;
    let is_full = listed.entries.len() >= usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let last = listed.entries.last().filter(|_| is_full);
    let earlier = listed.looked_to.or(last.map(|entry| entry.position));
    let found = listed.entries.iter().map(|entry| Read {
        what: name(&entry.route, entry.method.as_str()),
        when: ago(entry.at, now),
    });
    Reads {
        found: found.collect(),
        since: listed.looked_to.map(|place| spoken::instant(place.time())),
        earlier: earlier.map(Position::number),
    }
}

/// All requests about a car, also those that were refused; the newest first.
pub(crate) async fn all(log: &RequestLog, vehicle: VehicleId, limit: u32) -> Vec<Recorded> {
    recorded(log, about(vehicle), limit, None).await.entries
}

fn about(vehicle: VehicleId) -> Filter {
    Filter {
        vehicle: Some(vehicle),
        ..Filter::default()
    }
}

/// The entries themselves. A log that cannot be read is told of and shows nothing.
async fn recorded(
    log: &RequestLog,
    filter: Filter,
    limit: u32,
    patience: Option<Duration>,
) -> Listed {
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
        let now = Timestamp::from_millis(1_772_354_430_000);
        let look = async |vehicle, before: Option<i64>| {
            let wanted = Wanted {
                limit: 5,
                before: before.map(Position::from_number),
                patience: Duration::ZERO,
            };
            found(&log, vehicle, now, wanted).await
        };
        let brief = look(mine, None).await;
        assert!(brief.found.is_empty());
        assert_eq!(brief.since.as_deref(), Some("1 March 2026, 08:23:50 UTC"));
        let further = look(mine, brief.earlier).await;
        assert_eq!((further.found.len(), further.earlier), (1, None));
        // A page that is full goes on behind its last entry.
        let newest = look(other, None).await;
        let older = look(other, newest.earlier).await;
        assert_eq!((newest.found.len(), newest.since), (5, None));
        assert!(older.earlier.is_some() && older.earlier < newest.earlier);
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
