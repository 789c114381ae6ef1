//! A database for one test.

use std::io::Write as _;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use carport_model::SeededRng;
use tokio_postgres::{Client, NoTls};

use crate::{Store, StoreError, StoreUrl, Tx};

/// A store on a database that no other test sees.
pub(super) struct Database {
    pub(super) store: Store,
    pub(super) url: StoreUrl,
    pub(super) rng: SeededRng,
    home: Home,
}

/// Where the database lies and how to get past the store.
enum Home {
    /// The folder goes with the test.
    Folder { _folder: tempfile::TempDir },
    /// A database of a server.
    Server { server: String, name: String },
}

impl Database {
    pub(super) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = StoreUrl::in_folder(folder.path());
        Self::open(url, Home::Folder { _folder: folder }).await
    }

    /// `None`, and a line that says so, where no server is named.
    pub(super) async fn postgres() -> Option<Self> {
        static SAID: Once = Once::new();
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("CARPORT_TEST_POSTGRES") else {
            SAID.call_once(|| {
                // Not `eprintln!`, which the test harness would keep to itself.
                let line = b"store suite: PostgreSQL skipped, CARPORT_TEST_POSTGRES is not set\n";
                drop(std::io::stderr().write_all(line));
            });
            return None;
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("carport_test_{}_{count}", std::process::id());
        let client = client(&server).await;
        for sql in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name}"),
        ] {
            client.batch_execute(&sql).await.unwrap();
        }
        let (start, _) = server
            .rsplit_once('/')
            .expect("the address names a database");
        let url = StoreUrl::Postgres(format!("{start}/{name}"));
        Some(Self::open(url, Home::Server { server, name }).await)
    }

    async fn open(url: StoreUrl, home: Home) -> Self {
        Self {
            store: Store::open(&url).await.unwrap(),
            url,
            rng: SeededRng::new(1, 0),
            home,
        }
    }

    /// Runs one store function, or a few, as a unit of work.
    pub(super) async fn write<F, T>(&self, unit: F) -> T
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.store.write(unit).await.unwrap()
    }

    /// Runs reads.
    pub(super) async fn read<F, T>(&self, unit: F) -> T
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, StoreError> + Send,
    {
        self.store.read(unit).await.unwrap()
    }

    /// Another process on the same database, as far as the store can tell.
    pub(super) async fn replica(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Runs statements behind the store's back.
    pub(super) async fn raw(&self, sql: &str) {
        match &self.url {
            StoreUrl::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                connection.busy_timeout(Duration::from_secs(5)).unwrap();
                connection.execute_batch(sql).unwrap();
            }
            StoreUrl::Postgres(url) => client(url).await.batch_execute(sql).await.unwrap(),
        }
    }

    pub(super) fn is_postgres(&self) -> bool {
        matches!(self.home, Home::Server { .. })
    }

    /// Takes a PostgreSQL database away; one whose test failed stays to be looked at.
    pub(super) async fn remove(self) {
        let Home::Server { server, name } = self.home else {
            return;
        };
        let sql = format!("DROP DATABASE {name} WITH (FORCE)");
        client(&server).await.batch_execute(&sql).await.unwrap();
    }
}

/// A connection past the store.
pub(super) async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
