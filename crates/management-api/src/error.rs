//! The door mat: the only place where a failure becomes an error body of this API. It speaks the
//! envelope of the vehicle API. Source: contract rest-v2, 5.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_model::{ErrorSpec, error};
use carport_simulator::control::ControlError;
use carport_store::StoreError;
use carport_web::envelope::{Detail, Failure, Field};

/// A failure of this API.
#[derive(Debug, Clone)]
pub struct ManagementError(Failure);

impl ManagementError {
    /// A parameter is not as it must be.
    #[must_use]
    pub fn validation(field: &'static str, message: impl Into<String>) -> Self {
        Self(Failure::validation(field, message))
    }

    /// The caller may not do this; `field` names what stands in the way.
    #[must_use]
    pub fn forbidden(field: &'static str, message: impl Into<String>) -> Self {
        Self(Failure::validation(field, message).answered(StatusCode::FORBIDDEN))
    }

    /// There is no such thing, or none that the caller may know; `field` names what it was looked
    /// for by.
    #[must_use]
    pub fn unknown(field: &'static str, message: impl Into<String>) -> Self {
        let detail = Detail::Field {
            field: Field::Name(field),
            message: message.into(),
        };
        Self(Failure::from(&error::NOT_FOUND_PATH).detailed(Some(detail)))
    }

    /// It cannot be done as things are; `field` names what stands in the way.
    #[must_use]
    pub fn conflict(field: &'static str, message: impl Into<String>) -> Self {
        Self(Failure::validation(field, message).answered(StatusCode::CONFLICT))
    }
}

impl From<&'static ErrorSpec> for ManagementError {
    fn from(spec: &'static ErrorSpec) -> Self {
        Self(spec.into())
    }
}

impl From<Failure> for ManagementError {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<StoreError> for ManagementError {
    fn from(failure: StoreError) -> Self {
        tracing::error!(error = &failure as &dyn std::error::Error, "storage failed");
        Self(Failure::storage(failure.is_temporary()))
    }
}

impl From<ControlError> for ManagementError {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::Unknown { field, advice } => Self::unknown(field, advice),
            ControlError::Refused { field, advice } => Self::validation(field, advice),
            ControlError::Conflict { field, advice } => Self::conflict(field, advice),
            ControlError::Store(failure) => failure.into(),
        }
    }
}

impl IntoResponse for ManagementError {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

/// No such path, or a method that the path does not take.
pub(crate) async fn no_such_path() -> ManagementError {
    (&error::NOT_FOUND_PATH).into()
}
