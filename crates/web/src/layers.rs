//! Room 2: what every request passes, whatever door it goes to.
//!
//! One service written by hand: each layer of a router copies all services below it for every
//! request, and a function as middleware boxes its future once more.

use std::cell::Cell;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::Route;
use carport_model::{Clock, RequestId, Rng};
use tower::{Layer, Service};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tracing::Span;

use crate::Learned;
use crate::watch::{Noted, Watch};

/// Header that carries the request's id on every answer.
///
/// Source: contract connect-oauth, B.6: an SDK raises when it is missing.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("sc-request-id");

/// An answered request, as a [`Recorder`] is told of it. Never a path, query, header or body.
#[derive(Debug)]
pub struct Answered<'a> {
    /// Its id.
    pub id: RequestId,
    /// Its method.
    pub method: &'a Method,
    /// Pattern of the route that answered; none for a path that no route matches.
    pub route: Option<&'a str>,
    /// Status of the answer.
    pub status: StatusCode,
    /// Time to the head of the answer.
    pub took: Duration,
    /// What was learned on the way.
    pub learned: &'a Learned,
}

/// Who counts and logs answered requests: handed in, because this crate knows no store. It is
/// called for each request and must not wait.
pub trait Recorder: Send + Sync {
    /// Takes note of one.
    fn record(&self, answered: &Answered<'_>);
}

/// Gives every request that `router` answers, unknown paths included, a [`RequestId`] and a
/// [`Learned`] (in its extensions), a span that tells method and route, and the answer its
/// `sc-request-id`.
///
/// The span never holds a query or a full path: both may carry tokens or personal data.
pub fn identified<S>(router: Router<S>, rng: Arc<dyn Rng>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    attended(router, rng, Attendance::default())
}

/// As [`identified`]; those who attend see every answer.
pub fn attended<S>(router: Router<S>, rng: Arc<dyn Rng>, attendance: Attendance) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(Identify(Arc::new(Desk { rng, attendance })))
}

/// Who sees answers.
#[derive(Clone, Default)]
pub struct Attendance {
    /// Is told of each.
    pub recorder: Option<Arc<dyn Recorder>>,
    /// Marks what was asked to go wrong, and what is journaled.
    pub watch: Option<Watch>,
    /// By which ids of requests tell their time; they tell none without it.
    pub clock: Option<Arc<dyn Clock>>,
}

struct Desk {
    rng: Arc<dyn Rng>,
    attendance: Attendance,
}

#[derive(Clone)]
struct Identify(Arc<Desk>);

impl Layer<Route> for Identify {
    type Service = Identified;

    fn layer(&self, inner: Route) -> Identified {
        Identified {
            inner,
            desk: Arc::clone(&self.0),
        }
    }
}

#[derive(Clone)]
struct Identified {
    inner: Route,
    desk: Arc<Desk>,
}

impl Service<Request> for Identified {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // A route always is.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Answering {
        let started = Instant::now();
        let rng = &self.desk.rng;
        let id = match &self.desk.attendance.clock {
            Some(clock) => RequestId::draw_at(clock.now(), rng),
            None => RequestId::draw(rng),
        };
        // Nothing of this is worked out when the level leaves the span out.
        let span = tracing::info_span!(
            "web.request",
            request.id = %id,
            http.method = %request.method(),
            http.route = route(&request),
        );
        let learned = Learned::since(started);
        let method = request.method().clone();
        let extensions = request.extensions_mut();
        let matched = extensions.get::<MatchedPath>().cloned();
        extensions.insert(id);
        extensions.insert(learned.clone());
        Answering {
            inner: self.inner.call(request),
            desk: Arc::clone(&self.desk),
            span,
            started,
            id,
            method,
            matched,
            learned,
        }
    }
}

/// An answer on its way.
struct Answering {
    inner: <Route as Service<Request>>::Future,
    desk: Arc<Desk>,
    span: Span,
    started: Instant,
    id: RequestId,
    method: Method,
    matched: Option<MatchedPath>,
    learned: Learned,
}

impl Future for Answering {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let polled = {
            let _current = Current::set(this.id);
            let _entered = this.span.enter();
            Pin::new(&mut this.inner).poll(context)
        };
        let mut response = match ready!(polled) {
            Ok(response) => response,
            Err(never) => match never {},
        };
        // A UUID is ASCII, so the value is always legal.
        if let Ok(value) = HeaderValue::from_bytes(&this.id.written()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        if let Some(watch) = &this.desk.attendance.watch {
            let noted = || {
                Some(Noted {
                    id: this.id,
                    route: this.matched.as_ref()?.as_str().to_owned(),
                    learned: this.learned.clone(),
                })
            };
            watch.look_at(&mut response, &this.method, noted);
        }
        if let Some(recorder) = &this.desk.attendance.recorder {
            recorder.record(&Answered {
                id: this.id,
                method: &this.method,
                route: this.matched.as_ref().map(MatchedPath::as_str),
                status: response.status(),
                took: this.started.elapsed(),
                learned: &this.learned,
            });
        }
        Poll::Ready(Ok(response))
    }
}

thread_local! {
    static CURRENT: Cell<Option<RequestId>> = const { Cell::new(None) };
}

/// The request that this thread is at work on. Log lines name it also where the level leaves spans
/// out.
#[must_use]
pub fn current_request() -> Option<RequestId> {
    CURRENT.get()
}

/// Puts back what was current before.
struct Current(Option<RequestId>);

impl Current {
    fn set(id: RequestId) -> Self {
        Self(CURRENT.replace(Some(id)))
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
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
    use axum::http::header;
    use axum::routing::get;
    use carport_model::{ApplicationId, SeededRng};
    use std::sync::Mutex;
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

    /// Lines about answers.
    #[derive(Default)]
    struct Lines(Mutex<Vec<String>>);

    impl Recorder for Lines {
        fn record(&self, answered: &Answered<'_>) {
            let Answered { method, route, .. } = answered;
            let who = answered.learned.application().is_some();
            let line = format!("{method} {route:?} {} {who}", answered.status.as_u16());
            assert!(answered.took > Duration::ZERO);
            self.0.lock().unwrap().push(line);
        }
    }

    #[tokio::test]
    async fn the_recorder_is_told_what_was_learned() {
        let lines = Arc::new(Lines::default());
        let learns = async |learned: axum::Extension<Learned>, id: axum::Extension<RequestId>| {
            assert_eq!(current_request(), Some(id.0));
            learned.note_application(ApplicationId::from_bytes([1; 16]));
        };
        let app = Router::new().route("/x/{id}", get(learns));
        let attendance = Attendance {
            recorder: Some(lines.clone()),
            watch: None,
            clock: None,
        };
        let app = attended(app, Arc::new(SeededRng::new(0, 0)), attendance);
        for (method, path) in [
            ("GET", "/x/1?token=a"),
            ("POST", "/x/2"),
            ("GET", "/secret"),
        ] {
            let request = Request::builder().method(method).uri(path);
            let answer = app.clone().oneshot(request.body(Body::empty()).unwrap());
            answer.await.unwrap();
        }
        assert_eq!(current_request(), None);
        assert_eq!(
            *lines.0.lock().unwrap(),
            [
                "GET Some(\"/x/{id}\") 200 true",
                "POST Some(\"/x/{id}\") 405 false",
                "GET None 404 false"
            ]
        );
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
