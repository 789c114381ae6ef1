//! What fails at the owner's page, and the page that says so.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_store::StoreError;
use carport_web::Problem;
use carport_web::form::FormRejection;
use carport_web::words::t;

/// A request of the owner's page came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MeError {
    /// Nobody has entered.
    #[error("nobody is signed in")]
    SignedOut,
    /// Nothing of this owner's lies there.
    #[error("this owner has nothing at this address")]
    NotHere,
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

impl IntoResponse for MeError {
    fn into_response(self) -> Response {
        match self {
            Self::SignedOut => return Redirect::to("/me/sign-in").into_response(),
            Self::NotHere => Problem::new(
                StatusCode::NOT_FOUND,
                t("There is nothing of yours here"),
                t(
                    "No application reaches a car of yours by this address, or it does not any \
                     more.",
                ),
            )
            .advice(t(
                "Go back to your cars at /me: it lists everything that you share.",
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
                    t("Your last step was not kept. Nothing was changed."),
                )
                .advice(t("Wait a moment, then load the page again."))
            }
            Self::Store(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "storage failed");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    t("Carport failed"),
                    t("Your last step may not have been kept."),
                )
                .advice(t(
                    "Go back to /me and look whether what you wanted is done.",
                ))
            }
        }
        .into_response()
    }
}
