//! The error page of paths that browsers see, for mistakes that belong to no application.

use askama::Template;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use carport_model::RequestId;

use crate::assets::{self, Door};
use crate::page::Page;
use crate::words::{filters, t};

/// A small page: what happened, what to do, details for whoever must mend it.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    page: ProblemPage,
}

#[derive(Debug, Clone, Template)]
#[template(path = "parts/problem.html")]
struct ProblemPage {
    sheet: &'static str,
    sprite: &'static str,
    favicon: &'static str,
    title: String,
    lead: String,
    advice: String,
    details: Vec<(String, String)>,
}

impl Problem {
    /// A page with this heading and one sentence of fact.
    #[must_use]
    pub fn new(status: StatusCode, title: impl Into<String>, lead: impl Into<String>) -> Self {
        Self {
            status,
            page: ProblemPage {
                sheet: assets::sheet(Door::Connect),
                sprite: assets::sprite(),
                favicon: assets::favicon(),
                title: title.into(),
                lead: lead.into(),
                advice: String::new(),
                details: vec![(t("Status").plain(), status.as_u16().to_string())],
            },
        }
    }

    /// What the reader can do.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.page.advice = advice.into();
        self
    }

    /// A line for whoever must mend it.
    #[must_use]
    pub fn detail(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.page.details.push((name.into(), text.into()));
        self
    }

    /// The request's id, as the log knows it.
    #[must_use]
    pub fn request(self, id: RequestId) -> Self {
        self.detail(t("Request"), id.to_string())
    }

    /// Nothing lies at this address.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            t("There is nothing here"),
            t("This address leads nowhere on this Carport."),
        )
        .advice(t(
            "Check the address, or start again from the application you came from.",
        ))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Page::new(self.page).status(self.status).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_like_the_other_pages() {
        let problem = Problem::not_found().detail("Message", "<x>");
        let html = assets::unhashed(&problem.page.render().unwrap());
        insta::assert_snapshot!(html);
        let response = problem.into_response();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(!response.headers().contains_key(RETRY_AFTER));
    }

    #[test]
    fn busy_pages_say_when_to_come_back() {
        let busy = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "Busy", "Carport is busy.");
        assert_eq!(busy.into_response().headers()[RETRY_AFTER], "1");
    }
}
