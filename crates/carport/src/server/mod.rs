//! The running server: parts, routes, listener.

mod admission;
pub mod app;
mod arrival;
mod connection;
mod front;
pub mod health;
mod listener;
mod maintenance;
mod parts;
mod patience;
mod record;
mod tls;
mod usage;

pub use listener::Listener;
pub use parts::{Parts, Seed, read_brands};

use std::future::Future;

use crate::admin::{self, Administration, ReadyLine};
use crate::config::{Config, General, Limits};
use crate::data::DataFolder;
use front::Front;

/// Connections to a listener that has numbers only.
const METRICS_CONNECTIONS: usize = 64;

/// How a server is started.
pub struct Start<'a> {
    /// Settings.
    pub config: &'a Config,
    /// Where data lies.
    pub folder: DataFolder,
    /// Ids and secrets repeat: `dev` only.
    pub seed: Option<Seed>,
}

/// A server that listens but does not serve yet.
pub struct Server {
    parts: Parts,
    listener: Listener,
    metrics: Option<Listener>,
    requests: usize,
    folder: DataFolder,
}

impl Server {
    /// Binds the listener, opens storage and puts everything together.
    ///
    /// # Errors
    /// One line each that says what to do: port in use, folder not writable, database of a newer
    /// version, a setting that does not read.
    pub async fn prepare(start: Start<'_>) -> anyhow::Result<Self> {
        let general = General::read(start.config)?;
        let limits = Limits::read(start.config)?;
        let listener = Listener::bind(general.listen, general.tls.as_ref(), limits.connections)?;
        let metrics = general
            .metrics_listen
            .map(|address| Listener::bind(address, None, METRICS_CONNECTIONS))
            .transpose()?;
        let public_url = general.public_url_at(listener.address())?;
        let parts = Parts::assemble(
            start.config,
            &general,
            &start.folder,
            public_url,
            start.seed,
        )
        .await?;
        Ok(Self {
            parts,
            listener,
            metrics,
            requests: limits.requests,
            folder: start.folder,
        })
    }

    /// The parts, for seeding.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Serves until `shutdown` completes, then finishes what is in flight, ten seconds at most, and
    /// writes out the request log and what plans count.
    /// `ready` is called when requests are being accepted.
    ///
    /// # Errors
    /// The socket for commands cannot be made.
    pub async fn serve(
        self,
        line: ReadyLine,
        ready: impl FnOnce(&ReadyLine),
        shutdown: impl Future<Output = ()>,
    ) -> anyhow::Result<()> {
        let routes = app::routes(&self.parts, self.metrics.is_none());
        let administration = Administration::new(self.parts.clone(), line.clone());
        let socket = admin::listen(self.folder.path(), administration)?;
        let metrics = self.metrics.map(|listener| {
            let routes = health::metrics_routes(&self.parts);
            let front = Front::new(&self.parts, routes, METRICS_CONNECTIONS);
            tokio::spawn(listener.serve(front, std::future::pending()))
        });
        let maintenance = maintenance::start(self.parts.clone());
        let usage = usage::start(self.parts.vehicle_api.clone());
        ready(&line);
        let front = Front::new(&self.parts, routes, self.requests);
        self.listener.serve(front, shutdown).await;
        maintenance.abort();
        if let Some(usage) = usage {
            usage.finish().await;
        }
        if let Some(log) = self.parts.request_log {
            // It waits for the disk.
            drop(tokio::task::spawn_blocking(move || log.close()).await);
        }
        if let Some(metrics) = metrics {
            metrics.abort();
        }
        socket.close();
        Ok(())
    }
}
