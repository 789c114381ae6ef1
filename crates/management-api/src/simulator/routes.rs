//! The route list of the control API.

use axum::Router;
use axum::routing::{any, get, post};
use carport_web::envelope::Render;

use super::openapi::DOCUMENT;
use super::{SimulatorApi, clock};
use crate::error;

/// The routes below `/simulator/v1` and their OpenAPI document.
pub fn routes(api: SimulatorApi) -> Router {
    let public_url = api.public_url.clone();
    Router::new()
        .route("/simulator/v1/clock", get(clock::show_clock))
        .route("/simulator/v1/clock/freeze", post(clock::freeze_clock))
        .route("/simulator/v1/clock/set", post(clock::set_clock))
        .route("/simulator/v1/clock/advance", post(clock::advance_clock))
        .route("/simulator/v1/clock/speed", post(clock::hurry_clock))
        .route("/simulator/v1/clock/resume", post(clock::resume_clock))
        .route("/simulator/v1", any(error::no_such_path))
        .route("/simulator/v1/{*path}", any(error::no_such_path))
        .method_not_allowed_fallback(error::no_such_path)
        .layer(Render(api.public_url.clone()))
        .with_state(api)
        .merge(DOCUMENT.routes(public_url))
}
