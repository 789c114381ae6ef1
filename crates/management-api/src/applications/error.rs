//! The door mat of version 3: errors as a list. Source: contract rest-v3, 5.1 and 5.3.

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use carport_model::{ErrorSpec, RequestId, error};
use carport_oauth::applications::{ApplicationError, SettingError};
use carport_store::StoreError;
use carport_web::Learned;
use carport_web::envelope::{doc_path, json_of, status};
use serde::Serialize;
use utoipa::ToSchema;

use super::ApplicationsApi;

/// A failure of this API.
#[derive(Debug, Clone)]
pub struct Refused {
    spec: &'static ErrorSpec,
    status: StatusCode,
    detail: String,
}

/// Body of a failed answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Errors {
    /// What went wrong.
    pub errors: Vec<ErrorItem>,
}

/// Something that went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorItem {
    /// Same as the HTTP status.
    pub status: String,
    /// Group of the error; branch on this and on `code`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Which error of the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The same for every error of this status.
    pub title: &'static str,
    /// What is wrong and what to do; may change.
    pub detail: String,
    /// Where to read on.
    pub links: ErrorLinks,
    /// Which request it was.
    pub meta: ErrorMeta,
}

/// Where to read about an error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorLinks {
    /// Page about this error.
    pub about: String,
}

/// Which request failed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorMeta {
    /// Same as the header `sc-request-id`.
    pub request_id: String,
}

impl Refused {
    /// With the status of the error's type.
    fn of(spec: &'static ErrorSpec, detail: impl Into<String>) -> Self {
        Self {
            spec,
            status: status(spec.kind),
            detail: detail.into(),
        }
    }

    /// The token is missing or wrong.
    #[must_use]
    pub fn unauthorized() -> Self {
        let advice = "Send the management token of the application as the bearer.";
        Self::of(&error::AUTHENTICATION, advice)
    }

    /// Something in the request is not as it must be.
    #[must_use]
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::of(&error::VALIDATION, detail)
    }

    /// There is no such thing, or none that the caller may know.
    #[must_use]
    pub fn unknown(detail: impl Into<String>) -> Self {
        Self::of(&error::NOT_FOUND_PATH, detail)
    }

    fn answer(self, public_url: &str, request: RequestId) -> Response {
        let item = ErrorItem {
            status: self.status.as_u16().to_string(),
            kind: self.spec.kind.as_str(),
            code: self.spec.code,
            title: self.status.canonical_reason().unwrap_or("Error"),
            detail: self.detail,
            links: ErrorLinks {
                about: format!("{public_url}{}", doc_path(self.spec)),
            },
            meta: ErrorMeta {
                request_id: request.to_string(),
            },
        };
        let mut response = json_of(&Errors { errors: vec![item] });
        *response.status_mut() = self.status;
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl From<StoreError> for Refused {
    fn from(failure: StoreError) -> Self {
        tracing::error!(error = &failure as &dyn std::error::Error, "storage failed");
        let is_temporary = failure.is_temporary();
        let status = if is_temporary {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::INTERNAL_SERVER_ERROR
        };
        let detail = "Carport could not answer. Send the request again in a moment.";
        Self {
            status,
            ..Self::of(&error::INTERNAL, detail)
        }
    }
}

impl From<ApplicationError> for Refused {
    fn from(failure: ApplicationError) -> Self {
        match failure {
            ApplicationError::Store(failure) => failure.into(),
            ApplicationError::Unknown
            | ApplicationError::UnknownRedirectUri
            | ApplicationError::UnknownSecret => Self::unknown(failure.to_string()),
            ApplicationError::Sealed(failure) => {
                tracing::error!(
                    error = &failure as &dyn std::error::Error,
                    "unsealing failed"
                );
                Self::of(&error::INTERNAL, "Carport could not answer.")
            }
            ApplicationError::TooManyRedirectUris
            | ApplicationError::TooManySecrets
            | ApplicationError::TooManyMachineSecrets
            | ApplicationError::Public => Self {
                status: StatusCode::CONFLICT,
                ..Self::invalid(failure.to_string())
            },
            ApplicationError::Name
            | ApplicationError::Unseen { .. }
            | ApplicationError::Description
            | ApplicationError::PrivacyUrl
            | ApplicationError::RedirectUri { .. } => Self::invalid(failure.to_string()),
        }
    }
}

impl From<SettingError> for Refused {
    fn from(failure: SettingError) -> Self {
        match failure {
            SettingError::Store(failure) => failure.into(),
            SettingError::Unknown => Self::unknown(failure.to_string()),
            SettingError::Refused { field, reason } => Self::invalid(format!("{field}: {reason}")),
        }
    }
}

impl IntoResponse for Refused {
    /// An answer without a body: [`render`] writes it, which knows the request.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the bodies of failed answers, around the routes.
pub(super) async fn render(
    State(api): State<ApplicationsApi>,
    request: Request,
    next: Next,
) -> Response {
    let id = request.extensions().get::<RequestId>().copied();
    let learned = request.extensions().get::<Learned>().cloned();
    let mut response = next.run(request).await;
    let Some(refused) = response.extensions_mut().remove::<Refused>() else {
        return response;
    };
    if let Some(learned) = learned {
        learned.note_error(refused.spec);
    }
    let id = id.unwrap_or(RequestId::from_bytes([0; 16]));
    refused.answer(&api.public_url, id)
}

/// No such path, or a method that the path does not take.
pub(super) async fn no_such_path() -> Refused {
    Refused::unknown("Nothing is served at this path with this method.")
}
