//! What all pages share, and the page that says what went wrong.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use carport_sdk::Error;

/// Renders a template; whatever it shows is escaped.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "This page has a fault.").into_response(),
    }
}

/// Headers of every answer: no scripts, no frames, and no copies of what belongs to one person.
pub(crate) async fn guard(mut answer: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'";
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        answer
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// Something went wrong: what happened, then what to do.
#[derive(Template)]
#[template(path = "problem.html")]
pub(crate) struct Problem {
    status: StatusCode,
    title: &'static str,
    text: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, title: &'static str, text: impl Into<String>) -> Self {
        Self {
            status,
            title,
            text: text.into(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let text = match error {
            Error::Transport(_) => "The server did not answer. Check that it is running.".into(),
            Error::Decode { .. } => "The server sent something this page does not know.".into(),
            Error::Api(error) => error.suggested_user_message.unwrap_or(error.description),
            Error::OAuth(error) => format!("The server gave no access: {error}"),
            other => format!("The application is not set up correctly: {other}"),
        };
        Self::new(StatusCode::BAD_GATEWAY, "That did not work", text)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        page(self.status, &self)
    }
}
