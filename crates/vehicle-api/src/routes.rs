//! The route list of the vehicle API, on one screen.

use axum::routing::{delete, get, post};
use axum::{Json, Router};
use carport_web::envelope::Render;
use carport_web::layers;

use crate::v2::{self, endpoint, error};
use crate::version::UNKNOWN_VERSION;
use crate::{VehicleApi, error_docs, openapi};

/// The routes of v2.0 and the documentation of its errors.
pub fn routes(api: VehicleApi) -> Router {
    let document = openapi::document(&api.public_url);
    let docs = Router::new()
        .route("/openapi/v2.json", get(async || Json(document)))
        .route("/docs/errors", get(error_docs::list))
        .route("/docs/errors/{type}", get(error_docs::show))
        .layer(layers::compression())
        .with_state(api.clone());
    v2_routes()
        .layer(Render(api.public_url.clone()))
        .with_state(api)
        .merge(docs)
}

fn v2_routes() -> Router<VehicleApi> {
    Router::new()
        .route("/v2.0/user", get(v2::user::get_user))
        .route("/v2.0/vehicles", get(v2::vehicles::get_vehicles))
        .route("/v2.0/vehicles/{id}", get(v2::attributes::get_attributes))
        .route("/v2.0/vehicles/{id}/vin", get(v2::vin::get_vin))
        .route(
            "/v2.0/vehicles/{id}/permissions",
            get(v2::permissions::get_permissions),
        )
        .route(
            "/v2.0/vehicles/{id}/odometer",
            endpoint::read(&v2::odometer::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/location",
            endpoint::read(&v2::location::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/fuel",
            endpoint::read(&v2::fuel::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/battery",
            endpoint::read(&v2::battery::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/charge",
            endpoint::read(&v2::charge::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/tires/pressure",
            endpoint::read(&v2::tires::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/application",
            delete(v2::disconnect::disconnect),
        )
        .route(
            "/v2.0/vehicles/{id}/webhooks/{webhook_id}",
            post(v2::webhooks::subscribe).delete(v2::webhooks::unsubscribe),
        )
        .route("/v2.0", get(error::no_such_path))
        .route("/v2.0/{*path}", axum::routing::any(error::no_such_path))
        .route(UNKNOWN_VERSION, axum::routing::any(error::no_such_version))
        .route(
            "/v-unknown/{*path}",
            axum::routing::any(error::no_such_version),
        )
        .method_not_allowed_fallback(error::no_such_path)
}
