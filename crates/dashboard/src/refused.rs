//! Pages that say why there is no page.

use axum::http::StatusCode;
use carport_store::StoreError;
use carport_web::Problem;
use carport_web::words::{Text, t};

/// Storage failed; `what` cannot be shown.
pub(crate) fn no_storage(error: &StoreError, what: Text) -> Problem {
    let lead = t("{what} cannot be shown now. Nothing is lost.").with("what", what);
    storage_failed(error, lead)
}

/// Storage failed, which is told in the log, too; `lead` says what came of it.
pub(crate) fn storage_failed(error: &StoreError, lead: impl Into<String>) -> Problem {
    tracing::error!(error = error as &dyn std::error::Error, "storage failed");
    let title = t("Storage does not answer");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, title, lead).advice(t(
        "Reload this page in a moment. If it stays, look at the server's log.",
    ))
}

/// What was asked for is not there, or not for this visitor: which, is not told.
pub(crate) fn nothing_here(title: Text) -> Problem {
    let lead = t("It may be gone, or it belongs to an application that you are not shown.");
    Problem::new(StatusCode::NOT_FOUND, title, lead)
        .advice(t("Go back to the list and look there."))
}
