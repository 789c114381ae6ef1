//! Where a session keeps its tokens.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use crate::Access;
use crate::error::BoxError;

/// Keeps the tokens of one owner between requests, restarts and processes.
///
/// Implement it over the database your application has; write the methods as `async fn`. Both are
/// called seldom: `load` when a session begins and before a refresh, `save` after one. Rows hold
/// live tokens, so keep them as safe as passwords.
///
/// ```
/// use carport_sdk::{Access, BoxError, TokenStore};
///
/// struct OneRow(tokio::sync::Mutex<Option<String>>);
///
/// impl TokenStore for OneRow {
///     async fn load(&self) -> Result<Option<Access>, BoxError> {
///         let row = self.0.lock().await;
///         Ok(row.as_deref().map(serde_json::from_str).transpose()?)
///     }
///
///     async fn save(&self, access: &Access) -> Result<(), BoxError> {
///         *self.0.lock().await = Some(serde_json::to_string(access)?);
///         Ok(())
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// The tokens saved last, by any process. `None` when there are none yet.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from answering; the caller sees it as
    /// [`Error::TokenStore`](crate::Error::TokenStore).
    fn load(&self) -> impl Future<Output = Result<Option<Access>, BoxError>> + Send;

    /// Replaces what is stored, durably when it returns.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load). The session keeps the tokens and tries again with its next use.
    fn save(&self, access: &Access) -> impl Future<Output = Result<(), BoxError>> + Send;
}

/// What one of a store's functions promises.
pub(crate) type Promise<'a, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 'a>>;

/// [`TokenStore`] in a form that can stand behind `dyn`, so that sessions have no type parameter.
pub(crate) trait AnyStore: Send + Sync + 'static {
    fn load(&self) -> Promise<'_, Option<Access>>;
    fn save<'a>(&'a self, access: &'a Access) -> Promise<'a, ()>;
}

impl<S: TokenStore> AnyStore for S {
    fn load(&self) -> Promise<'_, Option<Access>> {
        Box::pin(TokenStore::load(self))
    }

    fn save<'a>(&'a self, access: &'a Access) -> Promise<'a, ()> {
        Box::pin(TokenStore::save(self, access))
    }
}

/// Tokens that end with the process: for tests and short programs.
///
/// ```
/// let store = carport_sdk::MemoryTokenStore::default();
/// ```
#[derive(Debug, Default)]
pub struct MemoryTokenStore(Mutex<Option<Access>>);

impl TokenStore for MemoryTokenStore {
    async fn load(&self) -> Result<Option<Access>, BoxError> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    async fn save(&self, access: &Access) -> Result<(), BoxError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(access.clone());
        Ok(())
    }
}

/// Tokens in a JSON file that only its owner may read; several processes may share it.
///
/// A save is written beside the file, flushed and moved over it, so whoever reads sees the old
/// pair or the new one and a crash loses neither.
///
/// ```
/// let store = carport_sdk::FileTokenStore::new("tokens.json");
/// ```
#[derive(Clone, Debug)]
pub struct FileTokenStore {
    path: PathBuf,
}

impl FileTokenStore {
    /// The store in this file, which need not exist yet; its folder must.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// use carport_sdk::{FileTokenStore, TokenStore};
    ///
    /// let store = FileTokenStore::new(folder.path().join("tokens.json"));
    /// assert!(store.load().await?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// # }).unwrap();
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl TokenStore for FileTokenStore {
    async fn load(&self) -> Result<Option<Access>, BoxError> {
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || read(&path)).await?
    }

    async fn save(&self, access: &Access) -> Result<(), BoxError> {
        let (path, text) = (self.path.clone(), serde_json::to_vec(access)?);
        tokio::task::spawn_blocking(move || write(&path, &text)).await?
    }
}

fn read(path: &Path) -> Result<Option<Access>, BoxError> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(about(path, "cannot be read", &error)),
    };
    let access = serde_json::from_slice(&text);
    // The library's own message can quote the text, which is secret: only where it stops is told.
    access.map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        about(path, "holds no tokens; remove it and connect again", &place)
    })
}

fn write(path: &Path, text: &[u8]) -> Result<(), BoxError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let save = || -> io::Result<()> {
        // Made with mode 0600 and a name of its own.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    save().map_err(|error| about(path, "cannot be written", &error))
}

fn about(path: &Path, what: &str, why: &dyn std::fmt::Display) -> BoxError {
    format!("{} {what} ({why})", path.display()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(token: &str) -> Access {
        let text = format!(
            r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":7200,
            "refresh_token":"r","expiration":"2026-01-01T02:00:00Z",
            "refresh_expiration":"2026-03-02T00:00:00Z"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[tokio::test]
    async fn what_was_saved_last_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let file = FileTokenStore::new(folder.path().join("tokens.json"));
        let stores: [&dyn AnyStore; 2] = [&file, &MemoryTokenStore::default()];
        for store in stores {
            assert!(store.load().await.unwrap().is_none());
            store.save(&access("one")).await.unwrap();
            store.save(&access("two")).await.unwrap();
            assert_eq!(store.load().await.unwrap(), Some(access("two")));
        }
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1, "nothing is left beside the file: {names:?}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_may_read_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let store = FileTokenStore::new(&path);
        TokenStore::save(&store, &access("a")).await.unwrap();
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_damaged_file_is_named_and_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        std::fs::write(&path, r#"{"access_token":"s3cret","expires_in":"s3cret"}"#).unwrap();
        let error = TokenStore::load(&FileTokenStore::new(&path))
            .await
            .unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(
            text.contains("tokens.json") && text.contains("line 1"),
            "{text}"
        );
        assert!(!text.contains("s3cret"), "{text}");

        let nowhere = FileTokenStore::new(folder.path().join("no/such/folder.json"));
        let error = TokenStore::save(&nowhere, &access("a")).await.unwrap_err();
        assert!(error.to_string().contains("cannot be written"), "{error}");
    }
}
