//! All doors on one origin.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::ACCEPT;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use carport_web::layers::Attendance;
use carport_web::words::spoken;
use carport_web::{Problem, assets, layers};

use super::record::Ledger;
use super::{Parts, dashboard, health};

/// Every route of the server. `/metrics` is among them unless it has a listener of its own.
pub fn routes(parts: &Parts, with_metrics: bool) -> Router {
    let ledger = Ledger::new(
        parts.metrics.clone(),
        parts.request_log.clone(),
        parts.clock.clone(),
    );
    let attendance = Attendance {
        recorder: Some(Arc::new(ledger)),
        watch: parts.watch.clone(),
        // A seed repeats every id, whatever the time.
        clock: parts.time.is_none().then(|| parts.clock.clone()),
    };
    // Doors of pages speak the reader's language; the others stay as they are.
    let pages = |routes| spoken(routes, &parts.translations);
    let mut routes = Router::new()
        .route("/", get(async || Redirect::to("/dashboard")))
        .merge(carport_oauth::http::routes(parts.oauth.clone()))
        .merge(pages(carport_connect::routes(parts.connect.clone())))
        .merge(pages(carport_connect::me::routes(parts.connect.clone())))
        .merge(carport_vehicle_api::routes(parts.vehicle_api.clone()))
        .merge(carport_management_api::routes(parts.management_api.clone()))
        .merge(carport_management_api::applications::routes(
            parts.applications_api.clone(),
        ))
        .merge(carport_management_api::simulator::routes(
            parts.simulator_api.clone(),
        ))
        .merge(pages(carport_dashboard::routes(dashboard::services(
            parts,
            attendance.clone(),
        ))))
        .merge(assets::routes())
        .merge(health::routes(parts));
    if with_metrics {
        routes = routes.merge(health::metrics_routes(parts));
    }
    let nothing = pages(Router::new().fallback(not_found));
    layers::attended(
        routes.fallback_service(nothing),
        parts.rng.clone(),
        attendance,
    )
}

/// Nothing here: a page for browsers, a line of JSON for programs.
async fn not_found(request: Request) -> Response {
    let accepts = request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    if accepts.is_some_and(|accept| accept.contains("text/html")) {
        return Problem::not_found().into_response();
    }
    let body = serde_json::json!({
        "error": "not_found",
        "error_description": "Nothing is served at this path. The vehicle API is under /v2.0, tokens are at /oauth/token.",
    });
    (axum::http::StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}
