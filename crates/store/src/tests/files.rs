//! Opening: what is kept, what is refused, and the sentence that says why.

use std::path::Path;

use super::database::{Database, client};
use super::engine::{get, put};
use super::on_both_engines;
use crate::{Store, StoreError, StoreUrl, Tx, migrations, token_pairs};

async fn refusal(path: &Path) -> StoreError {
    Store::open(&StoreUrl::Sqlite(path.to_owned()))
        .await
        .unwrap_err()
}

on_both_engines! {
    async fn reopening_keeps_everything(database) {
        let owner = database.owner().await;
        let again = database.replica().await;
        let found = again
            .read(async |tx: &mut Tx<'_>| token_pairs::access(tx, &owner.pair.access).await)
            .await
            .unwrap();
        assert_eq!(found.unwrap().user, owner.user);
    }

    async fn a_newer_schema_is_refused(database) {
        database.raw("INSERT INTO schema_migrations (version, name) VALUES (9999, 'later')").await;
        let refused = Store::open(&database.url).await.unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 9999, .. }), "{refused:?}");
        let StoreError::Newer { known, .. } = refused else { unreachable!() };
        assert_eq!(
            refused.to_string(),
            format!(
                "the database has schema 9999, this Carport knows {known}; start the newer \
                 Carport, or restore a backup"
            )
        );
    }
}

#[tokio::test]
async fn what_was_written_is_there_when_the_store_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::in_folder(folder.path());
    let store = Store::open(&url).await.unwrap();
    store
        .write(async |tx: &mut Tx<'_>| put(tx, "name", "value").await)
        .await
        .unwrap();
    drop(store);
    let store = Store::open(&url).await.unwrap();
    let found = store
        .read(async |tx: &mut Tx<'_>| get(tx, "name").await)
        .await;
    assert_eq!(found.unwrap().as_deref(), Some("value"));
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, sql) in [
        ("tables.db", "CREATE TABLE cars (id INTEGER)"),
        ("marked.db", "PRAGMA application_id = 7"),
    ] {
        let path = folder.path().join(name);
        rusqlite::Connection::open(&path)
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        let before = std::fs::read(&path).unwrap();
        let refused = refusal(&path).await;
        assert!(matches!(refused, StoreError::Foreign(_)), "{refused:?}");
        let expected = format!(
            "{} is a database of another program; name another file",
            path.display()
        );
        assert_eq!(refused.to_string(), expected);
        assert_eq!(std::fs::read(&path).unwrap(), before, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    let letter = "Dear customer, ".repeat(200);
    std::fs::write(&path, &letter).unwrap();
    let refused = refusal(&path).await;
    assert!(
        matches!(refused, StoreError::NotADatabase(_)),
        "{refused:?}"
    );
    let expected = format!(
        "{} is not a database or is damaged; restore a backup, or name another file",
        path.display()
    );
    assert_eq!(refused.to_string(), expected);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), letter);
}

#[tokio::test]
async fn a_damaged_database_is_told_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::in_folder(folder.path());
    drop(Store::open(&url).await.unwrap());
    let path = folder.path().join("carport.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // The list of tables begins on the first page, behind the file's head.
    bytes[100..4096].fill(0xAA);
    std::fs::write(&path, bytes).unwrap();
    let refused = refusal(&path).await;
    assert!(
        matches!(refused, StoreError::NotADatabase(_)),
        "{refused:?}"
    );
}

/// Not by taking permissions away, since tests may run as root, whom that does not stop.
#[tokio::test]
async fn a_place_where_no_file_can_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    for path in [
        folder.path().join("missing").join("carport.db"),
        file.join("carport.db"),
        folder.path().to_owned(),
        Path::new("/proc/carport.db").to_owned(),
    ] {
        let refused = refusal(&path).await;
        assert!(
            matches!(refused, StoreError::CannotOpen { .. }),
            "{path:?}: {refused:?}"
        );
        let sentence = refused.to_string();
        let start = format!("{} cannot be opened: ", path.display());
        assert!(sentence.starts_with(&start), "{sentence}");
        assert_eq!(
            sentence.matches(&*path.to_string_lossy()).count(),
            1,
            "{sentence}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("postgres://carport:secret@127.0.0.1:{port}/carport")
        .parse()
        .unwrap();
    let refused = Store::open(&url).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    assert!(!format!("{refused} {refused:?}").contains("secret"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_start_together_migrate_once() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    database
        .raw("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        .await;
    let (a, b, c) = tokio::join!(
        Store::open(&database.url),
        Store::open(&database.url),
        Store::open(&database.url)
    );
    for store in [a, b, c] {
        store.unwrap().ping().await.unwrap();
    }
    database.remove().await;
}

#[tokio::test]
async fn a_lost_connection_is_made_anew() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let StoreUrl::Postgres(url) = &database.url else {
        unreachable!("this is PostgreSQL")
    };
    database.store.ping().await.unwrap();
    client(url)
        .await
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = 'carport'",
        )
        .await
        .unwrap();
    // The call that meets the dead connection may fail, as temporary; then it works again.
    while let Err(error) = database.store.ping().await {
        assert!(error.is_temporary(), "{error:?}");
        tokio::task::yield_now().await;
    }
    database.remove().await;
}

/// The schema holds what rule 1 of the data model allows, nothing else.
#[test]
fn migrations_use_three_types() {
    let lines = migrations::texts().flat_map(str::lines);
    let mut in_table = false;
    for line in lines {
        in_table = line.starts_with("CREATE TABLE") || (in_table && !line.starts_with(')'));
        let column = match line.split_once("ADD COLUMN ") {
            Some((_, added)) => added,
            None if in_table && line.starts_with("    ") => line,
            None => continue,
        };
        let mut words = column
            .split_whitespace()
            .map(|word| word.trim_end_matches([',', ';']));
        let (first, second) = (words.next().unwrap(), words.next());
        if ["--", "UNIQUE", "PRIMARY", "FOREIGN"].contains(&first) {
            continue;
        }
        assert!(
            matches!(second, Some("TEXT" | "BIGINT" | "BYTEA")),
            "{line}"
        );
    }
}
