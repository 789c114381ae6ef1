//! What a store function works on.

use crate::change_log::Change;
use crate::engine::{Row, Value, postgres, sqlite};
use crate::{StoreError, dialect};

/// A unit of work in progress, on either engine. It has two verbs and remembers which cached
/// answers its effects make stale.
pub struct Tx<'a> {
    engine: Engine<'a>,
    /// Applied to the caches after the commit, before the caller is answered.
    pub(crate) changes: Vec<Change>,
    /// The last place, in the order of digests, of an access token that this unit issued.
    pub(crate) issued: u64,
    /// PostgreSQL asked to run the unit again.
    pub(crate) conflict: bool,
    /// A statement failed, after which PostgreSQL commits nothing.
    failed: bool,
    /// The disk was full, for which SQLite may end the transaction of a whole group.
    pub(super) full: bool,
}

pub(super) enum Engine<'a> {
    Sqlite(&'a mut rusqlite::Connection),
    Postgres(&'a deadpool_postgres::Transaction<'a>),
    /// Reads outside a transaction.
    PostgresClient(&'a deadpool_postgres::Client),
    /// A statement that is a transaction by itself; `None` once it ran.
    PostgresAlone(Option<&'a deadpool_postgres::Client>),
}

impl<'a> Tx<'a> {
    pub(super) fn new(engine: Engine<'a>) -> Self {
        Self {
            engine,
            changes: Vec::new(),
            issued: 0,
            conflict: false,
            failed: false,
            full: false,
        }
    }

    /// The outcome of a unit that has ended. One that overlooked a failed statement fails now, on
    /// either engine, since PostgreSQL would answer its commit with a silent rollback.
    pub(super) fn conclude<T, E: From<StoreError>>(&self, outcome: Result<T, E>) -> Result<T, E> {
        if self.failed && outcome.is_ok() {
            let overlooked = "a unit of work went on after a failed statement";
            return Err(StoreError::Engine(overlooked.into()).into());
        }
        outcome
    }

    /// Runs a statement and tells how many rows it affected.
    pub(crate) async fn exec(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<u64, StoreError> {
        let outcome = match &mut self.engine {
            Engine::Sqlite(connection) => {
                sqlite::exec(connection, sql, params).map_err(Failure::Sqlite)
            }
            Engine::Postgres(transaction) => postgres::exec(*transaction, sql, params)
                .await
                .map_err(Failure::Postgres),
            Engine::PostgresClient(client) => postgres::exec(*client, sql, params)
                .await
                .map_err(Failure::Postgres),
            Engine::PostgresAlone(client) => match client.take() {
                Some(client) => postgres::exec(client, sql, params)
                    .await
                    .map_err(Failure::Postgres),
                None => Err(Failure::NotAlone),
            },
        };
        self.noting_failures(outcome)
    }

    /// Runs a statement and returns its rows.
    pub(crate) async fn rows(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        let outcome = match &mut self.engine {
            Engine::Sqlite(connection) => {
                sqlite::rows(connection, sql, params).map_err(Failure::Sqlite)
            }
            Engine::Postgres(transaction) => postgres::rows(*transaction, sql, params)
                .await
                .map_err(Failure::Postgres),
            Engine::PostgresClient(client) => postgres::rows(*client, sql, params)
                .await
                .map_err(Failure::Postgres),
            Engine::PostgresAlone(client) => match client.take() {
                Some(client) => postgres::rows(client, sql, params)
                    .await
                    .map_err(Failure::Postgres),
                None => Err(Failure::NotAlone),
            },
        };
        self.noting_failures(outcome)
    }

    /// The first row, or `None`.
    pub(crate) async fn row(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// The dialect of the engine, for the few statements that differ.
    pub(crate) fn dialect(&self) -> dialect::Dialect {
        match self.engine {
            Engine::Sqlite(_) => dialect::Dialect::Sqlite,
            Engine::Postgres(_) | Engine::PostgresClient(_) | Engine::PostgresAlone(_) => {
                dialect::Dialect::Postgres
            }
        }
    }

    fn noting_failures<T>(&mut self, outcome: Result<T, Failure>) -> Result<T, StoreError> {
        outcome.map_err(|failure| {
            self.failed = true;
            match failure {
                Failure::Sqlite(error) => {
                    self.full |= matches!(error, StoreError::Full);
                    error
                }
                Failure::Postgres(error) => {
                    self.conflict |= postgres::is_conflict(&error);
                    error.into()
                }
                Failure::NotAlone => {
                    let more = "a unit that was to run one statement ran another";
                    StoreError::Engine(more.into())
                }
            }
        })
    }
}

/// Why a statement failed, in the engine's own words.
enum Failure {
    Sqlite(StoreError),
    Postgres(tokio_postgres::Error),
    /// A second statement, where the first was a transaction by itself.
    NotAlone,
}
