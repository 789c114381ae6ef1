//! The door mat: the only place where a failure becomes an error body of this API.
//! Source: contract rest-v2, 5.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use carport_connector::Fault;
use carport_model::{ErrorSpec, RequestId, error};
use carport_store::StoreError;
use carport_web::Refusal;
use carport_web::envelope::Failure;
pub use carport_web::envelope::{
    Detail, ErrorBody, Field, ResolutionBody, doc_path, kebab, status,
};

use crate::VehicleApi;
use crate::access::VehicleAccess;

/// When to ask a vehicle again whose maker does not say.
const UNTOLD_WAIT: Duration = Duration::from_mins(1);

/// A failure of this API.
#[derive(Debug, Clone)]
pub struct V2Error(Failure);

impl V2Error {
    /// A field is not as it must be.
    #[must_use]
    pub fn validation(field: &'static str, message: impl Into<String>) -> Self {
        Self(Failure::validation(field, message))
    }

    /// As [`V2Error::validation`], for a field on a path of names.
    #[must_use]
    pub fn validation_in(path: Vec<&'static str>, message: impl Into<String>) -> Self {
        let detail = Detail::Field {
            field: Field::Path(path),
            message: message.into(),
        };
        Self(Failure::from(&error::VALIDATION).detailed(Some(detail)))
    }

    /// The failure itself, for an answer within an answer.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        self.0
    }

    /// An error that passes by itself after `wait`.
    #[must_use]
    pub(crate) fn later(spec: &'static ErrorSpec, wait: Duration) -> Self {
        Self(Failure::from(spec).retried_after(Some(wait)))
    }

    /// A connector's fault about `car`.
    #[must_use]
    pub fn fault(fault: Fault, car: &VehicleAccess, api: &VehicleApi) -> Self {
        // The one fault that says when to come back (contract rest-v2, 1.5), always.
        let retry_after = (*fault.error == error::RATE_LIMIT_VEHICLE)
            .then(|| fault.retry_after.unwrap_or(UNTOLD_WAIT));
        let detail = (*fault.error == error::MULTIPLE_RECORDS_FOUND).then(|| {
            let choices = car.0.vehicle.car.capacities.iter();
            Detail::Capacities {
                capacities: choices.map(|choice| choice.capacity).collect(),
            }
        });
        let refused = fault.refused.map(|(field, instead)| Detail::Field {
            field: Field::Name(field),
            message: instead.to_owned(),
        });
        Self(
            Failure::from(fault.error)
                .detailed(refused.or(detail))
                .resolved_at(resolution_url(fault.error, car, api))
                .retried_after(retry_after),
        )
    }
}

/// Where a fault is resolved, for the two that say so (contract rest-v2, 5.3).
fn resolution_url(spec: &ErrorSpec, car: &VehicleAccess, api: &VehicleApi) -> Option<String> {
    if *spec == error::AUTHENTICATION_FAILED {
        return Some(api.links.reauthenticate(&car.0.vehicle));
    }
    // Where a real car's key is added, its connector will say; a test car has none to add.
    (*spec == error::VIRTUAL_KEY_REQUIRED).then(|| format!("{}{}", api.public_url, doc_path(spec)))
}

impl From<&'static ErrorSpec> for V2Error {
    fn from(spec: &'static ErrorSpec) -> Self {
        Self(spec.into())
    }
}

impl From<Failure> for V2Error {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<StoreError> for V2Error {
    fn from(failure: StoreError) -> Self {
        tracing::error!(error = &failure as &dyn std::error::Error, "storage failed");
        Self(Failure::storage(failure.is_temporary()))
    }
}

impl IntoResponse for V2Error {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl VehicleApi {
    /// The answer to a request that was turned away in front of these endpoints.
    #[must_use]
    pub fn refused(&self, refusal: Refusal, request: RequestId) -> Response {
        Failure::refused(refusal).answer(&self.public_url, request)
    }
}

/// No such path, or a method that the path does not take.
pub(crate) async fn no_such_path() -> V2Error {
    (&error::NOT_FOUND_PATH).into()
}

/// No such version.
pub(crate) async fn no_such_version() -> V2Error {
    (&error::NOT_FOUND_VERSION).into()
}
