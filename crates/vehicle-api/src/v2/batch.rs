//! `POST /vehicles/{id}/batch`: several reads of one vehicle in one request.
//! Source: contract rest-v2, 2.23.

use std::borrow::Cow;
use std::fmt;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use carport_connector::Fault;
use carport_model::reading::Readings;
use carport_model::{RequestId, Signal, Timestamp};
use carport_web::query::Pairs;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, Get, Served, json_of, raw, unit_system};
use super::error::V2Error;
use super::values::Asked;
use super::{ENDPOINTS, FIXED, UNSERVED};
use crate::VehicleApi;
use crate::access::{Staleness, VehicleAccess};

/// Most requests of one batch.
const MOST: usize = 100;

/// What is sent: `{"requests": [{"path": "/odometer"}]}`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Batch<'a> {
    /// What to read.
    #[serde(borrow)]
    pub requests: Vec<BatchRequest<'a>>,
}

/// One read: an object with its path, or the path alone, which one generated client sends.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum BatchRequest<'a> {
    /// `{"path": "/odometer"}`.
    Object {
        /// Path below the vehicle, with or without a slash at either end.
        path: Cow<'a, str>,
    },
    /// `"/odometer"`.
    Path(Cow<'a, str>),
}

/// By hand, since a derived one keeps a copy of each object to try it as the one and the other.
impl<'de: 'a, 'a> Deserialize<'de> for BatchRequest<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadBatchRequest)
    }
}

struct ReadBatchRequest;

impl<'de> Visitor<'de> for ReadBatchRequest {
    type Value = BatchRequest<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a path, or a path")
    }

    fn visit_borrowed_str<E: de::Error>(self, path: &'de str) -> Result<Self::Value, E> {
        Ok(BatchRequest::Path(path.into()))
    }

    fn visit_str<E: de::Error>(self, path: &str) -> Result<Self::Value, E> {
        Ok(BatchRequest::Path(path.to_owned().into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        #[derive(Deserialize)]
        struct Object<'a> {
            #[serde(borrow)]
            path: Cow<'a, str>,
        }
        let object = Object::deserialize(MapAccessDeserializer::new(map))?;
        Ok(BatchRequest::Object { path: object.path })
    }
}

/// The answers, in the order of the requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResponses {
    /// One for each request.
    pub responses: Vec<BatchResponse>,
}

/// One answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResponse {
    /// The path with one slash in front and none at the end.
    pub path: &'static str,
    /// HTTP status that the read would have had alone.
    pub code: u16,
    /// Body that it would have had alone.
    #[schema(value_type = Object)]
    pub body: Box<RawValue>,
    /// Headers that it would have had alone; always there, since one SDK stumbles without.
    pub headers: BatchHeaders,
}

/// Headers of one answer.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct BatchHeaders {
    /// When the vehicle recorded it.
    #[serde(rename = "sc-data-age", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub data_age: Option<Date>,
    /// When it was fetched.
    #[serde(rename = "sc-fetched-at", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub fetched_at: Option<Date>,
    /// `metric` or `imperial`.
    #[serde(rename = "sc-unit-system", skip_serializing_if = "Option::is_none")]
    pub unit_system: Option<&'static str>,
    /// Seconds until the next try.
    #[serde(rename = "retry-after", skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The same: SDKs look under either spelling.
    #[serde(rename = "Retry-After", skip_serializing_if = "Option::is_none")]
    pub retry_after_too: Option<u64>,
}

/// An instant, as headers have it.
#[derive(Debug, Clone, Copy)]
pub struct Date(Timestamp);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.written().as_str())
    }
}

/// One read that is to be done.
struct Wanted {
    /// As the table of reads has it.
    path: &'static str,
    query: Pairs,
    get: Get,
}

/// Reads several things of one vehicle. What goes wrong with one of them is its own answer.
///
/// # Errors
/// `VALIDATION` for a body that is no batch, or that names a path which is no read.
pub async fn post_batch(
    State(api): State<VehicleApi>,
    Extension(request): Extension<RequestId>,
    car: VehicleAccess,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, V2Error> {
    let units = unit_system(&headers)?;
    let wanted = wanted(&body)?;
    car.begin_batch(&api)?;
    // Each read is one request (contract rest-v2, 6).
    car.admit_others(&api, u32::try_from(wanted.len()).unwrap_or(u32::MAX))?;
    let admitted: Vec<_> = wanted.iter().map(|want| gate(want, &car, &api)).collect();
    // What goes to the connector goes in one call, however many reads need it.
    let mut signals: Vec<Signal> = Vec::new();
    for admitted in &admitted {
        if let Ok(Admitted::Signals(endpoint, _)) = admitted {
            signals.extend(endpoint.signals);
        }
    }
    signals.sort_unstable();
    signals.dedup();
    let readings = match signals.as_slice() {
        [] => Ok(Readings::new()),
        signals => car.read(&api.reader, signals).await,
    };
    let now = api.clock.now();
    let responses = wanted.into_iter().zip(admitted).map(|(want, admitted)| {
        let asked = Asked {
            car: &car.0,
            units,
            query: &want.query,
            now,
            links: &api.links,
        };
        let served = admitted.and_then(|admitted| match admitted {
            Admitted::Fixed(served) => Ok(served),
            Admitted::Signals(endpoint, stale) => show(endpoint, readings.as_ref(), &asked)
                .map(|served| served.aged(stale))
                .map_err(|fault| V2Error::fault(fault, &car, &api)),
        });
        respond(want.path, served, &api.public_url, request)
    });
    Ok(json_of(&BatchResponses {
        responses: responses.collect(),
    }))
}

/// One read that may go on.
enum Admitted {
    /// It was served on the way.
    Fixed(Served),
    /// It waits for the connector.
    Signals(&'static Endpoint, Staleness),
}

/// What a single read checks before it asks the connector, in the same order.
fn gate(want: &Wanted, car: &VehicleAccess, api: &VehicleApi) -> Result<Admitted, V2Error> {
    match want.get {
        Get::Fixed(endpoint) => {
            let served = endpoint.show(car, &want.query)?;
            let stale = car.enter_part(api, want.path)?;
            Ok(Admitted::Fixed(served.aged(stale)))
        }
        Get::Signals(endpoint) => {
            car.allows(endpoint.permission)?;
            let stale = car.enter_part(api, want.path)?;
            let admitted = endpoint.admits(&car.0);
            admitted.map_err(|fault| V2Error::fault(fault, car, api))?;
            Ok(Admitted::Signals(endpoint, stale))
        }
        Get::Unserved(endpoint) => {
            Err(endpoint.refuse(car, api, || car.enter_part(api, want.path)))
        }
    }
}

fn show(
    endpoint: &Endpoint,
    readings: Result<&Readings, &Fault>,
    asked: &Asked<'_>,
) -> Result<Served, Fault> {
    let readings = readings.map_err(|fault| *fault)?;
    endpoint.show(readings, asked)
}

fn respond(
    path: &'static str,
    served: Result<Served, V2Error>,
    public_url: &str,
    request: RequestId,
) -> BatchResponse {
    match served {
        Ok(served) => BatchResponse {
            path,
            code: 200,
            body: served.body,
            headers: BatchHeaders {
                data_age: served.times.map(|(measured, _)| Date(measured)),
                fetched_at: served.times.map(|(_, received)| Date(received)),
                unit_system: served.units.map(carport_model::unit::UnitSystem::as_str),
                ..BatchHeaders::default()
            },
        },
        Err(error) => {
            let failure = error.into_failure();
            BatchResponse {
                path,
                code: failure.status().as_u16(),
                headers: BatchHeaders {
                    retry_after: failure.retry_after(),
                    retry_after_too: failure.retry_after(),
                    ..BatchHeaders::default()
                },
                body: raw(&failure.into_body(public_url, request)),
            }
        }
    }
}

/// The reads that a body asks for.
fn wanted(body: &[u8]) -> Result<Vec<Wanted>, V2Error> {
    let wrong = |message: String| V2Error::validation_in(vec!["requests"], message);
    let batch: Batch = serde_json::from_slice(body).map_err(|_| {
        wrong("Send a list of objects with a path, such as {\"path\": \"/odometer\"}.".to_owned())
    })?;
    if batch.requests.is_empty() || batch.requests.len() > MOST {
        return Err(wrong(format!("Ask for 1 to {MOST} paths.")));
    }
    let wanted = batch.requests.into_iter().map(|request| {
        let (BatchRequest::Object { path: sent } | BatchRequest::Path(sent)) = request;
        let (path, query) = sent.split_once('?').unwrap_or((&sent, ""));
        let (path, get) = find(&normalised(path))
            .ok_or_else(|| wrong(format!("{sent:?} is no path that can be read in a batch.")))?;
        let query = Pairs::parse(query).map_err(|error| wrong(error.to_string()))?;
        Ok(Wanted { path, query, get })
    });
    wanted.collect()
}

/// The path with exactly one slash in front, single ones within and none at the end.
fn normalised(path: &str) -> Cow<'_, str> {
    let path = path.trim();
    let is_normal = path.starts_with('/') && !path.ends_with('/') && !path.contains("//");
    if is_normal {
        return path.into();
    }
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let segments: Vec<&str> = segments.collect();
    format!("/{}", segments.join("/")).into()
}

/// The row of a path, and how an answer spells that.
fn find(path: &str) -> Option<(&'static str, Get)> {
    let shown = ENDPOINTS.iter().find(|row| row.path == path);
    let fixed = || {
        let mut rows = FIXED.iter();
        rows.find(|row| row.path == path.trim_end_matches('/'))
    };
    let unserved = || UNSERVED.iter().find(|row| row.path == path);
    (shown.map(|row| (row.path, Get::Signals(row))))
        .or_else(|| fixed().map(|row| (row.path, Get::Fixed(row))))
        .or_else(|| unserved().map(|row| (row.path, Get::Unserved(row))))
        // The vehicle itself.
        .map(|(path, get)| (if path.is_empty() { "/" } else { path }, get))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_form() {
        for (sent, path) in [
            ("", "/"),
            ("/", "/"),
            ("odometer", "/odometer"),
            ("/tires/pressure/", "/tires/pressure"),
            ("//tires//pressure", "/tires/pressure"),
        ] {
            assert_eq!(normalised(sent), path);
            assert!(find(path).is_some(), "{path}");
        }
        assert!(find("/LOCATIONNNNNNNN").is_none());
        assert!(find("/batch").is_none());
    }
}
