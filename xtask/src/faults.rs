//! `cargo xtask faults`: the fault tests at length, and the start after `kill -9` with many cars.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::fill::{self, Kind};
use crate::packages;
use crate::postgres::{Postgres, URL_VARIABLE};
use crate::run::{Tally, cargo};
use crate::workspace::Workspace;

/// How often the server is killed under load, on each database.
const ROUNDS: &str = "200";
/// How long PostgreSQL is cut off.
const CUT_SECONDS: &str = "30";
/// Cars in the database of the restart.
const CARS: u64 = 100_000;
/// Restarts, of which the slowest counts.
const RESTARTS: usize = 5;
/// How soon the first request after a restart must be served.
const LIMIT: Duration = Duration::from_secs(2);
/// Writes before each kill, so that the log is not empty.
const WRITES: usize = 300;

/// Runs everything; with `--restarts` the restarts alone.
///
/// # Errors
/// When a step cannot be started.
pub fn run(arguments: &[&str]) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    match arguments {
        [] => tests(&mut tally)?,
        ["--restarts"] => {}
        _ => bail!("usage: cargo xtask faults [--restarts]"),
    }
    if fill::build(&mut tally)? {
        let workspace = Workspace::find()?;
        let folder = workspace.target.join("faults");
        drop(fs::remove_dir_all(&folder));
        fill::fill(&mut tally, &workspace, (CARS, Kind::Test), &folder, None)?;
        let name = format!("restart with {CARS} cars");
        tally.check(&name, || restarts(&workspace.release("carport"), &folder))?;
    }
    Ok(tally)
}

/// The fault tests, on both databases where there are both.
fn tests(tally: &mut Tally) -> anyhow::Result<()> {
    packages::install(tally)?;
    let postgres = Postgres::start()?;
    let mut tests = cargo(&["test", "--package", "carport", "--test", "faults"]);
    tests
        .env("CARPORT_FAULT_ROUNDS", ROUNDS)
        .env("CARPORT_FAULT_CUT_SECONDS", CUT_SECONDS);
    match &postgres {
        Some(postgres) => {
            tests.env(URL_VARIABLE, postgres.url());
        }
        None => tally.skip("faults on PostgreSQL", "its server is not installed"),
    }
    tally.step("fault tests", &mut tests)?;
    Ok(())
}

/// Kills a server after some writes and starts the next, several times.
fn restarts(program: &Path, folder: &Path) -> anyhow::Result<Vec<String>> {
    let application = fs::read_to_string(folder.join("application.json"))?;
    let member = |name| fill::member(&application, name).context("the application has it");
    let client = format!(
        "client_id={}&client_secret={}",
        member("clientId")?,
        member("clientSecret")?
    );
    let access = fs::read_to_string(folder.join("access-tokens.txt"))?;
    let access = access.lines().next().context("a car has a token")?;
    let refresh = fs::read_to_string(folder.join("refresh-tokens.txt"))?;
    let mut refresh = refresh.lines();
    let mut server = Server::start(program, folder)?;
    let mut times = Vec::with_capacity(RESTARTS);
    for _ in 0..RESTARTS {
        for token in refresh.by_ref().take(WRITES) {
            let form = format!("{client}&grant_type=refresh_token&refresh_token={token}");
            server.refresh(&form)?;
        }
        drop(server);
        let start = Instant::now();
        server = Server::start(program, folder)?;
        server.read(access)?;
        times.push(start.elapsed());
    }
    let slowest = times.iter().max().copied().unwrap_or_default();
    println!("from exec to the first answer after kill -9: {times:.0?}");
    Ok(if slowest > LIMIT {
        vec![format!("{slowest:.0?} is more than {LIMIT:?}")]
    } else {
        Vec::new()
    })
}

/// A server that is killed when it is dropped, as a power cut would do it.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(program: &Path, folder: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().context("standard output is piped")?;
        BufReader::new(output).read_line(&mut line)?;
        let url = fill::member(&line, "url").context("the server starts")?;
        let (_, port) = url.rsplit_once(':').context("the address has a port")?;
        let address = format!("127.0.0.1:{port}");
        Ok(Self { child, address })
    }

    fn read(&self, token: &str) -> anyhow::Result<()> {
        self.ask(&format!(
            "GET /v2.0/user HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
        ))
    }

    fn refresh(&self, form: &str) -> anyhow::Result<()> {
        self.ask(&format!(
            "POST /oauth/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        ))
    }

    fn ask(&self, request: &str) -> anyhow::Result<()> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        ensure!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
