//! The writer of an SQLite file: many units, one commit, and nobody pays for another's failure.

use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

use futures_util::FutureExt as _;
use tokio::task::{JoinHandle, JoinSet};

use super::database::Database;
use super::engine::{get, put};
use crate::engine::Value;
use crate::{Store, StoreError, Tx};

/// Units that may wait, as the engine has it.
const QUEUE: usize = 1024;

/// Keeps the writer busy inside a unit until the sender is used or dropped.
async fn hold(store: &Store) -> (Sender<()>, JoinHandle<Result<(), StoreError>>) {
    let (release, held) = channel();
    let (started, running) = tokio::sync::oneshot::channel();
    let (held, started) = (Mutex::new(held), Mutex::new(Some(started)));
    let store = store.clone();
    let holder = tokio::spawn(async move {
        store
            .write(async move |_: &mut Tx<'_>| {
                started.lock().unwrap().take().unwrap().send(()).unwrap();
                let _released_or_dropped = held.lock().unwrap().recv();
                Ok::<_, StoreError>(())
            })
            .await
    });
    running.await.unwrap();
    (release, holder)
}

async fn count(database: &Database) -> i64 {
    const COUNT: &str = "SELECT COUNT(*) FROM settings";
    database
        .read(async |tx: &mut Tx<'_>| tx.row(COUNT, &[]).await?.unwrap().int(0))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writes_at_once_all_land() {
    let database = Database::sqlite().await;
    let mut writers = JoinSet::new();
    for number in 0..600 {
        let store = database.store.clone();
        writers.spawn(async move {
            let name = number.to_string();
            store
                .write(async move |tx: &mut Tx<'_>| put(tx, &name, "value").await)
                .await
        });
    }
    for outcome in writers.join_all().await {
        outcome.unwrap();
    }
    assert_eq!(count(&database).await, 600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_or_an_error_in_a_group_harms_no_other() {
    let database = Database::sqlite().await;
    let store = &database.store;
    let (release, holder) = hold(store).await;
    let write = |name: &'static str, end: fn() -> Result<(), StoreError>| {
        store.write(async move |tx: &mut Tx<'_>| {
            put(tx, name, "value").await?;
            end()
        })
    };
    let before = write("before", || Ok(()));
    let panicking = write("panicking", || panic!("on purpose"));
    let failing = write("failing", || Err(StoreError::Full));
    let after = write("after", || Ok(()));
    let released = async { drop(release) };
    // Joined in this order, all four are queued before the writer goes on.
    let (before, panicking, failing, after, ()) =
        tokio::join!(before, panicking, failing, after, released);
    before.unwrap();
    assert!(
        matches!(panicking, Err(StoreError::Panicked)),
        "{panicking:?}"
    );
    assert!(matches!(failing, Err(StoreError::Full)), "{failing:?}");
    after.unwrap();
    holder.await.unwrap().unwrap();
    for (name, kept) in [
        ("before", true),
        ("panicking", false),
        ("failing", false),
        ("after", true),
    ] {
        let found = database
            .read(async move |tx: &mut Tx<'_>| get(tx, name).await)
            .await;
        assert_eq!(found.is_some(), kept, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_is_busy_at_once_and_loses_nothing() {
    let database = Database::sqlite().await;
    let (release, holder) = hold(&database.store).await;
    let mut queued = 0;
    let refused = loop {
        let name = queued.to_string();
        let write = database
            .store
            .write(async move |tx: &mut Tx<'_>| put(tx, &name, "value").await);
        // Polled once, the unit is queued; that its caller goes away does not take it back.
        match write.now_or_never() {
            None => queued += 1,
            Some(outcome) => break outcome,
        }
    };
    assert_eq!(queued, QUEUE);
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    drop(release);
    holder.await.unwrap().unwrap();
    // The queue is worked off in order, so once this one is through, all before it are.
    loop {
        let last = database
            .store
            .write(async |tx: &mut Tx<'_>| put(tx, "last", "value").await)
            .await;
        match last {
            Ok(()) => break,
            Err(error) => assert!(matches!(error, StoreError::Busy), "{error:?}"),
        }
    }
    assert_eq!(count(&database).await, i64::try_from(QUEUE + 1).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_awaits_something_else_is_stopped() {
    let database = Database::sqlite().await;
    let stopped = database
        .store
        .write(async |tx: &mut Tx<'_>| {
            put(tx, "name", "value").await?;
            std::future::pending::<()>().await;
            Ok::<_, StoreError>(())
        })
        .await;
    assert!(matches!(stopped, Err(StoreError::Panicked)), "{stopped:?}");
    assert_eq!(count(&database).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_leaves_the_store_working() {
    const BIG: usize = 4_000_000;
    const BYTES: &str = "INSERT INTO settings (name, value) VALUES ('big', $1)";
    let database = Database::sqlite().await;
    let full = database
        .store
        .write(async |tx: &mut Tx<'_>| {
            // What the limit of a disk looks like to SQLite; it holds for this connection.
            tx.rows("PRAGMA max_page_count = 200", &[]).await?;
            put(tx, "small", "value").await?;
            tx.exec(BYTES, &[Value::Bytes(vec![0; BIG])]).await
        })
        .await;
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    assert_eq!(count(&database).await, 0);
    database
        .write(async |tx: &mut Tx<'_>| put(tx, "small", "value").await)
        .await;
    assert_eq!(count(&database).await, 1);
}
