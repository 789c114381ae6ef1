//! What could not be done, on a page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_simulator::control::ControlError;
use carport_web::Problem;
use carport_web::words::{Text, t};

use crate::refused::no_storage;

/// What happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// What happened.
    pub what: Text,
    /// What to do.
    pub then: String,
    /// The status that tells it.
    pub status: StatusCode,
}

impl Trouble {
    /// Something was not done because of what was asked.
    pub(crate) fn of(error: &ControlError) -> Option<Self> {
        let (what, status) = match error {
            ControlError::Unknown { .. } => (t("This is not there."), StatusCode::NOT_FOUND),
            ControlError::Refused { .. } => (t("This was not done."), StatusCode::BAD_REQUEST),
            ControlError::Conflict { .. } => (t("This was not done."), StatusCode::CONFLICT),
            ControlError::Store(_) => return None,
        };
        Some(Self {
            what,
            then: error.to_string(),
            status,
        })
    }

    /// Something was not done, and this is what to do.
    pub(crate) fn refused(then: impl Into<String>) -> Self {
        Self {
            what: t("This was not done."),
            then: then.into(),
            status: StatusCode::BAD_REQUEST,
        }
    }
}

/// The page of an error behind which there is no page to show it on.
pub(crate) fn failed(error: &ControlError) -> Response {
    match error {
        ControlError::Store(error) => no_storage(error, t("The simulated cars")),
        ControlError::Unknown { advice, .. } => {
            let title = t("There is no such car");
            Problem::new(StatusCode::NOT_FOUND, title, t("It may have been deleted."))
                .advice(advice.to_string())
        }
        ControlError::Refused { advice, .. } | ControlError::Conflict { advice, .. } => {
            let title = t("This was not done");
            Problem::new(StatusCode::BAD_REQUEST, title, t("Nothing was changed."))
                .advice(advice.to_string())
        }
    }
    .into_response()
}
