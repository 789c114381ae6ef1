//! API v3, as far as it is served: the documented test vehicle. Source: contract rest-v3, 2.4.
//!
//! Anything else under `/v3` is an honest "no such path" in the form that v3 clients read.

mod error;
mod test_vehicle;

use axum::Router;
use axum::routing::{any, get};

use crate::VehicleApi;

/// The routes of v3.
pub(crate) fn routes(api: VehicleApi) -> Router {
    let mut router = Router::new();
    if api.serves_test_vehicle {
        router = router
            .route("/v3/vehicles/{id}", get(test_vehicle::get_vehicle))
            .route("/v3/vehicles/{id}/signals", get(test_vehicle::get_signals))
            .route(
                "/v3/vehicles/{id}/signals/{code}",
                get(test_vehicle::get_signal),
            );
    }
    router
        .route("/v3", any(error::no_such_path))
        .route("/v3/{*path}", any(error::no_such_path))
        .method_not_allowed_fallback(error::no_such_path)
        .with_state(api)
}

#[cfg(test)]
mod tests;
