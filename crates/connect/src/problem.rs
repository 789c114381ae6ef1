//! The door mat: what fails outside of a run's own pages, and the page that says so.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_store::StoreError;
use carport_web::Problem;
use carport_web::form::FormRejection;

/// A request of Connect came to nothing. None of these redirects anywhere.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    /// No such run, or one of another browser; the two look alike from outside.
    #[error("no run of this browser has this address")]
    NoRun,
    /// The run began more than 60 minutes ago.
    #[error("the run has expired")]
    Expired,
    /// The run was completed.
    #[error("the run is over")]
    Over,
    /// The vehicle of the run is not connected any more, or not for what the owner was asked.
    #[error("the vehicle of the run is not connected any more as it was")]
    Disconnected,
    /// The form does not carry the field of its own page.
    #[error("the form is not from this page")]
    ForeignForm,
    /// The form cannot be read.
    #[error(transparent)]
    Form(#[from] FormRejection),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IntoResponse for ConnectError {
    fn into_response(self) -> Response {
        const RESTART: &str = "Go back to the application you came from and start again.";
        match self {
            Self::NoRun => Problem::new(
                StatusCode::NOT_FOUND,
                "This page is not yours to open",
                "It belongs to a request that this browser did not start, or that no longer exists.",
            )
            .advice(
                "Go back to the application you came from and start again. If cookies are \
                 switched off in this browser, allow them for this site.",
            ),
            Self::Expired => Problem::new(
                StatusCode::GONE,
                "This request has expired",
                "It was started more than an hour ago. Nothing was shared.",
            )
            .advice(RESTART),
            Self::Over => Problem::new(
                StatusCode::GONE,
                "This request is finished",
                "Your decision was passed on already. It cannot be made twice.",
            )
            .advice("You can close this window. To change what you share, start again from the application."),
            Self::Disconnected => Problem::new(
                StatusCode::GONE,
                "The connection of this car has changed",
                "It was ended or made anew since you came here. Nothing was changed by this page.",
            )
            .advice("Go back to the application you came from and connect the car anew."),
            Self::ForeignForm => Problem::new(
                StatusCode::FORBIDDEN,
                "This form is out of date",
                "It was not sent from the page it belongs to. Nothing was changed.",
            )
            .advice("Go back, load the page again and send the form once more."),
            Self::Form(rejection) => return rejection.into_response(),
            Self::Store(error) if error.is_temporary() => {
                tracing::warn!(error = &error as &dyn std::error::Error, "storage is busy");
                Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Carport is busy",
                    "Your last step was not kept. Nothing was shared.",
                )
                .advice("Wait a moment, then load the page again.")
            }
            Self::Store(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "storage failed");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "Carport failed",
                    "Your last step was not kept. Nothing was shared.",
                )
                .advice(RESTART)
            }
        }
        .into_response()
    }
}
