//! Writes the bodies of failed answers, around all routes of a door.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::Method;
use axum::response::Response;
use axum::routing::Route;
use carport_model::RequestId;
use tower::{Layer, Service};

use super::{Failure, OldVersion, old};
use crate::Learned;

/// Largest body that an endpoint takes.
const BODY_LIMIT: usize = 256 * 1024;

/// The layer. It needs the public address without a trailing slash, for links in the bodies.
///
/// A service written by hand, for the reason that [`crate::layers`] gives.
#[derive(Clone)]
pub struct Render(pub Arc<str>);

impl Layer<Route> for Render {
    type Service = Rendered;

    fn layer(&self, inner: Route) -> Rendered {
        Rendered {
            inner,
            public_url: Arc::clone(&self.0),
        }
    }
}

/// A route in the layer.
#[derive(Clone)]
pub struct Rendered {
    inner: Route,
    public_url: Arc<str>,
}

impl Service<Request> for Rendered {
    type Response = Response;
    type Error = Infallible;
    type Future = Rendering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // A route always is.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Rendering {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            DefaultBodyLimit::max(BODY_LIMIT).apply(&mut request);
        }
        let id = request.extensions().get::<RequestId>().copied();
        let learned = request.extensions().get::<Learned>().cloned();
        let is_old = request.extensions().get::<OldVersion>().is_some();
        Rendering {
            inner: self.inner.call(request),
            public_url: Arc::clone(&self.public_url),
            id: id.unwrap_or(RequestId::from_bytes([0; 16])),
            learned,
            is_old,
        }
    }
}

/// An answer on its way.
pub struct Rendering {
    inner: <Route as Service<Request>>::Future,
    public_url: Arc<str>,
    id: RequestId,
    learned: Option<Learned>,
    is_old: bool,
}

impl Future for Rendering {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let mut response = ready!(Pin::new(&mut this.inner).poll(context))?;
        if let Some(failure) = response.extensions_mut().remove::<Failure>() {
            if let Some(learned) = &this.learned {
                learned.note_error(failure.spec());
            }
            response = if this.is_old {
                old::answer(&failure, this.id)
            } else {
                failure.answer(&this.public_url, this.id)
            };
        }
        Poll::Ready(Ok(response))
    }
}
