//! What an endpoint that reads a vehicle is, and the handlers that serve them all.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use carport_connector::Fault;
use carport_model::reading::Readings;
use carport_model::unit::UnitSystem;
use carport_model::{Permission, Signal, Timestamp, error};
use carport_store::Connected;
pub(crate) use carport_web::envelope::{json, json_of};
use carport_web::query::Pairs;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::error::V2Error;
pub use super::parameter::Parameter;
use super::unserved::Unserved;
use super::values::{Asked, Values};
use crate::VehicleApi;
use crate::access::{Staleness, VehicleAccess};
use crate::openapi::Shape;

pub(super) const DATA_AGE: HeaderName = HeaderName::from_static("sc-data-age");
pub(super) const FETCHED_AT: HeaderName = HeaderName::from_static("sc-fetched-at");
pub(super) const UNIT_SYSTEM: HeaderName = HeaderName::from_static("sc-unit-system");

/// Makes a body. Pure: the same values always give the same body.
pub type View = fn(&Values<'_>) -> Result<Box<RawValue>, Fault>;

/// An endpoint that shows signals of a vehicle.
pub struct Endpoint {
    /// Path below `/vehicles/{id}`.
    pub path: &'static str,
    /// Brand whose cars alone have it (contract rest-v2, 2.25); `None` for all.
    pub make: Option<&'static str>,
    /// Permission it needs, if any; a car that cannot serve it answers `VEHICLE_NOT_CAPABLE`.
    pub permission: Option<Permission>,
    /// What its query may say, for the OpenAPI document.
    pub query: &'static [Parameter],
    /// Signals it reads, in one go.
    pub signals: &'static [Signal],
    /// Makes the body.
    pub view: View,
    /// Schema of the body, for the OpenAPI document.
    pub schema: Shape,
    /// One sentence for the OpenAPI document.
    pub summary: &'static str,
}

/// An endpoint that shows what Carport knows of a vehicle by itself: no connector is asked, and a
/// car that fails has it all the same.
pub struct Fixed {
    /// Path below `/vehicles/{id}`; empty for the vehicle itself.
    pub path: &'static str,
    /// Permission it needs, if any.
    pub permission: Option<Permission>,
    /// What its query may say, for the OpenAPI document.
    pub query: &'static [Parameter],
    /// Makes the body.
    pub view: fn(&Connected, &Pairs) -> Result<Box<RawValue>, V2Error>,
    /// Schema of the body, for the OpenAPI document.
    pub schema: Shape,
    /// One sentence for the OpenAPI document.
    pub summary: &'static str,
}

/// Anything that a vehicle can be asked for, alone or in a batch.
#[derive(Clone, Copy)]
pub enum Get {
    /// Signals.
    Signals(&'static Endpoint),
    /// What Carport knows by itself.
    Fixed(&'static Fixed),
    /// What Carport cannot tell yet.
    Unserved(&'static Unserved),
}

/// An answer before it has a form.
pub(super) struct Served {
    pub(super) body: Box<RawValue>,
    /// When the vehicle recorded it and when it was fetched.
    pub(super) times: Option<(Timestamp, Timestamp)>,
    /// Named where the body has units.
    pub(super) units: Option<UnitSystem>,
}

impl Endpoint {
    /// Whether the reply names its unit system (contract rest-v2, 1.5).
    #[must_use]
    pub fn names_unit_system(&self) -> bool {
        self.signals
            .iter()
            .any(|signal| signal.spec().unit.depends_on_system())
    }

    /// Whether this car has it.
    pub(super) fn admits(&self, car: &Connected) -> Result<(), Fault> {
        capable(car, self.make, self.permission)
    }

    /// Shows what was read, which may be more than this endpoint needs.
    pub(super) fn show(&self, readings: &Readings, asked: &Asked<'_>) -> Result<Served, Fault> {
        let body = (self.view)(&Values::new(readings, asked))?;
        let read = || {
            let of = |signal| readings.get(signal);
            self.signals.iter().filter_map(of)
        };
        // The oldest value tells the age of the whole.
        let measured = read().map(|reading| reading.measured_at).min();
        let received = read().map(|reading| reading.received_at).max();
        Ok(Served {
            body,
            times: measured.zip(received),
            units: self.names_unit_system().then_some(asked.units),
        })
    }
}

/// Whether a car is of this make, if one is asked for, and can serve this permission, if any.
pub(super) fn capable(
    car: &Connected,
    make: Option<&str>,
    permission: Option<Permission>,
) -> Result<(), Fault> {
    let vehicle = &car.vehicle.car;
    let is_make = make.is_none_or(|make| make == vehicle.make.as_str());
    let has_it = |permission| vehicle.capabilities.contains(permission);
    if is_make && permission.is_none_or(has_it) {
        Ok(())
    } else {
        Err((&error::VEHICLE_NOT_CAPABLE).into())
    }
}

impl Fixed {
    /// Shows it, with the permission it needs.
    pub(super) fn show(&self, car: &VehicleAccess, query: &Pairs) -> Result<Served, V2Error> {
        car.allows(self.permission)?;
        Ok(Served {
            body: (self.view)(&car.0, query)?,
            times: None,
            units: None,
        })
    }
}

impl Served {
    /// As if it had been recorded so much earlier.
    pub(super) fn aged(mut self, Staleness(by): Staleness) -> Self {
        if let Some((measured, _)) = &mut self.times {
            *measured = measured.minus(by);
        }
        self
    }

    fn into_response(self) -> Response {
        let mut response = json(Box::<str>::from(self.body).into_string());
        let headers = response.headers_mut();
        if let Some((measured, received)) = self.times {
            headers.insert(DATA_AGE, date(measured));
            headers.insert(FETCHED_AT, date(received));
        }
        if let Some(units) = self.units {
            headers.insert(UNIT_SYSTEM, HeaderValue::from_static(units.as_str()));
        }
        response
    }
}

/// A body from its own type. `f64` is written with a fraction always, `275.0`, because Python and
/// Ruby read `275` as another type (docs/quirks.md#decimals-with-a-fraction).
///
/// # Errors
/// `INVALID_DATA` when a number is not finite, which JSON cannot say.
pub fn body(view: &impl Serialize) -> Result<Box<RawValue>, Fault> {
    to_raw_value(view).map_err(|_| Fault::from(&error::INVALID_DATA))
}

/// Route of an endpoint that shows signals.
pub fn read(endpoint: &'static Endpoint) -> MethodRouter<VehicleApi> {
    get(
        move |State(api): State<VehicleApi>, car: VehicleAccess, uri: Uri, headers: HeaderMap| async move {
            answer(&api, &car, endpoint, &uri, &headers).await
        },
    )
}

/// Route of an endpoint that asks no connector.
pub fn fixed(endpoint: &'static Fixed) -> MethodRouter<VehicleApi> {
    get(
        move |State(api): State<VehicleApi>, car: VehicleAccess, uri: Uri| async move {
            let query = query_for(endpoint.query, &uri)?;
            let served = endpoint.show(&car, &query)?;
            let stale = car.enter(&api)?;
            Ok::<_, V2Error>(served.aged(stale).into_response())
        },
    )
}

/// Serves one endpoint of one vehicle, in the check order of contract rest-v2, 3.3.
async fn answer(
    api: &VehicleApi,
    car: &VehicleAccess,
    endpoint: &Endpoint,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, V2Error> {
    car.allows(endpoint.permission)?;
    let asked = Asked {
        car: &car.0,
        units: unit_system(headers)?,
        query: &query_for(endpoint.query, uri)?,
        now: api.clock.now(),
        links: &api.links,
    };
    let stale = car.enter(api)?;
    let fault = |fault| V2Error::fault(fault, car, api);
    endpoint.admits(&car.0).map_err(fault)?;
    let readings = car.read(&api.reader, endpoint.signals).await;
    let served = endpoint
        .show(&readings.map_err(fault)?, &asked)
        .map_err(fault)?;
    Ok(served.aged(stale).into_response())
}

/// The query of a request, where one is read: elsewhere whatever it says is ignored (contract
/// rest-v2, 1.4).
pub(super) fn query_for(known: &[Parameter], uri: &Uri) -> Result<Pairs, V2Error> {
    if known.is_empty() {
        return Ok(Pairs::default());
    }
    query_of(uri)
}

/// The query of a request.
pub(super) fn query_of(uri: &Uri) -> Result<Pairs, V2Error> {
    let query = uri.query().unwrap_or_default();
    Pairs::parse(query).map_err(|error| V2Error::validation("query", error.to_string()))
}

/// The unit system a caller asks for; metric when it does not say.
pub(super) fn unit_system(headers: &HeaderMap) -> Result<UnitSystem, V2Error> {
    let Some(sent) = headers.get(UNIT_SYSTEM) else {
        return Ok(UnitSystem::default());
    };
    let known = sent.to_str().ok().and_then(|text| text.parse().ok());
    known.ok_or_else(|| {
        V2Error::validation("sc-unit-system", "The unit system is metric or imperial.")
    })
}

fn date(instant: Timestamp) -> HeaderValue {
    HeaderValue::from_bytes(instant.written().as_bytes()).expect("a date is ASCII")
}

/// A body of an endpoint without signals.
pub(crate) fn raw(view: &impl Serialize) -> Box<RawValue> {
    to_raw_value(view).expect("views are plain data")
}
