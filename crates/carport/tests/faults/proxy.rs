//! A network between a server and PostgreSQL that can be cut.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Everything arrives.
    Whole,
    /// Connections break, new ones are refused.
    Refused,
    /// Nothing arrives, and nobody says so.
    Swallowed,
}

/// Forwards a port of its own to a server.
pub struct Proxy {
    pub port: u16,
    network: Arc<watch::Sender<Network>>,
}

impl Proxy {
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let network = Arc::new(watch::Sender::new(Network::Whole));
        let state = Arc::clone(&network);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *state.borrow() != Network::Refused {
                    tokio::spawn(forward(client, server.clone(), state.subscribe()));
                }
            }
        });
        Self { port, network }
    }

    pub fn set(&self, network: Network) {
        self.network.send_replace(network);
    }
}

async fn forward(client: TcpStream, server: String, mut network: watch::Receiver<Network>) {
    let mut ends = network.clone();
    // One that comes while nothing arrives waits as its packets would.
    drop(network.wait_for(|now| *now != Network::Swallowed).await);
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = carry(from_client, to_server, network.clone()) => {}
        () = carry(from_server, to_client, network) => {}
        _ = ends.wait_for(|now| *now == Network::Refused) => {}
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut network: watch::Receiver<Network>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let Ok(count @ 1..) = from.read(&mut buffer).await else {
            return;
        };
        drop(network.wait_for(|now| *now != Network::Swallowed).await);
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
