//! A place where servers run, die and start again: folder, database, application.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use tempfile::TempDir;

use crate::client::Client;
use crate::support::{carport, complaint, printed, run};

/// The application whose tokens are played with.
#[derive(Debug, Clone)]
pub struct Application {
    pub id: String,
    pub secret: String,
}

/// Where the data of one test lies.
pub struct Site {
    folder: TempDir,
    data: PathBuf,
    pub application: Application,
    database: Option<Database>,
}

impl Site {
    /// On a database file.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        Self::make(folder, data, None)
    }

    /// On a database file in a data folder elsewhere.
    pub fn on(data: &Path) -> Self {
        Self::make(tempfile::tempdir().unwrap(), data.to_owned(), None)
    }

    /// On a PostgreSQL database of its own; `None` where no server is named.
    pub fn postgres(test: &str) -> Option<Self> {
        let database = Database::make(test)?;
        Some(Self::behind(database, None))
    }

    /// On a PostgreSQL database that is reached at another address, that of a proxy.
    pub fn behind(database: Database, port: Option<u16>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = port.map_or_else(|| database.url(), |port| database.url_at(port));
        let key = "11".repeat(32);
        let toml = format!("database = {url:?}\nkey = {key:?}\n");
        fs::write(folder.path().join("carport.toml"), toml).unwrap();
        let data = folder.path().join("data");
        Self::make(folder, data, Some(database))
    }

    fn make(folder: TempDir, data: PathBuf, database: Option<Database>) -> Self {
        let uri = "https://fleet.test/back";
        let words = [
            "app",
            "create",
            "--json",
            "--name",
            "Fleet",
            "--redirect-uri",
            uri,
        ];
        let at = ["--data", data.to_str().unwrap()];
        let made = run(folder.path(), &[&words[..], &at].concat());
        assert!(made.status.success(), "{}", complaint(&made));
        let made: Value = serde_json::from_str(&printed(&made)).unwrap();
        let member = |name: &str| made[name].as_str().unwrap().to_owned();
        Self {
            application: Application {
                id: member("clientId"),
                secret: member("clientSecret"),
            },
            folder,
            data,
            database,
        }
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Folder in which commands run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the servers of this site wrote to standard error.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder().join("log")).unwrap_or_default()
    }

    /// The command that serves.
    pub fn serve(&self) -> Command {
        self.serve_from(&self.data)
    }

    /// The command that serves from a data folder.
    pub fn serve_from(&self, data: &Path) -> Command {
        let mut command = carport(self.folder());
        command
            .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(data);
        command
    }

    /// Starts a server.
    pub fn start(&self) -> Running {
        self.launch(&mut self.serve())
    }

    /// Starts a server in a way of its own.
    pub fn launch(&self, command: &mut Command) -> Running {
        self.try_launch(command)
            .unwrap_or_else(|| panic!("the server does not start: {}", self.log()))
    }

    /// As `launch`; `None` when the process ends without having been ready.
    pub fn try_launch(&self, command: &mut Command) -> Option<Running> {
        let mut log = File::options();
        let log = log.create(true).append(true);
        let log = log.open(self.folder().join("log")).unwrap();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the server can be started");
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        if line.is_empty() {
            child.wait().unwrap();
            return None;
        }
        let ready: Value = serde_json::from_str(&line).unwrap();
        let url = ready["url"].as_str().unwrap();
        Some(Running {
            // The server listens on 127.0.0.1 and nowhere else that this name may mean.
            url: url.replace("localhost", "127.0.0.1"),
            child: Some(child),
        })
    }

    /// A client of a server of this site.
    pub fn client(&self, server: &Running) -> Client {
        Client::new(&server.url, &self.application, self.data())
    }

    /// Whether `carport db check` finds the database sound.
    pub fn is_sound(&self) {
        let data = self.data.to_str().unwrap();
        let checked = run(self.folder(), &["db", "check", "--data", data]);
        assert!(
            checked.status.success(),
            "{} {}",
            printed(&checked),
            complaint(&checked)
        );
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(database) = &self.database {
            database.remove();
        }
    }
}

/// A server process; killed when it is dropped.
pub struct Running {
    pub url: String,
    child: Option<Child>,
}

impl Running {
    /// As a power cut does it to a process.
    pub fn kill(mut self) {
        self.end();
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    fn end(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// A database of its own on the server that `CARPORT_TEST_POSTGRES` names.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes one; `None`, and a line that says so, where no server is named.
    pub fn make(test: &str) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("CARPORT_TEST_POSTGRES") else {
            crate::chance::skipped(test, "CARPORT_TEST_POSTGRES names no database");
            return None;
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("carport_faults_{}_{count}", std::process::id());
        let database = Self { server, name };
        database.remove();
        database.tell(&format!("CREATE DATABASE {}", database.name));
        Some(database)
    }

    /// Its address.
    pub fn url(&self) -> String {
        let (start, _) = self.server.rsplit_once('/').unwrap();
        format!("{start}/{}", self.name)
    }

    /// Its address on another port of this machine.
    pub fn url_at(&self, port: u16) -> String {
        let (user, _) = self.server.rsplit_once('@').unwrap();
        format!("{user}@127.0.0.1:{port}/{}", self.name)
    }

    /// Host and port of its server.
    pub fn address(&self) -> String {
        let (start, _) = self.server.rsplit_once('/').unwrap();
        let (_, address) = start.rsplit_once('@').unwrap();
        address.to_owned()
    }

    fn remove(&self) {
        self.tell(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name
        ));
    }

    /// By `psql`, since only the store speaks to databases.
    fn tell(&self, sql: &str) {
        let told = Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--command", sql, &self.server])
            .output()
            .expect("psql comes with PostgreSQL");
        assert!(told.status.success(), "{}", complaint(&told));
    }
}
