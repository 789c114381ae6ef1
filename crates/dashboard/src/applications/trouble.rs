//! What could not be done, beside the field it is about or on a page of its own.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_oauth::applications::ApplicationError;
use carport_store::StoreError;
use carport_web::Problem;
use carport_web::words::t;

use crate::refused::no_storage;

/// What is wrong with a form: a sentence, and the field it stands at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Wrong(Option<(&'static str, String)>);

impl Wrong {
    /// This is wrong with that field.
    pub(crate) fn at(field: &'static str, sentence: impl Into<String>) -> Self {
        Self(Some((field, sentence.into())))
    }

    /// What is wrong with a field.
    pub(crate) fn of(&self, field: &str) -> Option<&str> {
        let (at, sentence) = self.0.as_ref()?;
        (*at == field).then_some(sentence)
    }

    /// Whether anything is.
    pub(crate) fn is_any(&self) -> bool {
        self.0.is_some()
    }

    /// The status of the page that says so.
    pub(crate) fn status(&self) -> StatusCode {
        if self.is_any() {
            StatusCode::BAD_REQUEST
        } else {
            StatusCode::OK
        }
    }

    /// The title of the page that says so.
    pub(crate) fn title(&self, title: impl Into<String>) -> String {
        let title = title.into();
        if self.is_any() {
            t("Error: {title}").with("title", title).plain()
        } else {
            title
        }
    }
}

/// The field that an error is about, with the sentence to stand there.
///
/// # Errors
/// The page of an error that is about no field.
pub(crate) fn at_field(error: &ApplicationError) -> Result<Wrong, Box<Response>> {
    let field = match error {
        ApplicationError::Name => "name",
        ApplicationError::Unseen { field } => field,
        ApplicationError::Description => "description",
        ApplicationError::PrivacyUrl => "privacy_url",
        ApplicationError::RedirectUri { reason, .. } => {
            return Ok(Wrong::at("uri", reason.to_string()));
        }
        ApplicationError::TooManyRedirectUris => "uri",
        ApplicationError::Public | ApplicationError::TooManySecrets => "secret",
        ApplicationError::TooManyMachineSecrets => "machine",
        ApplicationError::UnknownRedirectUri
        | ApplicationError::UnknownSecret
        | ApplicationError::Unknown
        | ApplicationError::Sealed(_)
        | ApplicationError::Store(_) => return Err(Box::new(failed(error))),
    };
    Ok(Wrong::at(field, error.to_string()))
}

/// The page of an error behind which there is no form to show it in.
pub(crate) fn failed(error: &ApplicationError) -> Response {
    match error {
        ApplicationError::Unknown => unknown().into_response(),
        ApplicationError::UnknownSecret | ApplicationError::UnknownRedirectUri => {
            let lead = t("It may have been removed meanwhile. Nothing was changed.");
            Problem::new(StatusCode::NOT_FOUND, t("This is not there any more"), lead)
                .advice(t("Go back and load the page again."))
                .into_response()
        }
        ApplicationError::Store(error) => store_failed(error),
        ApplicationError::Sealed(error) => {
            tracing::error!(error = error as &dyn std::error::Error, "unsealing failed");
            let title = t("The management token cannot be read");
            let lead = t("It was sealed under another key than carport.key in the data folder.");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, title, lead)
                .advice(t(
                    "Put the key back that belongs to this database, or make a new token.",
                ))
                .into_response()
        }
        refused => Problem::new(
            StatusCode::BAD_REQUEST,
            t("This was not done"),
            refused.to_string(),
        )
        .advice(t("Nothing was changed. Go back and try it another way."))
        .into_response(),
    }
}

/// The page of a storage that does not answer.
pub(crate) fn store_failed(error: &StoreError) -> Response {
    no_storage(error, t("The applications")).into_response()
}

/// The page of an application that is not there, or that this visitor is not shown.
pub(crate) fn unknown() -> Problem {
    let title = t("There is no such application");
    Problem::new(StatusCode::NOT_FOUND, title, t("It may have been deleted."))
        .advice(t("Choose one from the list of applications."))
}
