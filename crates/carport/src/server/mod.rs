//! The running server: parts, routes, listener.

mod admission;
pub mod app;
mod arrival;
mod connection;
mod control;
mod dashboard;
mod front;
pub mod health;
mod journaling;
mod listener;
mod mail;
mod maintenance;
mod own_api;
mod owners;
mod parts;
mod patience;
mod previews;
mod provider;
mod record;
mod routes;
pub mod tls;
mod trouble;
mod tunnel;
mod usage;

pub use listener::{Listener, Opening};
pub use parts::{Parts, Seed, read_brands, read_models, read_translations};

use std::future::Future;
use std::sync::Arc;

use carport_model::SystemClock;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::admin::{self, Administration, ReadyLine};
use crate::config::{Config, General, Limits};
use crate::data::DataFolder;
use crate::original_hosts::{Doors, OriginalHosts, Wanted};
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
    /// Host names of somebody else's: `dev` only.
    pub original_hosts: Option<Wanted>,
}

/// A server that listens but does not serve yet.
pub struct Server {
    parts: Parts,
    listener: Listener,
    metrics: Option<Listener>,
    original_hosts: Option<Doors>,
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
        // Clients judge certificates by the machine's clock, whatever this server's own says.
        let clock = Arc::new(SystemClock);
        let original_hosts = start
            .original_hosts
            .map(|wanted| Doors::open(wanted, start.folder.path(), clock))
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
            original_hosts,
            requests: limits.requests,
            folder: start.folder,
        })
    }

    /// The parts, for seeding.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// How to come by an original host, where that is wanted.
    #[must_use]
    pub fn original_hosts(&self) -> Option<&OriginalHosts> {
        self.original_hosts.as_ref().map(|doors| &doors.view)
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
            tokio::spawn(listener.serve(Arc::new(front), std::future::pending()))
        });
        let maintenance = maintenance::start(self.parts.clone());
        let usage = usage::start(self.parts.vehicle_api.usage.clone());
        ready(&line);
        // One front for all listeners: what is in work is bounded once.
        let front = Arc::new(Front::new(&self.parts, routes, self.requests));
        let (stop, stopped) = watch::channel(());
        let mut others = JoinSet::new();
        if let Some(doors) = self.original_hosts {
            for listener in [doors.tls, doors.proxy] {
                others.spawn(listener.serve(front.clone(), until(stopped.clone())));
            }
        }
        let stopping = self.parts.stopping.clone();
        let shutdown = async {
            shutdown.await;
            // Open streams end, or they would be requests in flight for ever.
            stopping.begin();
            drop(stop);
        };
        self.listener.serve(front, shutdown).await;
        others.join_all().await;
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

/// Completes when the sender is gone.
async fn until(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}
