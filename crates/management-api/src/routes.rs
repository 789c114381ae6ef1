//! The route list of the management API.

use axum::Router;
use axum::routing::{any, get};
use carport_web::envelope::Render;

use crate::openapi::DOCUMENT;
use crate::{ManagementApi, connections, error};

/// The routes of v2.0 and their OpenAPI document.
pub fn routes(api: ManagementApi) -> Router {
    let public_url = api.public_url.clone();
    Router::new()
        .route(
            "/v2.0/management/connections",
            get(connections::list_connections).delete(connections::delete_connections),
        )
        .route("/v2.0/management/{*path}", any(error::no_such_path))
        .method_not_allowed_fallback(error::no_such_path)
        .layer(Render(api.public_url.clone()))
        .with_state(api)
        .merge(DOCUMENT.routes(public_url))
}
