//! The OpenAPI document of a door. Its tests make it from the handlers' own types and keep it in
//! `docs/openapi`; a server has the text in it and nothing to make it from (ADR 10).

use std::sync::{Arc, LazyLock};

use axum::response::IntoResponse as _;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use crate::reference::Reference;
use crate::{Page, layers};

/// The public address in documents that are kept.
pub const KEPT_ADDRESS: &str = "http://localhost:2277";

/// A document, as it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// JSON.
    pub text: &'static str,
    /// Where it is served, for example `/openapi/v2.json`.
    pub address: &'static str,
    /// Where people read it.
    pub page: &'static str,
}

impl Document {
    /// The document of a server with this public address, which has no trailing slash.
    ///
    /// # Panics
    /// When the text is no JSON, which a test of the door would have told.
    #[must_use]
    pub fn at(&self, public_url: &str) -> Value {
        let mut document: Value = serde_json::from_str(self.text).expect("a kept document is JSON");
        if let Some(Value::String(server)) = document.pointer_mut("/servers/0/url") {
            *server = server.replace(KEPT_ADDRESS, public_url);
        }
        document
    }

    /// Serves it, to programs and to people.
    pub fn routes(self, public_url: Arc<str>) -> Router {
        // Few ever ask for it, and a start should not wait for it.
        let document = Arc::new(LazyLock::new(move || self.at(&public_url)));
        let shown = document.clone();
        Router::new()
            .route(
                self.address,
                get(async move || Json(&**document).into_response()),
            )
            .route(
                self.page,
                get(async move || Page::new(Reference::of(&shown, self.address))),
            )
            .layer(layers::compression())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_names_the_server_it_comes_from() {
        let document = Document {
            text: r#"{"openapi":"3.1.0","servers":[{"url":"http://localhost:2277/v2.0"}]}"#,
            address: "/openapi/v2.json",
            page: "/docs/api/v2",
        };
        let served = document.at("https://cars.example");
        assert_eq!(served["servers"][0]["url"], "https://cars.example/v2.0");
        assert_eq!(served["openapi"], "3.1.0");
    }
}
