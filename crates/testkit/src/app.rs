//! Calls a router in this process.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tower::ServiceExt as _;

/// A router under test.
#[derive(Debug, Clone)]
pub struct TestApp(Router);

impl TestApp {
    /// Serves a router, with all its layers, to the calls of a test.
    #[must_use]
    pub fn serving(router: Router) -> Self {
        Self(router)
    }

    /// The same router, whose requests carry `extension` as if the listener had put it there.
    #[must_use]
    pub fn with_extension(&self, extension: impl Clone + Send + Sync + 'static) -> Self {
        Self(self.0.clone().layer(axum::Extension(extension)))
    }

    /// A request to `path`, to be filled and sent.
    ///
    /// # Panics
    /// When `path` is no path.
    pub fn request(&self, method: Method, path: &str) -> TestRequest {
        let request = Request::builder().method(method).uri(path);
        TestRequest {
            app: self.0.clone(),
            request: request.body(Body::empty()).expect("a path"),
        }
    }

    /// A GET request.
    pub fn get(&self, path: &str) -> TestRequest {
        self.request(Method::GET, path)
    }

    /// A POST request.
    pub fn post(&self, path: &str) -> TestRequest {
        self.request(Method::POST, path)
    }
}

/// A request that is being put together.
#[must_use = "a request does nothing until it is sent"]
#[derive(Debug)]
pub struct TestRequest {
    app: Router,
    request: Request<Body>,
}

impl TestRequest {
    /// Sets a header.
    ///
    /// # Panics
    /// When name or value cannot stand in a header.
    pub fn header(mut self, name: impl TryInto<HeaderName>, value: &str) -> Self {
        let name = name.try_into().ok().expect("a header's name");
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        self.request.headers_mut().insert(name, value);
        self
    }

    /// `Authorization: Bearer`.
    pub fn bearer(self, token: &str) -> Self {
        self.header(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// `Authorization: Basic`, with both halves as they are.
    pub fn basic(self, id: &str, secret: &str) -> Self {
        let encoded = STANDARD.encode(format!("{id}:{secret}"));
        self.header(header::AUTHORIZATION, &format!("Basic {encoded}"))
    }

    /// A form as the body.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.body("application/x-www-form-urlencoded", form)
    }

    /// JSON as the body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Any body.
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        *self.request.body_mut() = Body::from(body.into());
        self.header(header::CONTENT_TYPE, content_type)
    }

    /// Sends the request and waits for the head of the answer: its body may have no end.
    pub async fn open(self) -> Response {
        let Ok(response) = self.app.oneshot(self.request).await;
        response
    }

    /// Sends the request and waits for the whole answer.
    ///
    /// # Panics
    /// When the answer breaks off.
    pub async fn send(self) -> Answer {
        let (head, body) = self.open().await.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX)
            .await
            .expect("the answer is whole");
        Answer {
            status: head.status,
            headers: head.headers,
            body,
        }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// A header's text; `""` when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as text.
    ///
    /// # Panics
    /// When it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {:?}", self.text()))
    }

    /// The body as JSON, with ids and times hidden, for snapshots.
    #[must_use]
    pub fn redacted(&self) -> Value {
        crate::redacted(self.json())
    }
}
