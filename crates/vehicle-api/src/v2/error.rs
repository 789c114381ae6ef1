//! The door mat: the only place where a failure becomes an error body of this API.
//! Source: contract rest-v2, 5.

use axum::response::{IntoResponse, Response};
use carport_connector::Fault;
use carport_model::{ErrorSpec, RequestId, error};
use carport_store::StoreError;
use carport_web::Refusal;
use carport_web::envelope::Failure;
pub use carport_web::envelope::{Detail, ErrorBody, ResolutionBody, doc_path, kebab, status};

use crate::VehicleApi;
use crate::access::VehicleAccess;

/// A failure of this API.
#[derive(Debug, Clone)]
pub struct V2Error(Failure);

impl V2Error {
    /// A field is not as it must be.
    #[must_use]
    pub fn validation(field: &'static str, message: impl Into<String>) -> Self {
        Self(Failure::validation(field, message))
    }

    /// A connector's fault about `car`.
    #[must_use]
    pub fn fault(fault: Fault, car: &VehicleAccess, api: &VehicleApi) -> Self {
        // The application adds redirect_uri and state to this address (contract connect-oauth, A.7).
        let resolution_url = (*fault.error == error::AUTHENTICATION_FAILED).then(|| {
            format!(
                "{}/oauth/reauthenticate?response_type=vehicle_id&client_id={}&vehicle_id={}",
                api.public_url, car.0.vehicle.application, car.0.vehicle.id
            )
        });
        Self(
            Failure::from(fault.error)
                .resolved_at(resolution_url)
                .retried_after(fault.retry_after),
        )
    }
}

impl From<&'static ErrorSpec> for V2Error {
    fn from(spec: &'static ErrorSpec) -> Self {
        Self(spec.into())
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
