//! The door mat: how failures look on the wire. Source: contract connect-oauth, B.6.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use carport_model::fault::OAuthFailure;
use carport_store::StoreError;
use carport_web::Refusal;
use serde::Serialize;

use crate::GrantError;
use crate::client::ClientError;

/// An OAuth error: `error` and `error_description`, which Python needs both of.
#[derive(Debug)]
pub(super) struct OAuthError {
    status: StatusCode,
    error: &'static str,
    description: String,
    /// Basic credentials were wrong: the answer names the scheme.
    challenge: bool,
    /// When to ask again.
    retry_after: Option<Duration>,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    error_description: &'a str,
}

impl OAuthError {
    pub(super) fn invalid_request(description: impl Into<String>) -> Self {
        Self::bad_request("invalid_request", description)
    }

    /// A field that is not as it must be; its name may be the client's own.
    pub(super) fn field(name: &str, problem: &str) -> Self {
        Self::invalid_request(format!("Field {} {problem}.", echo(name)))
    }

    pub(super) fn missing(field: &str) -> Self {
        Self::invalid_request(format!("Field {field} is missing."))
    }

    pub(super) fn unsupported_grant(sent: &str) -> Self {
        Self::bad_request(
            "unsupported_grant_type",
            format!(
                "grant_type {} is not offered; use authorization_code or refresh_token.",
                echo(sent)
            ),
        )
    }

    fn bad_request(error: &'static str, description: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            description: description.into(),
            challenge: false,
            retry_after: None,
        }
    }

    /// A failure that somebody asked for.
    pub(super) fn on_demand(
        failure: OAuthFailure,
        retry_after: Option<Duration>,
        used_basic: bool,
    ) -> Self {
        let status = StatusCode::from_u16(failure.status);
        let description = "A fault on demand answers instead of Carport; see sc-carport-fault.";
        Self {
            status: status.expect("failures have status codes"),
            challenge: failure.status == 401 && used_basic,
            retry_after,
            ..Self::bad_request(failure.error, description)
        }
    }

    pub(super) fn too_large() -> Self {
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            ..Self::invalid_request("The body is larger than 64 KiB.")
        }
    }

    pub(super) fn refused(refusal: Refusal) -> Self {
        let error = match refusal {
            Refusal::Busy => "temporarily_unavailable",
            Refusal::SlowBody | Refusal::BrokenBody => "invalid_request",
        };
        Self {
            status: refusal.status(),
            retry_after: refusal.retry_after().map(Duration::from_secs),
            ..Self::bad_request(error, refusal.message())
        }
    }

    /// What the client sent is put back into the two fixed texts.
    pub(super) fn from_grant(error: GrantError, sent: &str) -> Self {
        match error {
            GrantError::Code => Self::invalid_request(format!("Invalid code: {}.", echo(sent))),
            GrantError::RefreshToken => {
                Self::invalid_request(format!("Invalid refresh_token: {}.", echo(sent)))
            }
            GrantError::RedirectUri => {
                Self::invalid_request("redirect_uri must be the one of the authorization request.")
            }
            GrantError::Verifier => Self::bad_request(
                "invalid_grant",
                "code_verifier does not answer the code_challenge of the authorization request.",
            ),
            GrantError::Store(error) => error.into(),
        }
    }

    pub(super) fn from_client(error: ClientError, used_basic: bool) -> Self {
        match error {
            ClientError::Unknown => Self {
                status: StatusCode::UNAUTHORIZED,
                error: "invalid_client",
                description: "Client id or client secret is wrong. Check both on the Dashboard."
                    .to_owned(),
                challenge: used_basic,
                retry_after: None,
            },
            ClientError::TooManyTries { wait } => Self {
                status: StatusCode::TOO_MANY_REQUESTS,
                error: "slow_down",
                description:
                    "This client sent too many wrong secrets. Check the secret, then wait \
                              as long as the Retry-After header says."
                        .to_owned(),
                challenge: false,
                retry_after: Some(wait),
            },
            ClientError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for OAuthError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "storage failed");
        if error.is_temporary() {
            Self::refused(Refusal::Busy)
        } else {
            Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                error: "server_error",
                description: "Carport failed to answer. Its operator finds the cause in the log."
                    .to_owned(),
                challenge: false,
                retry_after: None,
            }
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = Body {
            error: self.error,
            error_description: &self.description,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        if self.challenge {
            let basic = HeaderValue::from_static("Basic realm=\"carport\"");
            headers.insert(header::WWW_AUTHENTICATE, basic);
        }
        if let Some(after) = self.retry_after {
            headers.insert(header::RETRY_AFTER, after.as_secs().max(1).into());
        }
        response
    }
}

pub(super) async fn method_not_allowed() -> OAuthError {
    OAuthError {
        status: StatusCode::METHOD_NOT_ALLOWED,
        ..OAuthError::invalid_request(
            "This address does not take this method; see the Allow header.",
        )
    }
}

/// A sent value as it is put into a description: without control characters, 128 characters at most.
fn echo(sent: &str) -> String {
    sent.chars().filter(|c| !c.is_control()).take(128).collect()
}
