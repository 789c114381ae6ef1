//! What simulated cars say, and setting it by hand.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use carport_model::Signal;
use carport_web::envelope::{ErrorBody, json_of};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::cars::OwnCar;
use super::paging::in_path;
use super::view::{SignalView, SignalsView};
use super::{Sent, SimulatorApi};
use crate::error::ManagementError;

/// A value that is to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewValue {
    /// In the canonical unit, in the form in which the car says it.
    value: Value,
}

/// The signal in a path.
#[derive(Debug, Clone, Copy)]
pub struct SignalInPath(Signal);

impl FromRequestParts<SimulatorApi> for SignalInPath {
    type Rejection = ManagementError;

    async fn from_request_parts(
        parts: &mut Parts,
        api: &SimulatorApi,
    ) -> Result<Self, ManagementError> {
        let code = in_path(parts, api, "code").await?;
        signal(&code).map(Self)
    }
}

/// The signal with this code.
///
/// # Errors
/// 404 that names it.
pub fn signal(code: &str) -> Result<Signal, ManagementError> {
    Signal::find(code).ok_or_else(|| {
        let advice = "There is no such signal. The signals of the car name those there are, such as odometer-traveleddistance.";
        ManagementError::unknown("code", advice)
    })
}

/// Shows everything that a car says.
///
/// # Errors
/// 401 or 403 as [`Controller`](super::Controller) says; 404.
#[utoipa::path(
    get,
    path = "/simulations/{id}/signals",
    summary = "Shows every signal of a simulated car.",
    description = "As the car is, whether anybody is connected to it or not; also while it sleeps or cannot be reached.",
    params(("id" = String, Path, description = "Id of the car.")),
    responses(
        (status = 200, description = "The signals.", body = SignalsView),
        (status = 404, description = "There is no such car.", body = ErrorBody),
    ),
)]
pub async fn list_signals(
    State(api): State<SimulatorApi>,
    car: OwnCar,
) -> Result<Response, ManagementError> {
    let shown = api.cars.simulations.show(car.application, car.id).await?;
    Ok(json_of(&SignalsView::of(&shown)))
}

/// Shows one thing that a car says.
///
/// # Errors
/// As [`list_signals`]; 404 too for a signal that the car has not.
#[utoipa::path(
    get,
    path = "/simulations/{id}/signals/{code}",
    summary = "Shows one signal of a simulated car.",
    params(
        ("id" = String, Path, description = "Id of the car."),
        ("code" = String, Path, description = "Code of the signal, such as odometer-traveleddistance."),
    ),
    responses(
        (status = 200, description = "The signal.", body = SignalView),
        (status = 404, description = "There is no such car or signal, or the car has not the signal.", body = ErrorBody),
    ),
)]
pub async fn show_signal(
    State(api): State<SimulatorApi>,
    car: OwnCar,
    SignalInPath(signal): SignalInPath,
) -> Result<Response, ManagementError> {
    one(&api, car, signal).await
}

/// Sets a signal by hand.
///
/// # Errors
/// As [`show_signal`]; 400 for a value that the signal cannot have.
#[utoipa::path(
    put,
    path = "/simulations/{id}/signals/{code}",
    summary = "Sets a signal of a simulated car by hand. It stays so until it is taken back, or a command sets it.",
    params(
        ("id" = String, Path, description = "Id of the car."),
        ("code" = String, Path, description = "Code of the signal."),
    ),
    request_body = NewValue,
    responses(
        (status = 200, description = "The signal.", body = SignalView),
        (status = 400, description = "The signal cannot have this value, or the car has not the signal.", body = ErrorBody),
        (status = 404, description = "There is no such car or signal.", body = ErrorBody),
    ),
)]
pub async fn set_signal(
    State(api): State<SimulatorApi>,
    car: OwnCar,
    SignalInPath(signal): SignalInPath,
    Sent(new): Sent<NewValue>,
) -> Result<Response, ManagementError> {
    let cars = &api.cars.simulations;
    cars.set(car.application, car.id, (signal, &new.value))
        .await?;
    one(&api, car, signal).await
}

/// Takes back what was set.
///
/// # Errors
/// As [`show_signal`].
#[utoipa::path(
    delete,
    path = "/simulations/{id}/signals/{code}",
    summary = "Takes back what was set: the signal follows the trip again.",
    params(
        ("id" = String, Path, description = "Id of the car."),
        ("code" = String, Path, description = "Code of the signal."),
    ),
    responses(
        (status = 200, description = "The signal.", body = SignalView),
        (status = 404, description = "There is no such car or signal.", body = ErrorBody),
    ),
)]
pub async fn unset_signal(
    State(api): State<SimulatorApi>,
    car: OwnCar,
    SignalInPath(signal): SignalInPath,
) -> Result<Response, ManagementError> {
    let cars = &api.cars.simulations;
    cars.unset(car.application, car.id, vec![signal]).await?;
    one(&api, car, signal).await
}

async fn one(api: &SimulatorApi, car: OwnCar, signal: Signal) -> Result<Response, ManagementError> {
    let shown = api.cars.simulations.show(car.application, car.id).await?;
    let mut view = SignalsView::of(&shown);
    let one = view
        .signals
        .remove(signal.spec().code)
        .ok_or_else(|| ManagementError::unknown("code", format!("This car has no {signal}.")))?;
    Ok(json_of(&one))
}
