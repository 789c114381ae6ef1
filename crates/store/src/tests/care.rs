//! Checks and backups.

use super::database::Database;
use super::engine::put;
use super::on_both_engines;
use crate::care::{self, Health};
use crate::{Store, StoreError, StoreUrl, Tx, migrations, token_pairs};

on_both_engines! {
    async fn a_sound_database_is_found_sound(database) {
        database.owner().await;
        let found = care::check(&database.url).await.unwrap();
        let expected = Health { schema: migrations::newest(), problems: Vec::new() };
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn a_check_names_what_is_wrong_and_changes_nothing() {
    let database = Database::sqlite().await;
    database.owner().await;
    database
        .raw("PRAGMA foreign_keys = OFF; DELETE FROM accounts")
        .await;
    let problems = care::check(&database.url).await.unwrap().problems;
    assert_eq!(problems, ["a row of users points nowhere"]);
    database
        .raw("INSERT INTO schema_migrations (version, name) VALUES (9999, 'later')")
        .await;
    let refused = care::check(&database.url).await;
    assert!(
        matches!(refused, Err(StoreError::Newer { found: 9999, .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn looking_at_a_file_that_is_not_there_does_not_make_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("carport.db");
    let refused = care::check(&StoreUrl::Sqlite(path.clone())).await;
    assert!(
        matches!(refused, Err(StoreError::CannotOpen { .. })),
        "{refused:?}"
    );
    let copy = folder.path().join("copy.db");
    assert!(care::backup(&path, &copy).await.is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn only_our_own_database_is_checked_and_copied() {
    let folder = tempfile::tempdir().unwrap();
    let (foreign, letter) = (folder.path().join("f.db"), folder.path().join("letter"));
    rusqlite::Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE cars (id INTEGER)")
        .unwrap();
    std::fs::write(&letter, "Dear customer, ".repeat(200)).unwrap();
    for path in [&foreign, &letter] {
        let checked = care::check(&StoreUrl::Sqlite(path.clone())).await;
        let copied = care::backup(path, &folder.path().join("copy.db")).await;
        for refused in [checked.map(drop), copied] {
            assert!(
                matches!(
                    refused,
                    Err(StoreError::Foreign(_) | StoreError::NotADatabase(_))
                ),
                "{path:?}: {refused:?}"
            );
        }
    }
    assert!(!folder.path().join("copy.db").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_whole_while_a_server_writes() {
    let database = Database::sqlite().await;
    let owner = database.owner().await;
    let store = database.store.clone();
    let writing = tokio::spawn(async move {
        for number in 0..200 {
            let name = number.to_string();
            let written = store.write(async move |tx: &mut Tx<'_>| put(tx, &name, "value").await);
            written.await.unwrap();
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let source = database.store.sqlite_path().unwrap();
    care::backup(source, &copy).await.unwrap();
    writing.await.unwrap();
    let url = StoreUrl::Sqlite(copy.clone());
    assert!(care::check(&url).await.unwrap().problems.is_empty());
    let restored = Store::open(&url).await.unwrap();
    let found = restored
        .read(async |tx: &mut Tx<'_>| token_pairs::access(tx, &owner.pair.access).await)
        .await;
    assert_eq!(found.unwrap().unwrap().user, owner.user);
    // An older backup is not written over.
    let again = care::backup(source, &copy).await;
    assert!(
        matches!(again, Err(StoreError::CannotOpen { .. })),
        "{again:?}"
    );
}
