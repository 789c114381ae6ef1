//! A failure on its way to becoming an error body.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use carport_model::error::Resolution;
use carport_model::{ErrorSpec, ErrorType, RequestId, error};

use super::body::{Detail, ErrorBody, Field, ResolutionBody};
use super::json_of;
use crate::Refusal;

/// A row of the error catalogue, with what this request adds to it.
#[derive(Debug, Clone)]
pub struct Failure {
    spec: &'static ErrorSpec,
    detail: Option<Detail>,
    resolution_url: Option<String>,
    retry_after: Option<Duration>,
    /// Most often that of the error's type.
    status: StatusCode,
}

impl Failure {
    /// A field is not as it must be.
    #[must_use]
    pub fn validation(field: &'static str, message: impl Into<String>) -> Self {
        let detail = Detail::Field {
            field: Field::Name(field),
            message: message.into(),
        };
        Self::from(&error::VALIDATION).detailed(Some(detail))
    }

    /// Adds more about it, if there is more to say.
    #[must_use]
    pub fn detailed(self, detail: Option<Detail>) -> Self {
        Self { detail, ..self }
    }

    /// A request that was turned away in front of the routes, or by storage that is busy.
    #[must_use]
    pub fn refused(refusal: Refusal) -> Self {
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

    /// Storage failed: try again when that may help, otherwise a fault of the server.
    #[must_use]
    pub fn storage(is_temporary: bool) -> Self {
        if is_temporary {
            Self::refused(Refusal::Busy)
        } else {
            Self::from(&error::INTERNAL)
        }
    }

    /// Answers with another status than the one of the error's type: where a door has no row for
    /// what happened.
    #[must_use]
    pub fn answered(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Adds where the error can be resolved, if there is such a place.
    #[must_use]
    pub fn resolved_at(self, resolution_url: Option<String>) -> Self {
        Self {
            resolution_url,
            ..self
        }
    }

    /// Adds when to ask again, if that is known.
    #[must_use]
    pub fn retried_after(self, retry_after: Option<Duration>) -> Self {
        Self {
            retry_after,
            ..self
        }
    }

    /// What went wrong.
    #[must_use]
    pub fn spec(&self) -> &'static ErrorSpec {
        self.spec
    }

    /// The whole answer. `public_url` has no trailing slash.
    #[must_use]
    pub fn answer(self, public_url: &str, request: RequestId) -> Response {
        let (status, retry_after) = (self.status, self.retry_after());
        let mut response = json_of(&self.into_body(public_url, request));
        *response.status_mut() = status;
        if let Some(seconds) = retry_after {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Whole seconds after which to come back, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        // Up, never down: who comes back then must not come too early.
        let whole = |after: Duration| after.as_secs() + u64::from(after.subsec_nanos() > 0);
        self.retry_after.map(|after| whole(after).max(1))
    }

    /// The body. `public_url` has no trailing slash.
    #[must_use]
    pub fn into_body(self, public_url: &str, request: RequestId) -> ErrorBody {
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

/// HTTP status of an error type. Source: contract rest-v2, 5.3.
#[must_use]
pub fn status(kind: ErrorType) -> StatusCode {
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
#[must_use]
pub fn doc_path(spec: &ErrorSpec) -> String {
    let page = kebab(spec.kind.as_str());
    match spec.code {
        Some(code) => format!("/docs/errors/{page}#{}", kebab(code)),
        None => format!("/docs/errors/{page}"),
    }
}

/// `VEHICLE_STATE` as `vehicle-state`.
#[must_use]
pub fn kebab(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

impl From<&'static ErrorSpec> for Failure {
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

/// The body needs the request id and the public address, which [`super::Render`] knows: until
/// then the failure travels in the response's extensions.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_that_may_answer_soon_says_when() {
        let id = RequestId::from_bytes([7; 16]);
        let busy = Failure::storage(true).answer("http://carport.test", id);
        assert_eq!(busy.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(busy.headers()[RETRY_AFTER], "1");
        let broken = Failure::storage(false).answer("http://carport.test", id);
        assert_eq!(broken.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!broken.headers().contains_key(RETRY_AFTER));
    }
}
