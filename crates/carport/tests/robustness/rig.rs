//! A server with one connected car, and how it fares.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

use crate::client::Client;
use crate::support::{carport, complaint, printed};

static ALONE: Mutex<()> = Mutex::const_new(());

/// A running server; it is killed when the test is done with it.
pub struct Rig {
    child: Child,
    folder: TempDir,
    options: Vec<(&'static str, String)>,
    pub address: SocketAddr,
    pub id: String,
    pub secret: String,
    pub access: String,
    pub refresh: String,
    pub vehicle: String,
    _alone: MutexGuard<'static, ()>,
}

/// What the process holds.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// Resident memory in KiB.
    pub memory: u64,
    /// Open files, sockets among them.
    pub files: usize,
}

impl Rig {
    /// Starts a server with an application and a car.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// As [`Rig::start`], with options in the environment.
    pub async fn start_with(options: &[(&'static str, &str)]) -> Self {
        let alone = ALONE.lock().await;
        allow_many_files();
        let folder = tempfile::tempdir().unwrap();
        let options = options
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        let options: Vec<_> = options.collect();
        let ask = |arguments: &[&str]| {
            let mut command = program(&folder);
            let output = command.args(arguments).args(["--data", "data"]).output();
            let output = output.unwrap();
            assert!(output.status.success(), "{}", complaint(&output));
            printed(&output)
        };
        let made = ask(&[
            "app",
            "create",
            "--name",
            "Fleet",
            "--redirect-uri",
            "https://fleet.test/x",
            "--json",
        ]);
        let made: Value = serde_json::from_str(&made).unwrap();
        let member = |name: &str| made[name].as_str().unwrap().to_owned();
        let (child, address) = spawn(&folder, &options);
        let (id, secret) = (member("clientId"), member("clientSecret"));
        let back = ask(&[
            "connect",
            "--app",
            &id,
            "--brand",
            "KIA",
            "--scope",
            "read_odometer",
        ]);
        let mut rig = Self {
            child,
            folder,
            options,
            address,
            id,
            secret,
            access: String::new(),
            refresh: String::new(),
            vehicle: String::new(),
            _alone: alone,
        };
        rig.exchange(&back).await;
        rig
    }

    /// Gets tokens for the code of a redirect, and the car they are for.
    async fn exchange(&mut self, redirect: &str) {
        let code = redirect.split("code=").nth(1).unwrap();
        let code = code.split('&').next().unwrap();
        let mut client = self.client().await;
        let form = self.form(&format!("grant_type=authorization_code&code={code}"));
        let tokens = client.ask(form.as_bytes()).await.unwrap();
        let token = |name: &str| tokens.member(name).unwrap().to_owned();
        (self.access, self.refresh) = (token("access_token"), token("refresh_token"));
        let cars = client
            .ask(self.get("/v2.0/vehicles").as_bytes())
            .await
            .unwrap();
        let cars: Value = serde_json::from_str(&cars.body).unwrap();
        cars["vehicles"][0]
            .as_str()
            .unwrap()
            .clone_into(&mut self.vehicle);
    }

    pub async fn client(&self) -> Client {
        Client::open(self.address)
            .await
            .expect("the server listens")
    }

    /// A bearer request.
    pub fn get(&self, path: &str) -> String {
        format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
            self.access
        )
    }

    /// A read of the car.
    pub fn odometer(&self) -> String {
        self.get(&format!("/v2.0/vehicles/{}/odometer", self.vehicle))
    }

    /// A request to the token endpoint.
    pub fn form(&self, fields: &str) -> String {
        let body = format!(
            "client_id={}&client_secret={}&{fields}",
            self.id, self.secret
        );
        format!(
            "POST /oauth/token HTTP/1.1\r\nhost: x\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    /// A refresh of `token`.
    pub fn refreshing(&self, token: &str) -> String {
        self.form(&format!("grant_type=refresh_token&refresh_token={token}"))
    }

    /// What the server holds now.
    pub fn held(&self) -> Held {
        let process = format!("/proc/{}", self.child.id());
        let status = fs::read_to_string(format!("{process}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let memory = line.unwrap().split_whitespace().next().unwrap();
        Held {
            memory: memory.parse().unwrap(),
            files: fs::read_dir(format!("{process}/fd")).unwrap().count(),
        }
    }

    /// How large the database is, in KiB. It is mapped, and what is asked for again stays in caches.
    pub fn kept(&self) -> u64 {
        let file = self.folder.path().join("data/carport.db");
        fs::metadata(file).unwrap().len() / 1024
    }

    /// Waits until descriptors are back where they were and memory is within `spare` KiB of it.
    pub async fn back_to(&self, before: Held, spare: u64) -> Held {
        let begun = Instant::now();
        loop {
            let now = self.held();
            // A connection of SQLite's readers more or less is no leak.
            if now.files <= before.files + 8 && now.memory <= before.memory + spare {
                return now;
            }
            let waited = begun.elapsed();
            assert!(
                waited < Duration::from_secs(20),
                "{before:?} became {now:?}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Asks the server to stop.
    pub fn terminate(&self) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.unwrap().success());
    }

    /// Waits for the server's end.
    pub async fn ended(&mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Starts again on the same folder.
    pub fn restart(&mut self) {
        (self.child, self.address) = spawn(&self.folder, &self.options);
    }

    /// Ends the server in order; it must have logged neither a panic nor an error.
    pub async fn finish(mut self) {
        self.terminate();
        let status = self.ended().await;
        assert_eq!(status.code(), Some(0));
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap();
        assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(folder: &TempDir, options: &[(&'static str, String)]) -> (Child, SocketAddr) {
    let mut log = fs::File::options();
    let log = log.create(true).append(true);
    let log = log.open(folder.path().join("log")).unwrap();
    let mut command = program(folder);
    let mut child = command
        .args([
            "serve",
            "--data",
            "data",
            "--json",
            "--listen",
            "127.0.0.1:0",
        ])
        .envs(options.iter().map(|(name, value)| (*name, value)))
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .expect("carport starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).expect("the ready line is JSON");
    let url = ready["url"]
        .as_str()
        .unwrap()
        .replace("localhost", "127.0.0.1");
    let address = url.strip_prefix("http://").unwrap().parse().unwrap();
    (child, address)
}

/// The binary of this build, or another one that `CARPORT_BIN` names: figures of a release build
/// say more.
fn program(folder: &TempDir) -> Command {
    let ours = carport(folder.path());
    let Some(named) = std::env::var_os("CARPORT_BIN") else {
        return ours;
    };
    let mut command = Command::new(named);
    command.current_dir(folder.path());
    for (name, value) in ours.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// The tests open thousands of sockets themselves.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
}
