//! The route list of the management API.

use axum::routing::{any, get};
use axum::{Json, Router};
use carport_web::envelope::Render;
use carport_web::layers;

use crate::{ManagementApi, connections, error, openapi};

/// The routes of v2.0 and their OpenAPI document.
pub fn routes(api: ManagementApi) -> Router {
    let document = openapi::document(&api.public_url);
    let docs = Router::new()
        .route("/openapi/management.json", get(async || Json(document)))
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
