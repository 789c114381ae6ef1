//! What an endpoint that shows signals is, and the one handler that serves them all.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use carport_connector::Fault;
use carport_model::reading::Readings;
use carport_model::unit::UnitSystem;
use carport_model::{Permission, Signal, SignalValue, Timestamp, error};
use carport_web::envelope::json;
pub(crate) use carport_web::envelope::json_of;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::openapi::{RefOr, Schema};

use super::error::V2Error;
use crate::VehicleApi;
use crate::access::VehicleAccess;

const DATA_AGE: HeaderName = HeaderName::from_static("sc-data-age");
const FETCHED_AT: HeaderName = HeaderName::from_static("sc-fetched-at");
const UNIT_SYSTEM: HeaderName = HeaderName::from_static("sc-unit-system");

/// An endpoint that shows signals of a vehicle.
pub struct Endpoint {
    /// Path below `/vehicles/{id}`.
    pub path: &'static str,
    /// Permission it needs; a car that cannot serve it answers `VEHICLE_NOT_CAPABLE`.
    pub permission: Permission,
    /// Signals it reads, in one go.
    pub signals: &'static [Signal],
    /// Makes the body. Pure: the same values always give the same body.
    pub view: fn(&Values<'_>) -> Result<Box<RawValue>, Fault>,
    /// Schema of the body, for the OpenAPI document.
    pub schema: fn() -> RefOr<Schema>,
    /// One sentence for the OpenAPI document.
    pub summary: &'static str,
}

impl Endpoint {
    /// Whether the reply names its unit system (contract rest-v2, 1.5).
    #[must_use]
    pub fn names_unit_system(&self) -> bool {
        self.signals
            .iter()
            .any(|signal| signal.spec().unit.depends_on_system())
    }
}

/// The values an endpoint shows, expressed in the units that the caller wants.
pub struct Values<'a> {
    readings: &'a Readings,
    units: UnitSystem,
}

impl<'a> Values<'a> {
    /// Values of `readings` in the units of `units`.
    #[must_use]
    pub const fn new(readings: &'a Readings, units: UnitSystem) -> Self {
        Self { readings, units }
    }

    /// A signal that the car must have.
    fn need(&self, signal: Signal) -> Result<&'a SignalValue, Fault> {
        let reading = self
            .readings
            .get(&signal)
            .ok_or(&error::VEHICLE_NOT_CAPABLE)?;
        Ok(&reading.value)
    }

    /// A number in the caller's unit.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn number(&self, signal: Signal) -> Result<f64, Fault> {
        match self.need(signal)? {
            SignalValue::Number(value) => Ok(signal.spec().unit.express(*value, self.units)),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// A number in the caller's unit; `None`, null on the wire, when the car does not report it.
    ///
    /// # Errors
    /// `INVALID_DATA` when it reports something else.
    pub fn number_or_null(&self, signal: Signal) -> Result<Option<f64>, Fault> {
        if self.readings.contains_key(&signal) {
            self.number(signal).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Yes or no.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn flag(&self, signal: Signal) -> Result<bool, Fault> {
        match self.need(signal)? {
            SignalValue::Flag(value) => Ok(*value),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// A word.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn text(&self, signal: Signal) -> Result<&'a str, Fault> {
        match self.need(signal)? {
            SignalValue::Text(value) => Ok(value),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// Latitude and longitude.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn position(&self, signal: Signal) -> Result<(f64, f64), Fault> {
        match self.need(signal)? {
            SignalValue::Position {
                latitude,
                longitude,
            } => Ok((*latitude, *longitude)),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// The four tyres: front left, front right, back left, back right, in the caller's unit.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn tyres(&self, signal: Signal) -> Result<[f64; 4], Fault> {
        match self.need(signal)? {
            SignalValue::Tyres {
                front_left,
                front_right,
                back_left,
                back_right,
            } => Ok([*front_left, *front_right, *back_left, *back_right]
                .map(|value| signal.spec().unit.express(value, self.units))),
            _ => Err((&error::INVALID_DATA).into()),
        }
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

/// Route of an endpoint.
pub fn read(endpoint: &'static Endpoint) -> MethodRouter<VehicleApi> {
    get(
        move |State(api): State<VehicleApi>, car: VehicleAccess, headers: HeaderMap| async move {
            answer(&api, &car, endpoint, &headers).await
        },
    )
}

/// Serves one endpoint of one vehicle, in the check order of contract rest-v2, 3.3.
async fn answer(
    api: &VehicleApi,
    car: &VehicleAccess,
    endpoint: &Endpoint,
    headers: &HeaderMap,
) -> Result<Response, V2Error> {
    car.allows(endpoint.permission)?;
    let units = unit_system(headers)?;
    let fault = |fault| V2Error::fault(fault, car, api);
    if !car.0.vehicle.car.capabilities.contains(endpoint.permission) {
        return Err(fault((&error::VEHICLE_NOT_CAPABLE).into()));
    }
    let readings = api
        .reader
        .read(&car.0, endpoint.signals)
        .await
        .map_err(fault)?;
    let body = (endpoint.view)(&Values::new(&readings, units)).map_err(fault)?;
    let mut response = json(Box::<str>::from(body).into());
    let headers = response.headers_mut();
    // The oldest value tells the age of the whole.
    let measured = readings.values().map(|reading| reading.measured_at).min();
    let received = readings.values().map(|reading| reading.received_at).max();
    if let (Some(measured), Some(received)) = (measured, received) {
        headers.insert(DATA_AGE, date(measured));
        headers.insert(FETCHED_AT, date(received));
    }
    if endpoint.names_unit_system() {
        headers.insert(UNIT_SYSTEM, HeaderValue::from_static(units.as_str()));
    }
    Ok(response)
}

/// The unit system a caller asks for; metric when it does not say.
fn unit_system(headers: &HeaderMap) -> Result<UnitSystem, V2Error> {
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
