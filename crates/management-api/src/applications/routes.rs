//! The route list.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{any, delete, get, post};

use super::openapi::DOCUMENT;
use super::{ApplicationsApi, connect, error, secrets, show, uris};

/// Largest body that an endpoint takes.
const BODY_LIMIT: usize = 256 * 1024;

/// The routes and their OpenAPI document.
pub fn routes(api: ApplicationsApi) -> Router {
    let public_url = api.public_url.clone();
    Router::new()
        .route("/v3/applications", get(show::list_applications))
        .route(
            "/v3/applications/{id}",
            get(show::show_application).patch(show::change_application),
        )
        .route(
            "/v3/applications/{id}/connect",
            get(connect::show_connect).patch(connect::change_connect),
        )
        .route(
            "/v3/applications/{id}/secrets",
            get(secrets::list_secrets).post(secrets::create_secret),
        )
        .route(
            "/v3/applications/{id}/secrets/{secret}",
            delete(secrets::delete_secret),
        )
        .route(
            "/v3/applications/{id}/redirect-uris",
            post(uris::add_redirect_uri).delete(uris::remove_redirect_uri),
        )
        .route("/v3/applications/{id}/{*path}", any(error::no_such_path))
        .method_not_allowed_fallback(error::no_such_path)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(api.clone(), error::render))
        .with_state(api)
        .merge(DOCUMENT.routes(public_url))
}
