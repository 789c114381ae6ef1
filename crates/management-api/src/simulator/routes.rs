//! The route list of the control API.

use axum::Router;
use axum::routing::{any, get, post};
use carport_web::envelope::Render;

use super::openapi::DOCUMENT;
use super::{
    SimulatorApi, cars, catalogue, clock, consent, driving, faults, requests, scenarios, signals,
};
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
        .route(
            "/simulator/v1/simulations",
            get(cars::list_cars).post(cars::create_car),
        )
        .route(
            "/simulator/v1/simulations/{id}",
            get(cars::show_car)
                .patch(cars::change_car)
                .delete(cars::delete_car),
        )
        .route("/simulator/v1/simulations/{id}/play", post(driving::play))
        .route("/simulator/v1/simulations/{id}/pause", post(driving::pause))
        .route(
            "/simulator/v1/simulations/{id}/restart",
            post(driving::restart),
        )
        .route("/simulator/v1/simulations/{id}/jump", post(driving::jump))
        .route(
            "/simulator/v1/simulations/{id}/signals",
            get(signals::list_signals),
        )
        .route(
            "/simulator/v1/simulations/{id}/signals/{code}",
            get(signals::show_signal)
                .put(signals::set_signal)
                .delete(signals::unset_signal),
        )
        .route(
            "/simulator/v1/scenarios",
            get(scenarios::list_scenarios).post(scenarios::add_scenario),
        )
        .route(
            "/simulator/v1/scenarios/{id}",
            get(scenarios::show_scenario).delete(scenarios::delete_scenario),
        )
        .route("/simulator/v1/profiles", get(catalogue::list_profiles))
        .route("/simulator/v1/cities", get(catalogue::list_cities))
        .route("/simulator/v1/latencies", get(catalogue::list_latencies))
        .route("/simulator/v1/connect", post(consent::consent))
        .route(
            "/simulator/v1/faults",
            get(faults::list_faults)
                .post(faults::add_fault)
                .delete(faults::clear_faults),
        )
        .route(
            "/simulator/v1/faults/{id}",
            get(faults::show_fault).delete(faults::remove_fault),
        )
        .route(
            "/simulator/v1/requests",
            get(requests::list_requests).delete(requests::forget_requests),
        )
        .route(
            "/simulator/v1/requests/count",
            get(requests::count_requests),
        )
        .route(
            "/simulator/v1/requests/last",
            get(requests::show_last_request),
        )
        .route("/simulator/v1", any(error::no_such_path))
        .route("/simulator/v1/{*path}", any(error::no_such_path))
        .method_not_allowed_fallback(error::no_such_path)
        .layer(Render(api.public_url.clone()))
        .with_state(api)
        .merge(DOCUMENT.routes(public_url))
}
