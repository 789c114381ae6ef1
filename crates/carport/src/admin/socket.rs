//! The socket: `carport.sock` in the data folder, for its owner only.

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

use super::{Administration, Request};
use crate::data::SOCKET;

/// An open socket.
pub struct Socket {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Socket {
    /// Closes it and takes the file away.
    pub fn close(self) {
        self.task.abort();
        drop(fs::remove_file(self.path));
    }
}

/// Listens for commands in `folder`. A socket that a dead server left is replaced.
///
/// # Errors
/// Another server runs on this folder, or the socket cannot be made.
pub fn listen(folder: &Path, administration: Administration) -> anyhow::Result<Socket> {
    let path = folder.join(SOCKET);
    if std::os::unix::net::UnixStream::connect(&path).is_ok() {
        anyhow::bail!(
            "another server runs on data folder {}; stop it first",
            folder.display()
        );
    }
    drop(fs::remove_file(&path));
    let listener = UnixListener::bind(&path).with_context(|| {
        format!(
            "{} cannot be made; is the path longer than 100 characters?",
            path.display()
        )
    })?;
    fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let administration = administration.clone();
            tokio::spawn(async move {
                if let Err(error) = converse(stream, &administration).await {
                    tracing::debug!(%error, "a command went away");
                }
            });
        }
    });
    Ok(Socket { path, task })
}

async fn converse(stream: UnixStream, administration: &Administration) -> anyhow::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let answer = match serde_json::from_str::<Request>(&line) {
        Ok(request) => administration.carry_out(&request).await,
        Err(_) => Err("The server does not know this command; is it an older Carport?".to_owned()),
    };
    let mut text = serde_json::to_string(&answer)?;
    text.push('\n');
    stream.write_all(text.as_bytes()).await?;
    stream.flush().await?;
    Ok(())
}

/// Asks the server of `folder`; `None` when none runs there.
///
/// # Errors
/// The server went away while it answered.
pub async fn ask(
    folder: &Path,
    request: &Request,
) -> anyhow::Result<Option<Result<Value, String>>> {
    let stream = match UnixStream::connect(folder.join(SOCKET)).await {
        Ok(stream) => stream,
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error).context("the server's socket cannot be used"),
    };
    let mut stream = BufReader::new(stream);
    let mut text = serde_json::to_string(request)?;
    text.push('\n');
    stream.write_all(text.as_bytes()).await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    serde_json::from_str(&line)
        .map(Some)
        .context("the server went away while it answered")
}
