//! The parts a router is built over.

use std::sync::Arc;

use carport_model::{Clock, Rng, SeededRng, TokenMint};
use carport_store::{Store, StoreUrl};
use tempfile::TempDir;

use crate::FixedClock;

/// A database, a clock and randomness of a test's own. Drop it last: the file goes with it.
#[derive(Debug)]
pub struct TestBed {
    /// On a temporary SQLite file.
    pub store: Store,
    /// Stands at [`FixedClock::START`] until the test moves it.
    pub clock: Arc<FixedClock>,
    /// Draws the same in every run.
    pub rng: Arc<SeededRng>,
    /// Makes tokens that the server under test knows.
    pub mint: Arc<TokenMint>,
    folder: TempDir,
}

impl TestBed {
    /// An empty database.
    ///
    /// # Panics
    /// When there is no room for a temporary file.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = StoreUrl::in_folder(folder.path());
        Self {
            store: Store::open(&url).await.expect("a new database opens"),
            clock: Arc::default(),
            rng: Arc::new(SeededRng::new(0, 0)),
            mint: Arc::new(TokenMint::new(&[0; 32], 0)),
            folder,
        }
    }

    /// The clock as a server takes it.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as Arc<dyn Clock>
    }

    /// The randomness as a server takes it.
    #[must_use]
    pub fn rng(&self) -> Arc<dyn Rng> {
        Arc::clone(&self.rng) as Arc<dyn Rng>
    }

    /// The mint as a server takes it.
    #[must_use]
    pub fn mint(&self) -> Arc<TokenMint> {
        Arc::clone(&self.mint)
    }

    /// The folder in which the database lies.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Every byte the database has put on the disk so far, its log included.
    ///
    /// # Panics
    /// When the files cannot be read.
    #[must_use]
    pub fn bytes_on_disk(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).expect("the folder is there");
        files
            .flat_map(|file| {
                let path = file.expect("a folder's entry").path();
                std::fs::read(path).expect("the test may read its own files")
            })
            .collect()
    }
}
