//! PostgreSQL: a pool of connections, transactions that are repeated when they collide.

use std::time::Duration;

use deadpool_postgres::{
    Client, GenericClient, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime,
};
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::sqlite::table_of;
use super::tx::{Engine, Tx};
use super::{Row, Value};
use crate::StoreError;
use crate::cache::Caches;

/// How often a unit that collided with another is run before its caller is told.
const ATTEMPTS: usize = 5;

/// How long a caller waits for the database, all attempts together. With [`LIMITS`] no transaction
/// stays open longer than nine seconds, also when the network swallows what it says: less than the
/// change log looks back (`dialect.rs`).
const PATIENCE: Duration = Duration::from_secs(4);
/// What the server ends by itself, in milliseconds. A migration lifts the first.
const LIMITS: &str = "-c statement_timeout=3000 -c idle_in_transaction_session_timeout=2000";

pub(super) fn pool(url: &str) -> Result<Pool, StoreError> {
    let mut config: tokio_postgres::Config = url
        .parse()
        .map_err(|_| StoreError::BadUrl(without_password(url)))?;
    config
        .application_name("carport")
        .connect_timeout(Duration::from_secs(3))
        .keepalives_idle(Duration::from_secs(10))
        .keepalives_interval(Duration::from_secs(5))
        .keepalives_retries(2)
        .tcp_user_timeout(Duration::from_secs(10));
    let own = config.get_options().unwrap_or_default();
    config.options(format!("{LIMITS} {own}"));
    let manager = Manager::from_config(
        config,
        NoTls,
        ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        },
    );
    Pool::builder(manager)
        .max_size(16)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(3)))
        .create_timeout(Some(Duration::from_secs(3)))
        .build()
        .map_err(|error| StoreError::Unavailable(Box::new(error)))
}

/// A database address with its password starred, fit for messages.
pub(super) fn without_password(url: &str) -> String {
    // The other place for it, among the settings.
    let url = match url.split_once("password=") {
        Some((before, password)) => {
            let end = password.find(['&', ' ']).unwrap_or(password.len());
            &format!("{before}password=***{}", &password[end..])
        }
        None => url,
    };
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 < at => {
            let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
            format!("{}://{user}:***{}", &url[..scheme], &url[at..])
        }
        _ => url.to_owned(),
    }
}

/// Whether a unit is to begin a transaction, or is one statement, which PostgreSQL commits by itself: one
/// round trip instead of three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    Transaction,
    Nothing,
}

pub(super) async fn write<F, T, E>(
    pool: &Pool,
    caches: &Caches,
    unit: F,
    begin: Begin,
) -> Result<T, E>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send,
    E: From<StoreError>,
{
    with_client(pool, async |client| {
        for _ in 0..ATTEMPTS {
            let outcome = match begin {
                Begin::Transaction => attempt(client, caches, &unit).await,
                Begin::Nothing => attempt_alone(client, caches, &unit).await,
            };
            if let Some(outcome) = outcome {
                return outcome;
            }
        }
        Err(StoreError::Busy.into())
    })
    .await
}

/// Runs a unit once; `None` when it collided with another and is to be run again.
async fn attempt<F, T, E>(client: &mut Client, caches: &Caches, unit: &F) -> Option<Result<T, E>>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send,
    E: From<StoreError>,
{
    let transaction = match client.transaction().await {
        Ok(transaction) => transaction,
        Err(error) => return Some(Err(StoreError::from(error).into())),
    };
    let mut tx = Tx::new(Engine::Postgres(&transaction));
    let outcome = unit(&mut tx).await;
    let outcome = tx.conclude(outcome);
    let (changes, conflict) = (std::mem::take(&mut tx.changes), tx.conflict);
    match outcome {
        Ok(value) => match transaction.commit().await {
            Ok(()) => {
                caches.apply(&changes);
                Some(Ok(value))
            }
            Err(error) if is_conflict(&error) => None,
            Err(error) => Some(Err(StoreError::from(error).into())),
        },
        Err(_) if conflict => None,
        // Dropping the transaction rolls it back.
        Err(error) => Some(Err(error)),
    }
}

/// As [`attempt`], for a unit of one statement.
async fn attempt_alone<F, T, E>(client: &Client, caches: &Caches, unit: &F) -> Option<Result<T, E>>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send,
    E: From<StoreError>,
{
    let mut tx = Tx::new(Engine::PostgresAlone(Some(client)));
    let outcome = unit(&mut tx).await;
    let outcome = tx.conclude(outcome);
    if outcome.is_ok() {
        caches.apply(&tx.changes);
    } else if tx.conflict {
        return None;
    }
    Some(outcome)
}

pub(super) async fn read<F, T, E>(pool: &Pool, unit: F) -> Result<T, E>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send,
    E: From<StoreError>,
{
    with_client(pool, async |client| {
        unit(&mut Tx::new(Engine::PostgresClient(client))).await
    })
    .await
}

/// Lends a connection. One that does not answer in time is not lent again.
async fn with_client<T, E>(
    pool: &Pool,
    work: impl AsyncFnOnce(&mut Client) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<StoreError>,
{
    let mut lent = None;
    let working = async {
        let client = pool.get().await.map_err(StoreError::from)?;
        work(lent.insert(client)).await
    };
    if let Ok(outcome) = tokio::time::timeout(PATIENCE, working).await {
        return outcome;
    }
    if let Some(client) = lent {
        drop(Client::take(client));
    }
    let late = format!("no answer within {PATIENCE:?}");
    Err(StoreError::Unavailable(late.into()).into())
}

/// Serialisation failure or deadlock: PostgreSQL asks to run the transaction again.
pub(super) fn is_conflict(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
    })
}

pub(super) async fn exec<C: GenericClient>(
    client: &C,
    sql: &'static str,
    params: &[Value],
) -> Result<u64, tokio_postgres::Error> {
    let statement = client.prepare_cached(sql).await?;
    client.execute(&statement, &borrowed(params)).await
}

pub(super) async fn rows<C: GenericClient>(
    client: &C,
    sql: &'static str,
    params: &[Value],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let statement = client.prepare_cached(sql).await?;
    let answer = client.query(&statement, &borrowed(params)).await?;
    answer
        .iter()
        .map(|row| {
            let values = (0..row.len())
                .map(|column| value(row, column))
                .collect::<Result<_, _>>()?;
            Ok(Row {
                table: table_of(sql),
                values,
            })
        })
        .collect()
}

fn borrowed(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}

fn value(row: &tokio_postgres::Row, column: usize) -> Result<Value, tokio_postgres::Error> {
    let ty = row.columns()[column].type_();
    Ok(if *ty == Type::INT8 {
        row.try_get::<_, Option<i64>>(column)?
            .map_or(Value::Null, Value::Int)
    } else if *ty == Type::BYTEA {
        row.try_get::<_, Option<Vec<u8>>>(column)?
            .map_or(Value::Null, Value::Bytes)
    } else {
        row.try_get::<_, Option<String>>(column)?
            .map_or(Value::Null, Value::Text)
    })
}
