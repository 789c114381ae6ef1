//! The store itself: picks the engine, keeps the caches.

use std::sync::Arc;
use std::time::Duration;

use carport_model::{ApplicationId, Digest, UserId, VehicleId};
use deadpool_postgres::Pool;

use super::postgres::Begin;
use super::sqlite::{self, Sqlite};
use super::tx::Tx;
use super::url::StoreUrl;
use super::{inspect, postgres};
use crate::cache::{AccessGrant, Caches, Client};
use crate::remembered::{Access, Remembered};
use crate::token_pairs::Found;
use crate::{
    StoreError, applications, change_log, client_secrets, connect_settings, connections,
    migrations, token_pairs,
};

/// How often a process asks PostgreSQL what other replicas ended.
const POLL: Duration = Duration::from_millis(250);

/// Durable storage. Cheap to clone; the last clone to go closes the database.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    engine: Engine,
    caches: Arc<Caches>,
}

#[derive(Debug)]
enum Engine {
    Sqlite(Sqlite),
    Postgres(Pool),
}

impl Store {
    /// Opens the database, brings its schema up to date and fills nothing else.
    ///
    /// # Errors
    /// The file cannot be opened, is damaged, belongs to another program or to a newer Carport;
    /// or PostgreSQL cannot be reached.
    pub async fn open(url: &StoreUrl) -> Result<Self, StoreError> {
        let (engine, caches) = match url {
            StoreUrl::Sqlite(path) => {
                let last_issued = sqlite::last_place(&mut inspect::open(path)?)?;
                let caches = Arc::new(Caches::trusted(last_issued));
                (
                    Engine::Sqlite(Sqlite::start(path, Arc::clone(&caches))?),
                    caches,
                )
            }
            StoreUrl::Postgres(url) => {
                let pool = postgres::pool(url)?;
                migrations::postgres(&mut pool.get().await?).await?;
                (Engine::Postgres(pool), Arc::new(Caches::polled()))
            }
        };
        let store = Self(Arc::new(Inner { engine, caches }));
        store.follow_changes();
        Ok(store)
    }

    /// Runs one unit of work. When this returns `Ok`, its effects are on disk; an `Err` rolled
    /// them back. A refusal that must keep an effect is an `Ok` of the unit's own type.
    ///
    /// The unit may run more than once on PostgreSQL and must await nothing but store functions.
    ///
    /// # Errors
    /// What the unit returns, or a [`StoreError`] turned into its error type.
    pub async fn write<F, T, E>(&self, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.writer().write(unit).await,
            Engine::Postgres(pool) => {
                postgres::write(pool, &self.0.caches, unit, Begin::Transaction).await
            }
        }
    }

    /// As [`Store::write`], for a unit that on PostgreSQL runs one statement only: that is a transaction
    /// by itself, and neither begins nor commits one.
    ///
    /// # Errors
    /// As [`Store::write`]; a second statement on PostgreSQL fails.
    pub async fn write_alone<F, T, E>(&self, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.writer().write(unit).await,
            Engine::Postgres(pool) => {
                postgres::write(pool, &self.0.caches, unit, Begin::Nothing).await
            }
        }
    }

    /// Runs indexed point reads; on SQLite inline on the calling task, in microseconds.
    ///
    /// # Errors
    /// What the unit returns, or a [`StoreError`] turned into its error type.
    pub async fn read<F, T, E>(&self, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send,
        E: From<StoreError>,
    {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.read(&unit),
            Engine::Postgres(pool) => postgres::read(pool, unit).await,
        }
    }

    /// Runs lists, searches and counts; on SQLite on a thread that may block.
    ///
    /// # Errors
    /// What the unit returns, or a [`StoreError`] turned into its error type.
    pub async fn scan<F, T, E>(&self, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(_) => {
                let store = self.clone();
                let scan = tokio::task::spawn_blocking(move || match &store.0.engine {
                    Engine::Sqlite(sqlite) => sqlite.scan(&unit),
                    Engine::Postgres(_) => Err(StoreError::Panicked.into()),
                });
                scan.await
                    .unwrap_or_else(|_| Err(StoreError::Panicked.into()))
            }
            Engine::Postgres(pool) => postgres::read(pool, unit).await,
        }
    }

    /// What an access token opens: from memory when it was asked before, otherwise one indexed
    /// read. `None` for a token that is unknown or revoked; expiry is the caller's to check.
    ///
    /// # Errors
    /// [`StoreError`] when the answer is not in memory, or too old to trust, and the database
    /// does not answer.
    pub async fn access(&self, token: &Digest) -> Result<Option<Access>, StoreError> {
        let caches = &self.0.caches;
        if let Some(access) = caches.access(token) {
            return Ok(Some(access));
        }
        if caches.is_refused(token) {
            return Ok(None);
        }
        let seen = caches.version();
        let key = *token;
        let found = self
            .read(async move |tx: &mut Tx<'_>| token_pairs::look_up(tx, &key).await)
            .await?;
        Ok(match found {
            Found::Grant(grant) => Some(caches.keep_access(*token, Access::new(grant), seen)),
            Found::Revoked => {
                caches.refuse(*token, seen);
                None
            }
            Found::Nothing => None,
        })
    }

    /// An application with its secrets; from memory when it was asked before.
    ///
    /// # Errors
    /// As [`Store::access`].
    pub async fn client(&self, id: ApplicationId) -> Result<Option<Arc<Client>>, StoreError> {
        let caches = &self.0.caches;
        if let Some(client) = caches.client(id) {
            return Ok(Some(client));
        }
        let seen = caches.version();
        let found = self
            .read(async move |tx: &mut Tx<'_>| {
                let Some(application) = applications::find(tx, id).await? else {
                    return Ok(None);
                };
                let secrets = client_secrets::list(tx, id).await?;
                let settings = connect_settings::find(tx, id).await?;
                Ok::<_, StoreError>(Some(Client {
                    application,
                    secrets,
                    settings: Arc::new(settings),
                }))
            })
            .await?;
        Ok(found.map(|client| caches.keep_client(Arc::new(client), seen)))
    }

    /// The application, if enabled, whose management token this is; one indexed read.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn managed_application(
        &self,
        token: &str,
    ) -> Result<Option<ApplicationId>, StoreError> {
        let digest = Digest::of(token);
        self.read(async move |tx: &mut Tx<'_>| applications::by_management_token(tx, &digest).await)
            .await
    }

    /// As [`Store::access`], without what a read of a car goes on with.
    ///
    /// # Errors
    /// As [`Store::access`].
    pub async fn access_grant(&self, token: &Digest) -> Result<Option<AccessGrant>, StoreError> {
        let access = self.access(token).await?;
        Ok(access.map(|access| access.grant))
    }

    /// The connection of a token's user to a vehicle, as [`Store::connected`]: with the token, when it
    /// was used for the vehicle before.
    ///
    /// # Errors
    /// As [`Store::access`].
    pub async fn car_of(
        &self,
        token: &Digest,
        access: &Access,
        vehicle: VehicleId,
    ) -> Result<Option<Arc<Remembered>>, StoreError> {
        let caches = &self.0.caches;
        if let Some(car) = caches.car_of(access, vehicle) {
            return Ok(Some(car));
        }
        let seen = caches.version();
        let car = self.connected(access.grant.user, vehicle).await?;
        if let Some(car) = &car {
            caches.keep_car_of(*token, car, seen);
        }
        Ok(car)
    }

    /// The connection between a user and a vehicle, with the vehicle and its account; from memory
    /// when it was asked before.
    ///
    /// # Errors
    /// As [`Store::access`].
    pub async fn connected(
        &self,
        user: UserId,
        vehicle: VehicleId,
    ) -> Result<Option<Arc<Remembered>>, StoreError> {
        let caches = &self.0.caches;
        if let Some(connected) = caches.connected(user, vehicle) {
            return Ok(Some(connected));
        }
        let seen = caches.version();
        let found = self
            .read(async move |tx: &mut Tx<'_>| connections::find(tx, user, vehicle).await)
            .await?;
        Ok(found.map(|connected| caches.keep_connected((user, vehicle), connected, seen)))
    }

    /// Whether storage answers, and takes writes as far as this process knows.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn ping(&self) -> Result<(), StoreError> {
        if let Engine::Sqlite(sqlite) = &self.0.engine {
            sqlite.writer().check()?;
        }
        self.read(async |tx: &mut Tx<'_>| {
            tx.row("SELECT MAX(version) FROM schema_migrations", &[])
                .await
        })
        .await
        .map(drop)
    }

    /// Commits, and units of work kept by them, since the store was opened: how well writers share
    /// a flush. `None` on PostgreSQL, which groups by itself.
    #[must_use]
    pub fn commits(&self) -> Option<(u64, u64)> {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => Some(sqlite.writer().counts()),
            Engine::Postgres(_) => None,
        }
    }

    /// Path of the SQLite file; `None` on PostgreSQL.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&std::path::Path> {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => Some(sqlite.path()),
            Engine::Postgres(_) => None,
        }
    }

    /// Whether both caches would answer without the database.
    #[cfg(test)]
    pub(crate) fn remembers(&self, token: &Digest, (user, vehicle): (UserId, VehicleId)) -> bool {
        self.0.caches.access(token).is_some() && self.remembers_car(user, vehicle)
    }

    /// Whether a connection would be found in memory.
    #[cfg(test)]
    pub(crate) fn remembers_car(&self, user: UserId, vehicle: VehicleId) -> bool {
        self.0.caches.connected(user, vehicle).is_some()
    }

    /// On PostgreSQL, learns every 250 ms what other replicas ended. The task ends with the store.
    fn follow_changes(&self) {
        if matches!(self.0.engine, Engine::Sqlite(_)) {
            return;
        }
        let inner = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            let mut tick = tokio::time::interval(POLL);
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                let Some(inner) = inner.upgrade() else { return };
                let store = Store(inner);
                let asked_at = std::time::Instant::now();
                let recent = store
                    .read(async |tx: &mut Tx<'_>| change_log::recent(tx).await)
                    .await;
                match recent {
                    Ok(changes) => store.0.caches.confirm(&changes, asked_at),
                    Err(error) => tracing::warn!(%error, "the change log could not be read"),
                }
            }
        });
    }
}
