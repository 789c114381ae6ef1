//! Room 2: what every request passes, whatever door it goes to.

use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderName;
use axum::middleware::{self, Next};
use axum::response::Response;
use carport_model::{RequestId, Rng};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tracing::Instrument as _;

/// Header that carries the request's id on every answer.
///
/// Source: contract connect-oauth, B.6: an SDK raises when it is missing.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("sc-request-id");

/// Puts the request id and the span around everything `router` answers, unknown paths included.
pub fn identified<S>(router: Router<S>, rng: Arc<dyn Rng>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(middleware::from_fn_with_state(rng, identify))
}

/// Gives the request its [`RequestId`] (in the extensions), a span that tells method and route,
/// and the answer its `sc-request-id`.
///
/// The span never holds a query or a full path: both may carry tokens or personal data.
pub async fn identify(
    State(rng): State<Arc<dyn Rng>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::draw(&rng);
    request.extensions_mut().insert(id);
    let span = tracing::info_span!(
        "web.request",
        request.id = %id,
        http.method = %request.method(),
        http.route = route(&request),
    );
    let mut response = next.run(request).instrument(span).await;
    // A UUID is ASCII, so the value is always legal.
    if let Ok(value) = id.to_string().parse() {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The route's pattern, or the first segment of a path that no route matches.
fn route(request: &Request) -> String {
    if let Some(matched) = request.extensions().get::<MatchedPath>() {
        return matched.as_str().to_owned();
    }
    let first = request.uri().path().split('/').nth(1).unwrap_or_default();
    format!("/{}", first.chars().take(32).collect::<String>())
}

/// Compression of pages with gzip and brotli, for clients that ask for it.
///
/// Level 4: on the brand page it is within five percent of the best at a tenth of the time.
#[must_use]
pub fn compression() -> CompressionLayer {
    CompressionLayer::new().quality(CompressionLevel::Precise(4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::{Request, StatusCode, header};
    use axum::routing::get;
    use carport_model::SeededRng;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn every_answer_has_its_own_id() {
        let id = async |id: axum::Extension<RequestId>| id.0.to_string();
        let app = identified(
            Router::new().route("/x", get(id)),
            Arc::new(SeededRng::new(0, 0)),
        );
        let mut seen = Vec::new();
        for path in ["/x", "/x", "/nowhere"] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = app.clone().oneshot(request).await.unwrap();
            seen.push(answer.headers()[REQUEST_ID].to_str().unwrap().to_owned());
            if answer.status() == StatusCode::OK {
                let body = axum::body::to_bytes(answer.into_body(), 99).await.unwrap();
                assert_eq!(body, seen.last().unwrap().as_bytes());
            }
        }
        seen.dedup();
        assert_eq!(seen.len(), 3);
    }

    #[tokio::test]
    async fn pages_are_compressed_when_asked() {
        let app = Router::new()
            .route("/", get(async || "long ".repeat(500)))
            .layer(compression());
        for (accept, encoding) in [("gzip", Some("gzip")), ("br", Some("br")), ("", None)] {
            let request = Request::get("/").header(header::ACCEPT_ENCODING, accept);
            let answer = app.clone().oneshot(request.body(Body::empty()).unwrap());
            let answer = answer.await.unwrap();
            let sent = answer.headers().get(header::CONTENT_ENCODING);
            assert_eq!(sent.map(|value| value.to_str().unwrap()), encoding);
        }
    }
}
