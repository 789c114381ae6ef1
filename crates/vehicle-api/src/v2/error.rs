//! The door mat: the only place where a failure becomes an error body of this API.
//! Source: contract rest-v2, 5.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use carport_connector::Fault;
use carport_model::error::Resolution;
use carport_model::{ErrorSpec, ErrorType, RequestId, error};
use carport_store::StoreError;
use carport_web::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

use super::endpoint;
use crate::VehicleApi;
use crate::access::VehicleAccess;

/// When to ask a vehicle again whose maker does not say.
const UNTOLD_WAIT: Duration = Duration::from_mins(1);

/// A failure of this API.
#[derive(Debug, Clone)]
pub struct V2Error {
    spec: &'static ErrorSpec,
    detail: Option<Detail>,
    resolution_url: Option<String>,
    retry_after: Option<Duration>,
    /// Most often that of the error's type.
    status: StatusCode,
}

/// More about an error (contract rest-v2, 5.5).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Detail {
    /// What is wrong with which field.
    Field {
        /// Name of the field, parameter or header; in the answer to a batch a path of names.
        field: Field,
        /// What to send instead.
        message: String,
    },
    /// What is possible.
    Capacities {
        /// kWh.
        capacities: Vec<f64>,
    },
}

/// A field, as documented errors spell it (contract rest-v2, 5.5 and conflict 7).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Field {
    /// Its name.
    Name(&'static str),
    /// The names on the way to it.
    Path(Vec<&'static str>),
}

/// Error body. All but `detail` are always there; `code` may be null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// Group of the error; branch on this and on `code`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Which error of the group.
    pub code: Option<&'static str>,
    /// For people; may change.
    pub description: &'static str,
    /// Page about this error.
    #[serde(rename = "docURL")]
    pub doc_url: String,
    /// Same as the HTTP status.
    pub status_code: u16,
    /// Same as the header `sc-request-id`.
    pub request_id: String,
    /// What resolves the error.
    pub resolution: ResolutionBody,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detail: Vec<Detail>,
}

/// What resolves an error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResolutionBody {
    /// Kind of the resolution, or null.
    #[serde(rename = "type")]
    pub kind: Option<&'static str>,
    /// Where to go, when there is such a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl V2Error {
    /// A field is not as it must be.
    #[must_use]
    pub fn validation(field: &'static str, message: impl Into<String>) -> Self {
        Self::detailed(Field::Name(field), message.into())
    }

    /// As [`V2Error::validation`], for a field on a path of names.
    #[must_use]
    pub fn validation_in(path: Vec<&'static str>, message: impl Into<String>) -> Self {
        Self::detailed(Field::Path(path), message.into())
    }

    fn detailed(field: Field, message: String) -> Self {
        let detail = Detail::Field { field, message };
        Self {
            detail: Some(detail),
            ..Self::from(&error::VALIDATION)
        }
    }

    /// An error that passes by itself after `wait`.
    #[must_use]
    pub(crate) fn later(spec: &'static ErrorSpec, wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::from(spec)
        }
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
        Self {
            detail,
            resolution_url: resolution_url(fault.error, car, api),
            retry_after,
            ..Self::from(fault.error)
        }
    }

    /// A request that was turned away in front of the routes, or by storage that is busy.
    fn refused(refusal: Refusal) -> Self {
        let error = match refusal {
            Refusal::Busy => Self::from(&error::INTERNAL),
            Refusal::SlowBody | Refusal::BrokenBody => Self::validation("body", refusal.message()),
        };
        Self {
            status: refusal.status(),
            retry_after: refusal.retry_after().map(Duration::from_secs),
            ..error
        }
    }

    /// What went wrong.
    pub(crate) fn spec(&self) -> &'static ErrorSpec {
        self.spec
    }

    /// The whole answer.
    pub(crate) fn answer(self, public_url: &str, request: RequestId) -> Response {
        let (status, retry_after) = (self.status, self.retry_after());
        let mut response = endpoint::json_of(&self.into_body(public_url, request));
        *response.status_mut() = status;
        if let Some(seconds) = retry_after {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }

    /// HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Whole seconds after which to come back, where that is known.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        // Up, never down: who comes back then must not come too early.
        let whole = |after: Duration| after.as_secs() + u64::from(after.subsec_nanos() > 0);
        self.retry_after.map(|after| whole(after).max(1))
    }

    pub(crate) fn into_body(self, public_url: &str, request: RequestId) -> ErrorBody {
        ErrorBody {
            kind: self.spec.kind.as_str(),
            code: self.spec.code,
            description: self.spec.description,
            doc_url: format!("{public_url}{}", doc_path(self.spec)),
            status_code: self.status.as_u16(),
            request_id: request.to_string(),
            resolution: ResolutionBody {
                kind: self.spec.resolution.map(Resolution::as_str),
                url: self.resolution_url,
            },
            detail: self.detail.into_iter().collect(),
        }
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

/// HTTP status of an error type. Source: contract rest-v2, 5.3.
pub(crate) fn status(kind: ErrorType) -> StatusCode {
    match kind {
        ErrorType::Authentication => StatusCode::UNAUTHORIZED,
        ErrorType::Billing => StatusCode::from_u16(430).expect("430 is a status code"),
        ErrorType::Compatibility => StatusCode::NOT_IMPLEMENTED,
        ErrorType::ConnectedServicesAccount | ErrorType::Validation => StatusCode::BAD_REQUEST,
        ErrorType::Permission => StatusCode::FORBIDDEN,
        ErrorType::RateLimit => StatusCode::TOO_MANY_REQUESTS,
        ErrorType::ResourceNotFound => StatusCode::NOT_FOUND,
        ErrorType::Server => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorType::Upstream => StatusCode::BAD_GATEWAY,
        ErrorType::VehicleState => StatusCode::CONFLICT,
    }
}

/// Path of the page about an error, with its anchor.
pub(crate) fn doc_path(spec: &ErrorSpec) -> String {
    let page = kebab(spec.kind.as_str());
    match spec.code {
        Some(code) => format!("/docs/errors/{page}#{}", kebab(code)),
        None => format!("/docs/errors/{page}"),
    }
}

/// `VEHICLE_STATE` as `vehicle-state`.
pub(crate) fn kebab(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

impl From<&'static ErrorSpec> for V2Error {
    fn from(spec: &'static ErrorSpec) -> Self {
        Self {
            spec,
            detail: None,
            resolution_url: None,
            retry_after: None,
            status: status(spec.kind),
        }
    }
}

impl From<StoreError> for V2Error {
    fn from(failure: StoreError) -> Self {
        tracing::error!(error = &failure as &dyn std::error::Error, "storage failed");
        if failure.is_temporary() {
            Self::refused(Refusal::Busy)
        } else {
            Self::from(&error::INTERNAL)
        }
    }
}

/// The body needs the request id and the public address, which [`super::render`] knows: until then the
/// failure travels in the response's extensions.
impl IntoResponse for V2Error {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl VehicleApi {
    /// The answer to a request that was turned away in front of these endpoints.
    #[must_use]
    pub fn refused(&self, refusal: Refusal, request: RequestId) -> Response {
        V2Error::refused(refusal).answer(&self.public_url, request)
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
