//! Whether the server runs, whether storage answers, and numbers about both.
//! Source: contract cli, 4.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use carport_store::request_log::Method;
use carport_store::{RequestLog, Store};
use carport_web::Refusal;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::Parts;

/// Which requests a number counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Labels {
    method: &'static str,
    route: String,
    status: u16,
}

impl Labels {
    /// A route's pattern, never an address, which may be personal. Methods that clients make up
    /// must not make endless rows: they are one.
    pub(super) fn of(route: &str, method: Method, status: u16) -> Self {
        Self {
            method: method.as_str(),
            route: route.to_owned(),
            status,
        }
    }
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
    /// Nothing counted yet. Storage, and the request log when there is one, keep their own numbers.
    #[must_use]
    pub fn new(store: Store, log: Option<RequestLog>) -> Self {
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
        registry.register_collector(Box::new(StoreNumbers { store, log }));
        Self {
            registry,
            requests,
            seconds,
            refused,
        }
    }

    /// The counter of these answers, to be kept.
    pub(super) fn answers(&self, labels: &Labels) -> Counter {
        self.requests.get_or_create_owned(labels)
    }

    /// Counts the time one answer took.
    pub(super) fn observe(&self, took: Duration) {
        self.seconds.observe(took.as_secs_f64());
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

/// Numbers that storage keeps itself.
#[derive(Debug)]
struct StoreNumbers {
    store: Store,
    log: Option<RequestLog>,
}

impl Collector for StoreNumbers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut tell = |name: &str, help: &str, number: u64| {
            let counter = ConstCounter::new(number);
            let kind = counter.metric_type();
            counter.encode(encoder.encode_descriptor(name, help, None, kind)?)
        };
        if let Some((commits, units)) = self.store.commits() {
            tell("store_commits", "Commits flushed to the database", commits)?;
            tell("store_units", "Units of work kept by these commits", units)?;
        }
        if let Some(log) = &self.log {
            let dropped =
                "Entries lost to the request log: its queue was full or its file not writable";
            tell(
                "request_log_written",
                "Entries written to the request log",
                log.written(),
            )?;
            tell("request_log_dropped", dropped, log.dropped())?;
        }
        Ok(())
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
