//! A private PostgreSQL for the tests: a free port, a temporary folder, gone at the end.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::packages::{is_root, postgres_folder, works};
use crate::run::Tally;

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs a command while a server of its own is up.
///
/// # Errors
/// When PostgreSQL is not installed or does not start, or the command cannot be started.
pub fn run(program: &str, arguments: &[&str]) -> anyhow::Result<Tally> {
    let postgres = Postgres::start()?.context("the package postgresql is not installed")?;
    let mut tally = Tally::default();
    let mut command = Command::new(program);
    command.args(arguments).env(URL_VARIABLE, postgres.url());
    tally.step(program, &mut command)?;
    Ok(tally)
}

/// Where tests look for the server's address.
pub const URL_VARIABLE: &str = "CARPORT_TEST_POSTGRES";

/// A running server; dropping it stops it and removes its data.
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    user: Option<&'static str>,
    port: u16,
    fsync: &'static str,
    server: Option<Child>,
}

impl Postgres {
    /// Starts a server; `None` where PostgreSQL is not installed.
    ///
    /// # Errors
    /// When the server does not come up; its log is in the message.
    pub fn start() -> anyhow::Result<Option<Self>> {
        Self::start_with("off")
    }

    /// Starts one that flushes what it commits, for measuring.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_durable() -> anyhow::Result<Option<Self>> {
        Self::start_with("on")
    }

    fn start_with(fsync: &'static str) -> anyhow::Result<Option<Self>> {
        let Some(programs) = postgres_folder() else {
            return Ok(None);
        };
        let folder = std::env::temp_dir().join(format!("carport-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let mut postgres = Self {
            folder,
            programs,
            user: server_user(),
            port: free_port()?,
            fsync,
            server: None,
        };
        postgres.make_cluster()?;
        postgres.launch()?;
        Ok(Some(postgres))
    }

    /// Address of its `postgres` database.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn make_cluster(&self) -> anyhow::Result<()> {
        if let Some(user) = self.user {
            let given = Command::new("chown").arg(user).arg(&self.folder).status()?;
            anyhow::ensure!(
                given.success(),
                "{} cannot be given to {user}",
                self.folder.display()
            );
        }
        let made = self
            .program("initdb")
            .args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ])
            .arg("--pgdata")
            .arg(self.data())
            .output()?;
        if !made.status.success() {
            bail!("initdb failed:\n{}", String::from_utf8_lossy(&made.stderr));
        }
        Ok(())
    }

    fn launch(&mut self) -> anyhow::Result<()> {
        let log_file = self.folder.join("log");
        let log = std::fs::File::create(&log_file)?;
        let mut command = self.program("postgres");
        command
            .arg("-D")
            .arg(self.data())
            .arg("-p")
            .arg(self.port.to_string());
        let fsync = format!("fsync={}", self.fsync);
        for setting in [&fsync, "max_connections=200", "listen_addresses=127.0.0.1"] {
            command.args(["-c", setting]);
        }
        command
            .arg("-c")
            .arg(format!("unix_socket_directories={}", self.folder.display()));
        let server = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn();
        let server = self
            .server
            .insert(server.context("postgres cannot be started")?);
        let start = Instant::now();
        let port = self.port.to_string();
        let asker = self.programs.join("pg_isready");
        while !works(
            &asker.to_string_lossy(),
            &["-q", "-h", "127.0.0.1", "-p", &port],
        ) {
            if server.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(&log_file).unwrap_or_default();
                bail!("PostgreSQL did not start:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A server program, run as the user who owns the data.
    fn program(&self, name: &str) -> Command {
        as_user(self.user, &self.programs.join(name), &self.folder)
    }

    fn stop(&mut self) -> anyhow::Result<()> {
        let Some(mut server) = self.server.take() else {
            return Ok(());
        };
        // The server's own id: the child may be `runuser`, which waits for it.
        let pid_file = std::fs::read_to_string(self.data().join("postmaster.pid"))?;
        let id = pid_file.lines().next().context("the server's id")?;
        // SIGQUIT: at once, without care for data that is thrown away.
        let stopped = Command::new("kill").args(["-QUIT", id]).status()?;
        anyhow::ensure!(stopped.success(), "kill -QUIT {id}");
        server.wait()?;
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("PostgreSQL on port {} may still run: {error:#}", self.port);
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{} cannot be removed: {error}", self.folder.display());
        }
    }
}

/// PostgreSQL refuses to run as root; then it runs as its own user, or as nobody.
fn server_user() -> Option<&'static str> {
    is_root().then(|| {
        if works("id", &["postgres"]) {
            "postgres"
        } else {
            "nobody"
        }
    })
}

fn as_user(user: Option<&str>, program: &Path, folder: &Path) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    // The caller's folder may be closed to the server's user.
    command.current_dir(folder);
    command
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
