//! The route list of the control API.

use axum::Router;
use axum::routing::any;
use carport_web::envelope::Render;

use super::SimulatorApi;
use super::openapi::DOCUMENT;
use crate::error;

/// The routes below `/simulator/v1` and their OpenAPI document.
pub fn routes(api: SimulatorApi) -> Router {
    let public_url = api.public_url.clone();
    Router::new()
        .route("/simulator/v1", any(error::no_such_path))
        .route("/simulator/v1/{*path}", any(error::no_such_path))
        .method_not_allowed_fallback(error::no_such_path)
        .layer(Render(api.public_url.clone()))
        .with_state(api)
        .merge(DOCUMENT.routes(public_url))
}
