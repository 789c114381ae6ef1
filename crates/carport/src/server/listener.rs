//! The listener: connections in, requests to the doors, an orderly end.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use carport_vehicle_api::version;
use carport_web::paths;
use hyper::body::Incoming;
use hyper::{Request, Uri};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::tls;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// How long requests in flight may take after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);
/// Largest head of a request; more is answered 431.
const HEAD_LIMIT: usize = 64 * 1024;

/// A bound port.
pub struct Listener {
    tcp: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
}

impl Listener {
    /// Binds `address`, with TLS when a certificate and key are named.
    ///
    /// # Errors
    /// The port is in use or may not be used; certificate or key cannot be read.
    pub async fn bind(
        address: SocketAddr,
        certificate: Option<&(PathBuf, PathBuf)>,
    ) -> anyhow::Result<Self> {
        let tls = certificate
            .map(|(chain, key)| tls::acceptor(chain, key))
            .transpose()?;
        let tcp = TcpListener::bind(address).await.with_context(|| {
            format!("cannot listen on {address}; choose another address with --listen")
        })?;
        let address = tcp.local_addr()?;
        Ok(Self { tcp, address, tls })
    }

    /// The bound address, with the real port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` completes, then lets requests in flight finish.
    pub async fn serve(self, routes: Router, shutdown: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let stream = tokio::select! {
                accepted = self.tcp.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        // Out of descriptors: accepting again at once would spin.
                        tracing::error!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = &mut shutdown => break,
            };
            // Small answers must not wait for more to send.
            drop(stream.set_nodelay(true));
            let watcher = graceful.watcher();
            let routes = routes.clone();
            let tls = self.tls.clone();
            tokio::spawn(async move {
                match tls {
                    None => talk(stream, routes, watcher).await,
                    Some(tls) => shake_hands(tls, stream, routes, watcher).await,
                }
            });
        }
        drop(self.tcp);
        if tokio::time::timeout(GRACE, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("some requests did not finish within ten seconds");
        }
    }
}

type Watcher = hyper_util::server::graceful::Watcher;

async fn shake_hands(tls: TlsAcceptor, stream: TcpStream, routes: Router, watcher: Watcher) {
    match tokio::time::timeout(HEAD_TIMEOUT, tls.accept(stream)).await {
        Ok(Ok(stream)) => talk(stream, routes, watcher).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn talk<S>(stream: S, routes: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        routes.clone().oneshot(addressed(request))
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_LIMIT)
        .half_close(false);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(64 * 1024);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// The request as the routes know it: one slash between segments, none at the end, and versions of
/// the vehicle API that are served like v2.0 under that name.
fn addressed(request: Request<Incoming>) -> Request<Incoming> {
    let mut request = paths::normalised(request);
    if let Some(path) = version::rewrite(request.uri().path()) {
        let query = request
            .uri()
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        if let Ok(uri) = format!("{}{query}", path.trim_end_matches('/')).parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}
