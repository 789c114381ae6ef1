//! Where things lie.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use cargo_metadata::{Metadata, MetadataCommand};

/// Features that no program of the workspace turns on, and that are built, linted and tested all the
/// same.
pub const EXTRA_FEATURES: &str = "--features=carport-sdk/blocking";

/// The checkout, and the folder that builds go to.
#[derive(Debug)]
pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    ///
    /// # Errors
    /// When cargo does not answer.
    pub fn find() -> anyhow::Result<Self> {
        let metadata = metadata()?;
        Ok(Self {
            root: metadata.workspace_root.into(),
            target: metadata.target_directory.into(),
        })
    }

    /// A program of the release build.
    #[must_use]
    pub fn release(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }

    /// The development build of the server.
    #[must_use]
    pub fn carport(&self) -> PathBuf {
        self.target.join("debug/carport")
    }

    /// This program. Not the file that was started: a build of everything may have put another in
    /// its place since.
    #[must_use]
    pub fn itself(&self) -> PathBuf {
        self.target.join("debug/xtask")
    }
}

/// The members of the workspace with what they depend on.
///
/// # Errors
/// When cargo does not answer.
pub fn metadata() -> anyhow::Result<Metadata> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    MetadataCommand::new()
        .manifest_path(here.join("../Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo metadata")
}
