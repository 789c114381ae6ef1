//! Whether the server runs, whether storage answers, and numbers about both.
//! Source: contract cli, 4.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use carport_store::Store;
use carport_web::Refusal;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::Parts;

/// Which requests a number counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: String,
    route: String,
    status: u16,
}

/// Why clients were turned away.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

/// The numbers behind `/metrics`.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Histogram,
    refused: Family<Reason, Counter>,
}

impl Metrics {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("carport");
        let requests = Family::<Labels, Counter>::default();
        let seconds = Histogram::new(exponential_buckets(0.000_1, 2.5, 14));
        registry.register("requests", "Requests answered", requests.clone());
        registry.register(
            "request_seconds",
            "Time to answer, in seconds",
            seconds.clone(),
        );
        let refused = Family::<Reason, Counter>::default();
        registry.register(
            "refused",
            "Requests and connections turned away before any work",
            refused.clone(),
        );
        Self {
            registry,
            requests,
            seconds,
            refused,
        }
    }

    /// Counts a request that was turned away in front of the routes.
    pub(super) fn refused(&self, refusal: Refusal) {
        let reason = match refusal {
            Refusal::Busy => "requests",
            Refusal::SlowBody => "slow_body",
            Refusal::BrokenBody => "broken_body",
        };
        self.refused.get_or_create(&Reason { reason }).inc();
    }

    /// Counts a connection that found no place.
    pub(super) fn turned_away(&self) {
        let reason = "connections";
        self.refused.get_or_create(&Reason { reason }).inc();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// `/healthz` and `/readyz`.
pub fn routes(parts: &Parts) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(parts.store.clone())
}

/// `/metrics`.
pub fn metrics_routes(parts: &Parts) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .with_state(parts.metrics.clone())
}

async fn ready(State(store): State<Store>) -> Response {
    match store.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "storage does not answer");
            let status = StatusCode::SERVICE_UNAVAILABLE;
            (status, [(RETRY_AFTER, "1")], "storage does not answer\n").into_response()
        }
    }
}

async fn show(State(metrics): State<Arc<Metrics>>) -> Response {
    let mut text = String::new();
    if encode(&mut text, &metrics.registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], text).into_response()
}

/// Counts every answer under its route's pattern, never under its address, which may be personal.
pub(super) async fn count(
    State(metrics): State<Arc<Metrics>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = matched
        .as_ref()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let status = response.status().as_u16();
    let labels = Labels {
        method: known_method(method.as_str()),
        route,
        status,
    };
    metrics.requests.get_or_create(&labels).inc();
    metrics.seconds.observe(started.elapsed().as_secs_f64());
    response
}

/// Methods that clients make up must not make endless rows.
fn known_method(method: &str) -> String {
    match method {
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method.to_owned(),
        _ => "other".to_owned(),
    }
}
