//! Whether the server runs, whether storage answers, and numbers about both.
//! Source: contract cli, 4.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use carport_store::request_log::Method;
use carport_store::{RequestLog, Store};
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

/// The numbers behind `/metrics`.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Histogram,
}

impl Metrics {
    /// Nothing counted yet. The request log, when there is one, keeps its own numbers.
    #[must_use]
    pub fn new(log: Option<RequestLog>) -> Self {
        let mut registry = Registry::with_prefix("carport");
        let requests = Family::<Labels, Counter>::default();
        let seconds = Histogram::new(exponential_buckets(0.000_1, 2.5, 14));
        registry.register("requests", "Requests answered", requests.clone());
        registry.register(
            "request_seconds",
            "Time to answer, in seconds",
            seconds.clone(),
        );
        if let Some(log) = log {
            registry.register_collector(Box::new(LogNumbers(log)));
        }
        Self {
            registry,
            requests,
            seconds,
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
}

/// What became of the entries of the request log.
#[derive(Debug)]
struct LogNumbers(RequestLog);

impl Collector for LogNumbers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        for (name, help, number) in [
            (
                "request_log_written",
                "Entries written to the request log",
                self.0.written(),
            ),
            (
                "request_log_dropped",
                "Entries lost to the request log: its queue was full or its file not writable",
                self.0.dropped(),
            ),
        ] {
            let counter = ConstCounter::new(number);
            counter.encode(encoder.encode_descriptor(
                name,
                help,
                None,
                counter.metric_type(),
            )?)?;
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
            (StatusCode::SERVICE_UNAVAILABLE, "storage does not answer\n").into_response()
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
