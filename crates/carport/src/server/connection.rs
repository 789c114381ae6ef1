//! One connection: a tunnel or TLS where it is wanted, then HTTP/1 or HTTP/2 until either side has enough.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use carport_model::RequestId;
use carport_web::Refusal;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::front::Front;
use super::listener::Opening;
use super::patience::{Activity, Patient};
use super::tunnel;

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(15);
/// Largest head of a request; more is answered 431.
const HEAD_LIMIT: usize = 64 * 1024;
/// Requests of one HTTP/2 connection at once; browsers and SDKs open a dozen.
const STREAMS: u32 = 100;
/// Streams that a client may begin and reset before they were looked at, and those that the server
/// may reset for its mistakes. One more ends the connection ("rapid reset", CVE-2023-44487).
const RESETS: usize = 20;
/// Bytes of answers that wait for a slow reader, for each stream of HTTP/2.
const WAITING: usize = 64 * 1024;

/// Connections beyond the bound that are told so at once; more are just closed.
pub(super) const TURNED_AWAY: usize = 64;

/// Serves a connection to its end.
pub(super) async fn serve(
    stream: TcpStream,
    peer: IpAddr,
    opening: Opening,
    (front, watcher): (Arc<Front>, Watcher),
) {
    let activity = Arc::new(Activity::new(peer));
    let stream = Patient::new(stream, activity.clone());
    match opening {
        Opening::Plain => talk(stream, activity, front, watcher).await,
        Opening::Tls(tls) => secure(Box::new(stream), tls, activity, front, watcher).await,
        Opening::Tunnel(tls) => {
            if let Some(stream) = tunnel::enter(stream).await {
                secure(Box::new(stream), tls, activity, front, watcher).await;
            }
        }
    }
}

/// Bytes to and from a client. Whatever they pass below TLS, the HTTP engine above it is the same
/// code, of which one copy is large enough.
trait Bytes: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Bytes for S {}

async fn secure(
    stream: Box<dyn Bytes>,
    tls: TlsAcceptor,
    activity: Arc<Activity>,
    front: Arc<Front>,
    watcher: Watcher,
) {
    match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => talk(stream, activity, front, watcher).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn talk<S>(stream: S, activity: Arc<Activity>, front: Arc<Front>, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        front.clone().answer(activity.clone(), request)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        // `Patient` limits heads and silence, without setting a timer for each request.
        .header_read_timeout(None)
        .max_buf_size(HEAD_LIMIT)
        .half_close(false);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_pending_accept_reset_streams(RESETS)
        .max_local_error_reset_streams(RESETS)
        .max_header_list_size(64 * 1024)
        // Unread bodies wait in memory, 64 KiB of each stream and 256 KiB of a connection at most.
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(256 * 1024)
        .max_send_buf_size(WAITING);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Tells a client that there are too many connections, without reading its request.
pub(super) async fn turn_away(stream: TcpStream, id: RequestId) {
    let mut stream = Patient::new(stream, Arc::default());
    let body = format!("{}\n", Refusal::Busy.message());
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\
         sc-request-id: {id}\r\ncontent-type: text/plain; charset=utf-8\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    // Ends with a pause in which the request is taken, or closing would reset the answer.
    if stream.write_all(answer.as_bytes()).await.is_ok() {
        drop(stream.shutdown().await);
    }
}
