//! `cargo xtask bench`: Carport beside a bare axum server, in one run on one machine.
//!
//! The server is pinned to one core and the load to another. Every figure is also a ratio to the
//! bare server's, which is what can be compared between machines.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::fill;
use crate::run::Tally;
use crate::workspace::Workspace;

/// Cars in the measured database.
const CARS: u64 = 10_000;
/// Length of each measurement, as wrk spells it.
const LENGTH: &str = "10s";
/// Starts whose median is told.
const STARTS: usize = 11;

/// Measures and prints a table in Markdown.
///
/// # Errors
/// When wrk or taskset is missing or a server does not start.
pub fn run() -> anyhow::Result<Tally> {
    for program in ["wrk", "taskset"] {
        if Command::new(program).arg("--version").output().is_err() {
            bail!("{program} is missing; apt-get install wrk util-linux");
        }
    }
    let workspace = Workspace::find()?;
    let mut tally = Tally::default();
    if !fill::build(&mut tally)? {
        return Ok(tally);
    }
    let folder = workspace.target.join("bench");
    drop(fs::remove_dir_all(&folder));
    fill::fill(&mut tally, &workspace, CARS, &folder)?;
    let scripts = workspace.root.join("benchmarks/wrk");
    let bare = {
        let hello = Server::start(&Command::new(workspace.release("hello")))?;
        load(
            &scripts.join("get.lua"),
            &format!("{}/hello", hello.line),
            &folder,
        )?
    };
    let mut rows = vec![("bare axum, one line of JSON", bare)];
    {
        let carport = serve(&workspace, &folder)?;
        let url = fill::member(&carport.line, "url").context("the ready line has an address")?;
        for (name, script) in [
            ("GET /odometer with a bearer token", "odometer.lua"),
            ("POST /oauth/token, refresh with rotation", "refresh.lua"),
            ("GET /oauth/authorize", "authorize.lua"),
        ] {
            rows.push((name, load(&scripts.join(script), url, &folder)?));
        }
        println!("\n| what | requests/s | to bare axum |\n| --- | ---: | ---: |");
        for (name, rate) in &rows {
            println!("| {name} | {rate:.0} | {:.2} |", rate / bare);
        }
        println!(
            "| resident after the load | {} MiB | |",
            resident(&carport)? / 1024
        );
    }
    let (start, idle) = starts(&workspace, &folder)?;
    println!(
        "| start to ready, median of {STARTS} | {} ms | |",
        start.as_millis()
    );
    println!("| resident when idle | {} MiB | |", idle / 1024);
    let size = fs::metadata(workspace.release("carport"))?.len() / 1024 / 1024;
    println!("| size of the binary | {size} MiB | |");
    Ok(tally)
}

/// A server pinned to core 0; it prints its address, or its ready line, first.
struct Server {
    child: Child,
    line: String,
}

impl Server {
    fn start(program: &Command) -> anyhow::Result<Self> {
        let mut child = Command::new("taskset")
            .args(["-c", "0"])
            .arg(program.get_program())
            .args(program.get_args())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().context("standard output is piped")?;
        BufReader::new(output).read_line(&mut line)?;
        if line.is_empty() {
            bail!("the server did not start");
        }
        Ok(Self {
            child,
            line: line.trim().to_owned(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn serve(workspace: &Workspace, folder: &Path) -> anyhow::Result<Server> {
    let mut carport = Command::new(workspace.release("carport"));
    carport
        .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder);
    Server::start(&carport)
}

/// Requests per second that `script` gets out of `url`; fails when answers were refusals.
fn load(script: &Path, url: &str, folder: &Path) -> anyhow::Result<f64> {
    let output = Command::new("taskset")
        .args(["-c", "1", "wrk", "-t1", "-c32", "-d", LENGTH, "-s"])
        .arg(script)
        .arg(url)
        .env("BENCH_FOLDER", folder)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    if text.contains("Non-2xx") {
        bail!("{}: the server refused requests", script.display());
    }
    let rate = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    rate.context("wrk tells a rate")?
        .trim()
        .parse()
        .context("the rate is a number")
}

/// Median time from the start of the process to its ready line, and its memory then, in KiB.
fn starts(workspace: &Workspace, folder: &Path) -> anyhow::Result<(Duration, u64)> {
    let mut times = Vec::with_capacity(STARTS);
    let mut idle = 0;
    for _ in 0..STARTS {
        let before = Instant::now();
        let server = serve(workspace, folder)?;
        times.push(before.elapsed());
        idle = resident(&server)?;
    }
    times.sort();
    Ok((times[STARTS / 2], idle))
}

/// Resident memory in KiB. `taskset` becomes the program it starts, so the child is the server.
fn resident(server: &Server) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .context("the kernel tells the size")?
        .parse()
        .context("the size is a number")
}
