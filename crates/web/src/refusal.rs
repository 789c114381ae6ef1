//! Requests that are answered in front of the doors: there are too many of them, or they do not
//! arrive. Each door says it in its own tongue, so they share only what is meant.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_model::RequestId;

use crate::Problem;
use crate::words::t;

/// Why a request never reached its route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// As many requests are being served as may be.
    Busy,
    /// The body did not arrive in the time that a body may take.
    SlowBody,
    /// The body broke off, or is not written as its head says.
    BrokenBody,
}

impl Refusal {
    /// The status that tells it.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::BrokenBody => StatusCode::BAD_REQUEST,
        }
    }

    /// Seconds after which the request may be sent again; `None` when waiting does not help.
    #[must_use]
    pub const fn retry_after(self) -> Option<u64> {
        match self {
            Self::Busy => Some(1),
            Self::SlowBody | Self::BrokenBody => None,
        }
    }

    /// For people: what happened and what to do.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Busy => "Carport is busy. Send the request again in a second.",
            Self::SlowBody => "The body did not arrive in time. Send the request again, at once.",
            Self::BrokenBody => "The body did not arrive whole. Send the request again.",
        }
    }

    /// The page of it.
    #[must_use]
    pub fn page(self, id: RequestId) -> Response {
        let (title, advice) = match self {
            Self::Busy => (
                t("Carport is busy"),
                t("Wait a moment, then load the page again."),
            ),
            Self::SlowBody => (
                t("This form took too long to arrive"),
                t("Go back, load the page again and send it once more."),
            ),
            Self::BrokenBody => (
                t("This form did not arrive whole"),
                t("Go back, load the page again and send it once more."),
            ),
        };
        Problem::new(self.status(), title, t("Nothing was changed."))
            .advice(advice)
            .request(id)
            .into_response()
    }

    /// A line of text, for paths that speak no tongue of their own.
    #[must_use]
    pub fn line(self) -> Response {
        (self.status(), format!("{}\n", self.message())).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_and_waits() {
        let id = RequestId::from_bytes([7; 16]);
        for (refusal, status, after) in [
            (Refusal::Busy, 503, Some(1)),
            (Refusal::SlowBody, 408, None),
            (Refusal::BrokenBody, 400, None),
        ] {
            assert_eq!(refusal.page(id).status(), status);
            assert_eq!(refusal.line().status(), status);
            assert_eq!(refusal.retry_after(), after);
        }
    }
}
