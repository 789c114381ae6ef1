//! The door mat: what fails outside of a run's own pages, and the page that says so.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_store::StoreError;
use carport_web::Problem;
use carport_web::form::FormRejection;
use carport_web::words::{Text, t};

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
        const RESTART: Text = t("Go back to the application you came from and start again.");
        match self {
            Self::NoRun => Problem::new(
                StatusCode::NOT_FOUND,
                t("This page is not yours to open"),
                t(
                    "It belongs to a request that this browser did not start, or that no longer \
                     exists.",
                ),
            )
            .advice(t(
                "Go back to the application you came from and start again. If cookies are \
                     switched off in this browser, allow them for this site.",
            )),
            Self::Expired => Problem::new(
                StatusCode::GONE,
                t("This request has expired"),
                t("It was started more than an hour ago. Nothing was shared."),
            )
            .advice(RESTART),
            Self::Over => Problem::new(
                StatusCode::GONE,
                t("This request is finished"),
                t("Your decision was passed on already. It cannot be made twice."),
            )
            .advice(t(
                "You can close this window. To change what you share, start again from the \
                 application.",
            )),
            Self::Disconnected => Problem::new(
                StatusCode::GONE,
                t("The connection of this car has changed"),
                t(
                    "It was ended or made anew since you came here. Nothing was changed by this \
                     page.",
                ),
            )
            .advice(t(
                "Go back to the application you came from and connect the car anew.",
            )),
            Self::ForeignForm => Problem::new(
                StatusCode::FORBIDDEN,
                t("This form is out of date"),
                t("It was not sent from the page it belongs to. Nothing was changed."),
            )
            .advice(t(
                "Go back, load the page again and send the form once more.",
            )),
            Self::Form(rejection) => return rejection.into_response(),
            Self::Store(error) if error.is_temporary() => {
                tracing::warn!(error = &error as &dyn std::error::Error, "storage is busy");
                Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    t("Carport is busy"),
                    t("Your last step was not kept. Nothing was shared."),
                )
                .advice(t("Wait a moment, then load the page again."))
            }
            Self::Store(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "storage failed");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    t("Carport failed"),
                    t("Your last step was not kept. Nothing was shared."),
                )
                .advice(RESTART)
            }
        }
        .into_response()
    }
}
