//! What a request passes between the listener and the routes: its body arrives, it gets a place or
//! is turned away, and it is told when the server is about to stop.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::http::header::{ACCEPT, CONNECTION, RETRY_AFTER, TRANSFER_ENCODING};
use axum::http::request::Parts as Head;
use axum::http::{HeaderValue, Method, Version};
use axum::response::Response;
use carport_model::{RequestId, Rng};
use carport_vehicle_api::{VehicleApi, version};
use carport_web::layers::REQUEST_ID;
use carport_web::sender::Remote;
use carport_web::words::Catalogues;
use carport_web::{Refusal, paths};
use hyper::body::Incoming;
use hyper::{Request, Uri};
use tower::ServiceExt as _;

use super::Parts;
use super::admission::Admission;
use super::arrival;
use super::health::Metrics;
use super::journaling::{Incoming as Journaled, Journaling};
use super::patience::{Activity, Answered};
use super::trouble;

/// The front of a set of routes. One for all connections of a listener.
pub(super) struct Front {
    routes: Router,
    admission: Admission,
    stopping: AtomicBool,
    vehicle_api: VehicleApi,
    rng: Arc<dyn Rng>,
    metrics: Arc<Metrics>,
    journaling: Option<Journaling>,
    trusted_proxies: Arc<[IpAddr]>,
    translations: Catalogues,
}

impl Front {
    /// The front of `routes` with `places` for requests in work.
    pub(super) fn new(parts: &Parts, routes: Router, places: usize) -> Self {
        Self {
            routes,
            admission: Admission::new(places),
            stopping: AtomicBool::new(false),
            vehicle_api: parts.vehicle_api.clone(),
            rng: parts.rng.clone(),
            metrics: parts.metrics.clone(),
            trusted_proxies: parts.trusted_proxies.clone(),
            translations: parts.translations.clone(),
            journaling: parts.journal.clone().map(|journal| Journaling {
                journal,
                clock: parts.clock.clone(),
            }),
        }
    }

    /// From now on every answer of HTTP/1 is the last of its connection.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Notes that a connection found no place.
    pub(super) fn note_full(&self) {
        self.metrics.turned_away();
    }

    /// An id for an answer that no request was read for.
    pub(super) fn draw_id(&self) -> RequestId {
        RequestId::draw(&self.rng)
    }

    /// Answers a request. It counts as work of its connection until the answer is out.
    ///
    /// # Errors
    /// A fault on demand cuts the connection.
    pub(super) async fn answer(
        self: Arc<Self>,
        activity: Arc<Activity>,
        request: Request<Incoming>,
    ) -> io::Result<Response<Answered>> {
        let peer = activity.peer();
        let in_work = activity.begin().await;
        let journaled = self.journaling.as_ref();
        let journaled = journaled.map(|all| Box::new(all.begin(request.method(), request.uri())));
        let (mut head, body) = addressed(request).into_parts();
        self.note_sender(&mut head, peer);
        // hyper drops a Content-Length beside a Transfer-Encoding, so whether both were sent cannot
        // be told here; a connection with both must not be used again (RFC 9112, 6.1).
        let chunked = !body.is_end_stream() && head.headers.contains_key(TRANSFER_ENCODING);
        let is_http1 = head.version < Version::HTTP_2;
        let mut response = match arrival::arrived(body).await {
            Ok(body) => self.routed(head, body, journaled).await?,
            Err(refusal) => self.refused(refusal, &head),
        };
        if is_http1 && (chunked || self.stopping.load(Ordering::Relaxed)) {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        Ok(response.map(|body| Answered::new(body, in_work)))
    }

    /// Tells the doors that people sign in at who sends the request. Others would pay for what they
    /// do not ask.
    fn note_sender(&self, head: &mut Head, peer: Option<IpAddr>) {
        let path = head.uri.path();
        let is_asked = path.starts_with("/dashboard") || path == "/me" || path.starts_with("/me/");
        if let Some(peer) = peer.filter(|_| is_asked) {
            let remote = Remote::of(peer, &head.headers, &self.trusted_proxies);
            head.extensions.insert(remote);
        }
    }

    /// What the routes answer, with what goes wrong on demand.
    async fn routed(
        &self,
        head: Head,
        body: Body,
        journaled: Option<Box<Journaled>>,
    ) -> io::Result<Response> {
        match journaled {
            None => trouble::sent(self.admit(head, body).await).await,
            // In a box: other servers would move the room for it with each request.
            Some(journaled) => Box::pin(self.journaled(head, body, journaled)).await,
        }
    }

    /// The same, journaled, on a `dev` server.
    async fn journaled(
        &self,
        head: Head,
        body: Body,
        mut journaled: Box<Journaled>,
    ) -> io::Result<Response> {
        let body = journaled.look(&head.headers, body).await;
        let response = self.admit(head, body).await;
        // The entry is there before the answer is, and after all waits.
        let (response, _outgoing) = journaled.finish(response).await;
        trouble::sent(response).await
    }

    async fn admit(&self, head: Head, body: Body) -> Response {
        let place = self.admission.enter(&head.method);
        if place.is_none() && !is_probe(head.uri.path()) {
            drop(body);
            self.admission.hold_back().await;
            return self.refused(Refusal::Busy, &head);
        }
        let request = Request::from_parts(head, body);
        let answered = self.routes.clone().oneshot(request).await;
        answered.unwrap_or_else(|never| match never {})
    }

    /// The refusal in the tongue of the request's door.
    fn refused(&self, refusal: Refusal, head: &Head) -> Response {
        self.metrics.refused(refusal);
        let id = RequestId::draw(&self.rng);
        let mut response = match Tongue::of(head) {
            Tongue::OAuth => carport_oauth::http::refused(refusal),
            Tongue::Vehicles => self.vehicle_api.refused(refusal, id),
            Tongue::Page => {
                let language = self.translations.liked_by(&head.headers);
                language.speak(|| refusal.page(id))
            }
            Tongue::Line => refusal.line(),
        };
        let headers = response.headers_mut();
        if let Some(seconds) = refusal.retry_after() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Ok(id) = id.to_string().parse() {
            headers.insert(REQUEST_ID, id);
        }
        response
    }
}

/// Whoever watches a busy server must learn that it is alive, or it would be restarted.
fn is_probe(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

/// How a refusal is worded.
#[derive(Debug, PartialEq, Eq)]
enum Tongue {
    OAuth,
    Vehicles,
    Page,
    Line,
}

impl Tongue {
    fn of(head: &Head) -> Self {
        let path = head.uri.path();
        let is_version = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        // Under /v2 lies what the browser SDK loads.
        let is_browsers = path.starts_with("/v2/");
        if !is_browsers && path.strip_prefix("/v").is_some_and(is_version) {
            return Self::Vehicles;
        }
        let accepts = head
            .headers
            .get(ACCEPT)
            .and_then(|value| value.to_str().ok());
        if accepts.is_some_and(|accepts| accepts.contains("text/html")) {
            return Self::Page;
        }
        // The bare origin is the token endpoint of some SDKs.
        let is_oauth = path == "/oauth" || path.starts_with("/oauth/");
        if is_oauth || (path == "/" && head.method == Method::POST) {
            return Self::OAuth;
        }
        Self::Line
    }
}

/// The request as the routes know it: one slash between segments, none at the end, and versions of
/// the vehicle API that are served like v2.0 under that name.
fn addressed(request: Request<Incoming>) -> Request<Incoming> {
    let mut request = paths::normalised(request);
    if let Some(served) = version::rewrite(request.uri().path()) {
        if served.is_old {
            request.extensions_mut().insert(version::OldVersion);
        }
        let query = request
            .uri()
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        let path = served.path.trim_end_matches('/');
        if let Ok(uri) = format!("{path}{query}").parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_tongue() {
        let tongue = |method: &str, path: &str, accept: &str| {
            let request = Request::builder().method(method).uri(path);
            let request = request.header(ACCEPT, accept).body(()).unwrap();
            Tongue::of(&request.into_parts().0)
        };
        assert_eq!(tongue("POST", "/oauth/token", "*/*"), Tongue::OAuth);
        assert_eq!(tongue("POST", "/", "*/*"), Tongue::OAuth);
        assert_eq!(tongue("GET", "/", "*/*"), Tongue::Line);
        assert_eq!(tongue("GET", "/v2.0/user", "text/html"), Tongue::Vehicles);
        assert_eq!(tongue("GET", "/vehicles", ""), Tongue::Line);
        let browser = "text/html,application/xhtml+xml";
        assert_eq!(tongue("GET", "/oauth/authorize", browser), Tongue::Page);
        assert_eq!(tongue("GET", "/v2/redirect", browser), Tongue::Page);
        assert_eq!(tongue("GET", "/v2/redirect.js", "*/*"), Tongue::Line);
        assert_eq!(tongue("GET", "/v3/vehicles", browser), Tongue::Vehicles);
        assert_eq!(tongue("GET", "/oauthority", ""), Tongue::Line);
    }
}
