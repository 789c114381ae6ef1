//! The listener: connections in, as many as there may be, and an orderly end.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::front::Front;
use super::{connection, tls};

/// How long requests in flight may take after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long kept connections without a request stay open then: a request that is on its way
/// already is answered and told that it was the last.
const LAST_CALL: Duration = Duration::from_secs(1);
/// Connections that may wait to be accepted; the kernel may allow fewer.
const BACKLOG: u32 = 4096;

/// A bound port.
pub struct Listener {
    tcp: TcpListener,
    address: SocketAddr,
    opening: Opening,
    connections: usize,
}

/// What a connection begins with.
#[derive(Clone)]
pub enum Opening {
    /// Requests, at once.
    Plain,
    /// A TLS handshake.
    Tls(TlsAcceptor),
    /// `CONNECT` to one of the original hosts, then a TLS handshake.
    Tunnel(TlsAcceptor),
}

impl Listener {
    /// Binds `address`, with TLS when a certificate and key are named, for this many connections.
    ///
    /// # Errors
    /// The port is in use or may not be used; certificate or key cannot be read.
    pub fn bind(
        address: SocketAddr,
        certificate: Option<&(PathBuf, PathBuf)>,
        connections: usize,
    ) -> anyhow::Result<Self> {
        let opening = match certificate {
            Some((chain, key)) => Opening::Tls(tls::acceptor(chain, key)?),
            None => Opening::Plain,
        };
        Self::open(address, opening, connections).with_context(|| {
            format!("cannot listen on {address}; choose another address with --listen")
        })
    }

    /// Binds `address` for this many connections.
    ///
    /// # Errors
    /// The port is in use or may not be used.
    pub fn open(
        address: SocketAddr,
        opening: Opening,
        connections: usize,
    ) -> std::io::Result<Self> {
        let tcp = listen(address)?;
        let address = tcp.local_addr()?;
        Ok(Self {
            tcp,
            address,
            opening,
            connections,
        })
    }

    /// The bound address, with the real port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` completes, then lets requests in flight finish.
    pub(super) async fn serve(self, front: Arc<Front>, shutdown: impl Future<Output = ()>) {
        let doorman = Doorman {
            front: front.clone(),
            graceful: GracefulShutdown::new(),
            opening: self.opening,
            open: Arc::default(),
            turning_away: Arc::default(),
            most: self.connections,
        };
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                accepted = self.tcp.accept() => match accepted {
                    Ok((stream, peer)) => doorman.receive(stream, peer),
                    Err(error) => {
                        // Out of descriptors: accepting again at once would spin.
                        tracing::error!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
                () = &mut shutdown => break,
            }
        }
        front.stop();
        doorman.receive_the_last(self.tcp);
        doorman.close().await;
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A restart must not wait for connections of the last run.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Lets connections in, or turns them away.
struct Doorman {
    front: Arc<Front>,
    graceful: GracefulShutdown,
    opening: Opening,
    open: Arc<AtomicUsize>,
    turning_away: Arc<AtomicUsize>,
    most: usize,
}

impl Doorman {
    fn receive(&self, stream: TcpStream, peer: SocketAddr) {
        // Small answers must not wait for more to send.
        drop(stream.set_nodelay(true));
        let Some(place) = Place::take(&self.open, self.most) else {
            self.front.note_full();
            self.turn_away(stream);
            return;
        };
        let watcher = self.graceful.watcher();
        let (front, opening) = (self.front.clone(), self.opening.clone());
        tokio::spawn(async move {
            connection::serve(stream, peer.ip(), opening, (front, watcher)).await;
            drop(place);
        });
    }

    /// A client that speaks TLS cannot be told why before it has cost a handshake.
    fn turn_away(&self, stream: TcpStream) {
        if !matches!(self.opening, Opening::Tls(_))
            && let Some(place) = Place::take(&self.turning_away, connection::TURNED_AWAY)
        {
            let id = self.front.draw_id();
            tokio::spawn(async move {
                connection::turn_away(stream, id).await;
                drop(place);
            });
        }
    }

    /// Connections that the kernel made before the server was asked to stop would be reset with
    /// the listener.
    fn receive_the_last(&self, listener: TcpListener) {
        let Ok(listener) = listener.into_std() else {
            return;
        };
        while let Ok((stream, peer)) = listener.accept() {
            let stream = stream
                .set_nonblocking(true)
                .and_then(|()| TcpStream::from_std(stream));
            if let Ok(stream) = stream {
                self.receive(stream, peer);
            }
        }
    }

    async fn close(self) {
        let finished = async {
            let called = async {
                while self.graceful.count() > 0 {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            drop(tokio::time::timeout(LAST_CALL, called).await);
            self.graceful.shutdown().await;
        };
        if tokio::time::timeout(GRACE, finished).await.is_err() {
            tracing::warn!("some requests did not finish within ten seconds");
        }
    }
}

/// One of the places for connections, free again when this is dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(taken: &Arc<AtomicUsize>, places: usize) -> Option<Self> {
        let before = taken.fetch_add(1, Ordering::Relaxed);
        let place = Self(taken.clone());
        (before < places).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
