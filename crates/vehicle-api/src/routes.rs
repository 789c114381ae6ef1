//! The route list of the vehicle API, on one screen; what single brands have is in
//! [`crate::brand_routes`].

use axum::Router;
use axum::routing::{delete, get, post};
use carport_web::envelope::Render;
use carport_web::layers;

use crate::brand_routes::brand_routes;
use crate::openapi::DOCUMENT;
use crate::v2::command::order;
use crate::v2::endpoint::{fixed, read};
use crate::v2::{self, error};
use crate::version::UNKNOWN_VERSION;
use crate::{VehicleApi, error_docs, v3};

/// The routes of v2.0, what there is of v3, and the documentation of errors.
pub fn routes(api: VehicleApi) -> Router {
    let public_url = api.public_url.clone();
    let docs = Router::new()
        .route("/docs/errors", get(error_docs::list))
        .route("/docs/errors/{type}", get(error_docs::show))
        .layer(layers::compression())
        .with_state(api.clone());
    v2_routes()
        .layer(Render(api.public_url.clone()))
        .with_state(api.clone())
        .merge(v3::routes(api))
        .merge(docs)
        .merge(DOCUMENT.routes(public_url))
}

fn v2_routes() -> Router<VehicleApi> {
    let car = vehicle_routes().merge(brand_routes());
    Router::new()
        .route("/v2.0/user", get(v2::user::get_user))
        .route("/v2.0/vehicles", get(v2::vehicles::get_vehicles))
        .route(
            "/v2.0/compatibility",
            get(v2::compatibility::get_compatibility),
        )
        .route(
            "/v2.0/compatibility/matrix",
            get(v2::compatibility::matrix::get_compatibility_matrix),
        )
        .merge(car)
        .route("/v2.0", get(error::no_such_path))
        .route("/v2.0/{*path}", axum::routing::any(error::no_such_path))
        .route(UNKNOWN_VERSION, axum::routing::any(error::no_such_version))
        .route(
            "/v-unknown/{*path}",
            axum::routing::any(error::no_such_version),
        )
        .method_not_allowed_fallback(error::no_such_path)
}

/// What a vehicle is asked and told, below its own address.
fn vehicle_routes() -> Router<VehicleApi> {
    Router::new()
        .route("/v2.0/vehicles/{id}", fixed(&v2::attributes::ENDPOINT))
        .route("/v2.0/vehicles/{id}/vin", fixed(&v2::vin::ENDPOINT))
        .route(
            "/v2.0/vehicles/{id}/permissions",
            fixed(&v2::permissions::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/odometer",
            read(&v2::odometer::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/location",
            read(&v2::location::ENDPOINT),
        )
        .route("/v2.0/vehicles/{id}/fuel", read(&v2::fuel::ENDPOINT))
        .route("/v2.0/vehicles/{id}/battery", read(&v2::battery::ENDPOINT))
        .route(
            "/v2.0/vehicles/{id}/battery/capacity",
            read(&v2::battery_capacity::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/battery/nominal_capacity",
            read(&v2::nominal_capacity::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/charge",
            read(&v2::charge::ENDPOINT).merge(order(&v2::charge::ORDER)),
        )
        .route(
            "/v2.0/vehicles/{id}/charge/limit",
            read(&v2::charge_limit::ENDPOINT).merge(order(&v2::charge_limit::ORDER)),
        )
        .route(
            "/v2.0/vehicles/{id}/engine/oil",
            read(&v2::engine_oil::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/tires/pressure",
            read(&v2::tires::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/security",
            read(&v2::security::ENDPOINT).merge(order(&v2::security::ORDER)),
        )
        .route(
            "/v2.0/vehicles/{id}/navigation/destination",
            order(&v2::navigation::ORDER),
        )
        .route(
            "/v2.0/vehicles/{id}/service/history",
            read(&v2::service_history::ENDPOINT),
        )
        .route(
            "/v2.0/vehicles/{id}/diagnostics/system_status",
            read(&v2::diagnostics::SYSTEM_STATUS),
        )
        .route(
            "/v2.0/vehicles/{id}/diagnostics/dtcs",
            read(&v2::diagnostics::DTCS),
        )
        .route("/v2.0/vehicles/{id}/batch", post(v2::batch::post_batch))
        .route(
            "/v2.0/vehicles/{id}/application",
            delete(v2::disconnect::disconnect),
        )
        .route(
            "/v2.0/vehicles/{id}/webhooks/{webhook_id}",
            post(v2::webhooks::subscribe).delete(v2::webhooks::unsubscribe),
        )
        // The Rust crate unlocks at this address (docs/quirks.md#securiy).
        .route("/v2.0/vehicles/{id}/securiy", order(&v2::security::ORDER))
}
