//! A server that answers as a test says and remembers what it was asked. Tests only.

use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Stops when dropped.
pub(crate) struct Stub {
    pub(crate) origin: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    server: JoinHandle<()>,
}

/// A request.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) body: String,
    headers: HeaderMap,
}

impl Seen {
    /// The header, or the empty string.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// Status, headers and body.
pub(crate) type Answer = (u16, Vec<(&'static str, String)>, String);

/// An answer without headers of its own.
pub(crate) fn plain(status: u16, body: impl Into<String>) -> Answer {
    (status, Vec::new(), body.into())
}

impl Stub {
    /// Gives every request the same answer.
    pub(crate) async fn answering(
        status: u16,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> Self {
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        let answer = (status, headers.collect(), body.to_owned());
        Self::with(move |_| answer.clone()).await
    }

    /// Answers each request as the function says.
    pub(crate) async fn with(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        let (seen, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(answer));
        let app = axum::Router::new().fallback({
            let seen = Arc::clone(&seen);
            async move |request: Request| {
                let (head, sent) = request.into_parts();
                let sent = to_bytes(sent, usize::MAX).await.expect("a complete body");
                let request = Seen {
                    method: head.method.to_string(),
                    target: head.uri.to_string(),
                    body: String::from_utf8_lossy(&sent).into_owned(),
                    headers: head.headers,
                };
                let (status, headers, body) = answer(&request);
                seen.lock()
                    .expect("nobody panics with the lock")
                    .push(request);
                let mut response = Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                response.body(Body::from(body)).expect("a valid answer")
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("it is bound"));
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("the stub serves");
        });
        Self {
            origin,
            seen,
            server,
        }
    }

    /// The last request.
    pub(crate) fn seen(&self) -> Seen {
        self.all().pop().expect("a request came")
    }

    /// All requests so far.
    pub(crate) fn all(&self) -> Vec<Seen> {
        let seen = self.seen.lock().expect("nobody panics with the lock");
        seen.clone()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.server.abort();
    }
}
