//! The data folder: database, key, socket.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use carport_model::{InstallationKey, Rng};
use carport_store::StoreUrl;

/// Folder of `serve` and of commands when none is named.
const DEFAULT: &str = "carport-data";
/// Start of the name of a temporary folder of `dev`.
const TEMPORARY: &str = "carport-dev-";

/// A data folder, kept or temporary.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Removes the folder when the server is done with it.
    _temporary: Option<tempfile::TempDir>,
}

impl DataFolder {
    /// The folder at `path`, or the default one; made with access for its owner only.
    ///
    /// # Errors
    /// The folder cannot be made or written to.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let path = path.unwrap_or(Path::new(DEFAULT)).to_owned();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("data folder {} cannot be made", path.display()))?;
        let probe = path.join(".write-test");
        fs::write(&probe, b"")
            .with_context(|| format!("data folder {} cannot be written to", path.display()))?;
        fs::remove_file(&probe)?;
        Ok(Self {
            path,
            _temporary: None,
        })
    }

    /// A folder that is removed with this value.
    ///
    /// # Errors
    /// The system's temporary folder cannot be written to.
    pub fn temporary() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .permissions(Permissions::from_mode(0o700))
            .tempdir()
            .context("no temporary folder can be made")?;
        Ok(Self {
            path: folder.path().to_owned(),
            _temporary: Some(folder),
        })
    }

    /// The folder a command means: the named one, else `./carport-data` if there is one, else that
    /// of the `dev` server that was started last.
    ///
    /// # Errors
    /// There is none of these.
    pub fn find(named: Option<&Path>) -> anyhow::Result<PathBuf> {
        if let Some(path) = named {
            if path.is_dir() {
                return Ok(path.to_owned());
            }
            bail!("data folder {} does not exist", path.display());
        }
        if Path::new(DEFAULT).is_dir() {
            return Ok(DEFAULT.into());
        }
        let folders = fs::read_dir(std::env::temp_dir())
            .into_iter()
            .flatten()
            .flatten();
        folders
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(TEMPORARY))
            // A folder of somebody else's cannot be read; its socket is not for us.
            .filter(|entry| entry.path().join(SOCKET).exists())
            .max_by_key(|entry| entry.metadata().and_then(|data| data.created()).ok())
            .map(|entry| entry.path())
            .context(
                "no data folder: name one with --data, or start `carport dev` in another terminal",
            )
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder that has its key was in use; a database that is missing from it was lost.
    ///
    /// # Errors
    /// The database file is not there, but the key is.
    pub fn refuse_to_begin_anew(&self, database: &StoreUrl) -> anyhow::Result<()> {
        let key = self.path.join(KEY);
        if let StoreUrl::Sqlite(file) = database
            && !file.exists()
            && key.exists()
        {
            bail!(
                "{} is missing, but {} shows that there was one; put the database back from a \
                 backup, or remove the key to begin anew",
                file.display(),
                key.display()
            );
        }
        Ok(())
    }

    /// The installation's key: from `configured` (64 hex digits), else from
    /// `carport.key`, which is made at the first start.
    ///
    /// # Errors
    /// The key is malformed, or its file cannot be read or written.
    pub fn key(&self, configured: Option<&str>, rng: &dyn Rng) -> anyhow::Result<InstallationKey> {
        let file = self.path.join(KEY);
        let text = match configured {
            Some(text) => text.to_owned(),
            None if file.exists() => fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?,
            None => make_key(&file, rng)?,
        };
        Ok(text.parse()?)
    }
}

/// Name of the file with the installation's key.
const KEY: &str = "carport.key";
/// Name of the socket by which commands reach a running server.
pub const SOCKET: &str = "carport.sock";

fn make_key(file: &Path, rng: &dyn Rng) -> anyhow::Result<String> {
    let mut key = [0; 32];
    rng.fill(&mut key);
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SystemRng;

    #[test]
    fn the_key_is_made_once_and_is_private() {
        let folder = DataFolder::temporary().unwrap();
        folder.key(None, &SystemRng).unwrap();
        let file = folder.path().join("carport.key");
        let first = fs::read_to_string(&file).unwrap();
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        folder.key(None, &SystemRng).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), first);
        assert!(folder.key(Some("short"), &SystemRng).is_err());
    }
}
