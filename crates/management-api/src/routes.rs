//! The route list of the management API.

use std::sync::{Arc, LazyLock};

use axum::response::IntoResponse as _;
use axum::routing::{any, get};
use axum::{Json, Router};
use carport_web::envelope::Render;
use carport_web::layers;

use crate::{ManagementApi, connections, error, openapi};

/// The routes of v2.0 and their OpenAPI document.
pub fn routes(api: ManagementApi) -> Router {
    let public_url = api.public_url.clone();
    // Few ever ask for it, and a start should not wait for it.
    let document = Arc::new(LazyLock::new(move || openapi::document(&public_url)));
    let docs = Router::new()
        .route(
            "/openapi/management.json",
            get(async move || Json(&**document).into_response()),
        )
        .layer(layers::compression());
    Router::new()
        .route(
            "/v2.0/management/connections",
            get(connections::list_connections).delete(connections::delete_connections),
        )
        .route("/v2.0/management/{*path}", any(error::no_such_path))
        .method_not_allowed_fallback(error::no_such_path)
        .layer(Render(api.public_url.clone()))
        .with_state(api)
        .merge(docs)
}
