//! Failures as API v1.0 told them: what is left of it are the handlers of v2.0 with the errors of
//! their day.
//! Source: contract rest-v2, 5.6.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use carport_model::{ErrorSpec, ErrorType, RequestId, error};
use serde::Serialize;

use super::{Failure, json_of};

/// Mark of a request that came by the address of v1.0.
#[derive(Debug, Clone, Copy)]
pub struct OldVersion;

/// Error body of v1.0.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OldBody {
    error: &'static str,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    status_code: u16,
    request_id: String,
}

/// A failure as v1.0 told it.
pub(super) fn answer(failure: &Failure, request: RequestId) -> Response {
    let spec = failure.spec();
    let (error, code, status) = translated(spec, failure.status());
    let mut response = json_of(&OldBody {
        error,
        message: spec.description,
        code,
        status_code: status.as_u16(),
        request_id: request.to_string(),
    });
    *response.status_mut() = status;
    if let Some(seconds) = failure.retry_after() {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

/// Name, code and status that an error had in v1.0.
fn translated(
    spec: &ErrorSpec,
    status: StatusCode,
) -> (&'static str, Option<&'static str>, StatusCode) {
    match spec.kind {
        ErrorType::Authentication => ("authentication_error", None, status),
        ErrorType::Permission => ("permission_error", None, status),
        ErrorType::Validation => ("validation_error", None, status),
        ErrorType::ResourceNotFound => ("resource_not_found_error", None, status),
        ErrorType::Compatibility if *spec == error::SMARTCAR_NOT_CAPABLE => {
            ("smartcar_not_capable_error", None, status)
        }
        ErrorType::Compatibility => ("vehicle_not_capable_error", None, status),
        ErrorType::ConnectedServicesAccount => {
            let code = if *spec == error::AUTHENTICATION_FAILED {
                "VOA_001"
            } else {
                "VOA_000"
            };
            let conflict = StatusCode::CONFLICT;
            ("vehicle_owner_action_required", Some(code), conflict)
        }
        ErrorType::VehicleState => {
            let code = match spec.code {
                Some("DOOR_OPEN") => "VS_001",
                Some("TRUNK_OPEN") => "VS_002",
                Some("HOOD_OPEN") => "VS_003",
                _ => "VS_000",
            };
            ("vehicle_state_error", Some(code), status)
        }
        ErrorType::RateLimit => ("rate_limiting_error", None, status),
        ErrorType::Upstream => ("gateway_timeout_error", None, StatusCode::GATEWAY_TIMEOUT),
        ErrorType::Server => ("server_error", None, status),
        ErrorType::Billing => ("monthly_limit_exceeded", None, status),
    }
}
