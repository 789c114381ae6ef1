//! A server of one fixed answer that remembers what it was asked. Tests only.

use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Stops when dropped.
pub(crate) struct Stub {
    pub(crate) origin: String,
    seen: Arc<Mutex<Option<Seen>>>,
    server: JoinHandle<()>,
}

/// The last request.
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

impl Stub {
    pub(crate) async fn answering(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut answer = Response::builder().status(status);
        for (name, value) in headers {
            answer = answer.header(*name, *value);
        }
        let (parts, body) = answer
            .body(body.to_owned())
            .expect("a valid answer")
            .into_parts();
        let seen = Arc::new(Mutex::new(None));
        let app = axum::Router::new().fallback({
            let seen = Arc::clone(&seen);
            async move |request: Request| {
                let (head, sent) = request.into_parts();
                let sent = to_bytes(sent, usize::MAX).await.expect("a complete body");
                *seen.lock().expect("nobody panics with the lock") = Some(Seen {
                    method: head.method.to_string(),
                    target: head.uri.to_string(),
                    body: String::from_utf8_lossy(&sent).into_owned(),
                    headers: head.headers,
                });
                Response::from_parts(parts, Body::from(body))
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

    pub(crate) fn seen(&self) -> Seen {
        let seen = self
            .seen
            .lock()
            .expect("nobody panics with the lock")
            .clone();
        seen.expect("a request came")
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.server.abort();
    }
}
