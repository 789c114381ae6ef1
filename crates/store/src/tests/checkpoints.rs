//! The log of an SQLite file: it stays short under load, and nothing of it is lost.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::engine::{get, put};
use crate::{Store, StoreUrl, Tx};

/// Bytes of a page, and so of a value that fills one.
const PAGE: usize = 4096;
/// Commits of a load, each of some three pages at least.
const COMMITS: u32 = 3_000;

async fn store(folder: &Path) -> Store {
    Store::open(&StoreUrl::in_folder(folder)).await.unwrap()
}

/// Commits one after the other; the longest that the log was.
async fn load(store: &Store, log: &Path) -> u64 {
    let value: &'static str = "x".repeat(PAGE).leak();
    let mut longest = 0;
    for number in 0..COMMITS {
        let unit = async move |tx: &mut Tx<'_>| put(tx, &number.to_string(), value).await;
        store.write(unit).await.unwrap();
        if number % 50 == 0 {
            longest = longest.max(fs::metadata(log).unwrap().len());
        }
    }
    longest
}

#[tokio::test]
async fn the_log_stays_short_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let store_of_it = store(folder.path()).await;
    let log = folder.path().join("carport.db-wal");
    let longest = load(&store_of_it, &log).await;
    let written = u64::from(COMMITS) * 2 * PAGE as u64;
    assert!(longest < written / 2, "{longest} of {written}");
    // What a crash leaves is whole: another process would read the same.
    let copy = tempfile::tempdir().unwrap();
    for name in ["carport.db", "carport.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let found: i64 = Connection::open(copy.path().join("carport.db"))
        .unwrap()
        .query_row(
            "SELECT COUNT(*) FROM settings WHERE length(value) = 4096",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(found, i64::from(COMMITS));
}

#[tokio::test]
async fn a_reader_of_an_old_page_holds_up_the_log_and_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let store_of_it = store(folder.path()).await;
    let log = folder.path().join("carport.db-wal");
    let reader = Connection::open(folder.path().join("carport.db")).unwrap();
    let count = "SELECT COUNT(*) FROM settings WHERE length(value) = 4096";
    let counted = || {
        reader
            .query_row(count, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    reader.execute_batch("BEGIN").unwrap();
    assert_eq!(counted(), 0);
    load(&store_of_it, &log).await;
    assert_eq!(counted(), 0, "a reader sees what was when it began");
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(counted(), i64::from(COMMITS));
    // Nobody holds it back any more: the log begins anew instead of growing on.
    let before = fs::metadata(&log).unwrap().len();
    load(&store_of_it, &log).await;
    let after = fs::metadata(&log).unwrap().len();
    assert!(after < before + before / 2, "{before} grew to {after}");
    drop(reader);
    drop(store_of_it);
    assert!(!log.exists(), "the last one out leaves no log");
    let again = store(folder.path()).await;
    let found = again
        .read(async |tx: &mut Tx<'_>| get(tx, "2999").await)
        .await;
    assert_eq!(found.unwrap().unwrap().len(), PAGE);
}
