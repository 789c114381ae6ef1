//! Units of work: what is kept, what is not, and how parameters are bound.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Barrier;

use super::database::Database;
use super::on_both_engines;
use crate::engine::Value;
use crate::{StoreError, Tx};

const PUT: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const GET: &str = "SELECT value FROM settings WHERE name = $1";
// The numbers appear out of order, and one of them twice.
const MOVE: &str = "UPDATE settings SET value = $2 WHERE name = $1 AND value <> $2";
const SWAPPED: &str = "SELECT CAST($3 AS BIGINT), CAST($1 AS TEXT), CAST($2 AS TEXT)";

pub(super) async fn put(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.exec(PUT, &[name.into(), value.into()]).await.map(drop)
}

pub(super) async fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    let row = tx.row(GET, &[name.into()]).await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

async fn value_of(database: &Database, name: &'static str) -> Option<String> {
    database
        .read(async move |tx: &mut Tx<'_>| get(tx, name).await)
        .await
}

/// What a unit answers that refuses with an effect, and one that fails.
#[derive(Debug, PartialEq)]
enum Outcome {
    Refused,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("no")]
    No,
    #[error(transparent)]
    Store(#[from] StoreError),
}

on_both_engines! {
    async fn parameters_out_of_order_bind_by_their_number(database) {
        let affected = database
            .write(async |tx: &mut Tx<'_>| {
                put(tx, "name", "old").await?;
                put(tx, "new", "untouched").await?;
                tx.exec(MOVE, &["name".into(), "new".into()]).await
            })
            .await;
        assert_eq!(affected, 1);
        assert_eq!(value_of(database, "name").await.as_deref(), Some("new"));
        assert_eq!(value_of(database, "new").await.as_deref(), Some("untouched"));
        let row = database
            .read(async |tx: &mut Tx<'_>| {
                tx.row(SWAPPED, &["first".into(), "second".into(), Value::Int(3)]).await
            })
            .await
            .unwrap();
        let expected = [Value::Int(3), "first".into(), "second".into()];
        assert_eq!(row.values, expected);
    }

    async fn every_kind_of_value_comes_back(database) {
        const ALL: &str = "SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BYTEA), \
                           CAST($4 AS TEXT)";
        let values = [
            Value::Int(i64::MIN),
            "ü \u{1f697} '; DROP TABLE settings; --".into(),
            Value::Bytes(vec![0, 255, 7]),
            Value::Null,
        ];
        let row = database
            .read(async |tx: &mut Tx<'_>| tx.row(ALL, &values).await)
            .await
            .unwrap();
        // SQLite has no type BYTEA and gives the bytes back as it got them.
        assert_eq!(row.values[..2], values[..2]);
        assert_eq!(row.values[3], Value::Null);
        if database.is_postgres() {
            assert_eq!(row.values[2], values[2]);
        }
    }

    async fn a_refusal_with_an_effect_is_kept(database) {
        let outcome = database
            .store
            .write(async |tx: &mut Tx<'_>| {
                put(tx, "family", "revoked").await?;
                Ok::<_, StoreError>(Outcome::Refused)
            })
            .await
            .unwrap();
        assert_eq!(outcome, Outcome::Refused);
        assert_eq!(value_of(database, "family").await.as_deref(), Some("revoked"));
    }

    async fn an_error_rolls_everything_back(database) {
        let outcome = database
            .store
            .write(async |tx: &mut Tx<'_>| {
                put(tx, "family", "revoked").await?;
                Err::<(), _>(Failure::No)
            })
            .await;
        assert!(matches!(outcome, Err(Failure::No)));
        assert_eq!(value_of(database, "family").await, None);
    }

    // PostgreSQL commits nothing after a failed statement; a unit that overlooks one must not
    // believe that it was kept, on either engine.
    async fn a_failed_statement_cannot_be_overlooked(database) {
        const AGAIN: &str = "INSERT INTO settings (name, value) VALUES ($1, $2)";
        let outcome = database
            .store
            .write(async |tx: &mut Tx<'_>| {
                put(tx, "name", "value").await?;
                let failed = tx.exec(AGAIN, &["name".into(), "other".into()]).await;
                assert!(failed.is_err());
                Ok::<_, StoreError>(())
            })
            .await;
        assert!(matches!(outcome, Err(StoreError::Engine(_))), "{outcome:?}");
        assert_eq!(value_of(database, "name").await, None);
    }

    async fn a_unit_may_be_written_from_a_spawned_task(database) {
        let store = database.store.clone();
        let name = String::from("task");
        let written = tokio::spawn(async move {
            store
                .write(async move |tx: &mut Tx<'_>| {
                    put(tx, &name, "done").await?;
                    get(tx, &name).await
                })
                .await
        });
        assert_eq!(written.await.unwrap().unwrap().as_deref(), Some("done"));
        let store = database.store.clone();
        let scanned = tokio::spawn(async move {
            store.scan(async |tx: &mut Tx<'_>| get(tx, "task").await).await
        });
        assert_eq!(scanned.await.unwrap().unwrap().as_deref(), Some("done"));
    }

    async fn a_store_that_answers_says_so(database) {
        database.store.ping().await.unwrap();
        assert_eq!(database.store.sqlite_path().is_none(), database.is_postgres());
    }
}

#[tokio::test]
async fn readers_of_a_file_cannot_write() {
    let database = Database::sqlite().await;
    let refused = database
        .store
        .read(async |tx: &mut Tx<'_>| put(tx, "name", "value").await)
        .await;
    assert!(matches!(refused, Err(StoreError::Engine(_))), "{refused:?}");
}

#[tokio::test]
async fn units_that_lock_each_other_out_are_run_again() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    database
        .write(async |tx: &mut Tx<'_>| {
            put(tx, "a", "0").await?;
            put(tx, "b", "0").await
        })
        .await;
    let runs = Arc::new(AtomicUsize::new(0));
    let both_hold_one = Arc::new(Barrier::new(2));
    let crossing = |first: &'static str, second: &'static str| {
        let (runs, both_hold_one) = (Arc::clone(&runs), Arc::clone(&both_hold_one));
        database.store.write(async move |tx: &mut Tx<'_>| {
            put(tx, first, second).await?;
            // Only the first run of each waits for the other; a repetition just goes on.
            if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                both_hold_one.wait().await;
            }
            put(tx, second, first).await
        })
    };
    let (one, other) = tokio::join!(crossing("a", "b"), crossing("b", "a"));
    one.unwrap();
    other.unwrap();
    // One of them gave way at least once.
    assert!(runs.load(Ordering::SeqCst) >= 3);
    database.remove().await;
}

#[test]
fn what_may_pass_is_told_from_what_will_not() {
    assert!(StoreError::Busy.is_temporary());
    assert!(StoreError::Full.is_temporary());
    assert!(StoreError::Unavailable("gone".into()).is_temporary());
    assert!(!StoreError::Panicked.is_temporary());
    let corrupt = StoreError::Corrupt {
        table: "users",
        column: 1,
    };
    assert!(!corrupt.is_temporary());
    assert_eq!(corrupt.to_string(), "a row of users is damaged in column 1");
}
