//! What is measured: each load on a server of its own, so that none inherits another's memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::figures::{Bound, Figures, float};
use super::server::Server;
use super::wrk::{Load, Script};
use crate::fill::{self, Kind};
use crate::postgres::Postgres;
use crate::run::Tally;
use crate::workspace::Workspace;

/// Length of each measurement.
pub(super) const SECONDS: u64 = 10;
/// Turns that two loads take which are held against each other: a machine drifts over minutes.
const TURNS: usize = 5;
/// Starts whose median is told.
const STARTS: usize = 11;
/// How many cars a second a cold server reads at most: a part of the pass over all of them, which
/// warms it, is not longer than it must be.
const COLD_RATE: u64 = 12_000;
/// Cars in the PostgreSQL database.
const POSTGRES_CARS: u64 = 10_000;

/// Loads and where they come from.
pub struct Bench<'a> {
    workspace: &'a Workspace,
    scripts: PathBuf,
}

impl<'a> Bench<'a> {
    pub fn new(workspace: &'a Workspace) -> anyhow::Result<Self> {
        fs::create_dir_all(workspace.target.join("bench"))?;
        Ok(Self {
            workspace,
            scripts: workspace.root.join("benchmarks/wrk"),
        })
    }

    /// The measure of all rates.
    pub fn bare(&self) -> anyhow::Result<Load> {
        let hello = Server::start(&Command::new(self.workspace.release("hello")))?;
        let script = self.script("get.lua");
        let none = self.workspace.target.as_path();
        load(&script, none, 64, SECONDS).run(&hello, "/hello")
    }

    /// The loads that have bounds, on the main database.
    pub fn main(&self, folder: &Path, bare: &Load, figures: &mut Figures) -> anyhow::Result<()> {
        let reads = self.reads(folder, 64)?;
        figures.rate(
            "`GET /odometer`, bearer token, 64 connections",
            &reads,
            bare,
        );
        let ratio = Bound::at_least(0.25, 0.45);
        figures.bound(
            "bearer read to bare axum",
            reads.rate / bare.rate,
            "",
            ratio,
        );
        let few_reads = self.reads(folder, 16)?;
        self.together(folder, bare, figures)?;
        figures.rate(
            "`GET /odometer`, bearer token, 16 connections",
            &few_reads,
            bare,
        );
        let server = self.serve(folder, None)?;
        let refreshes = self.refreshes(&server, folder, 64)?;
        figures.rate(
            "`POST /oauth/token`, refresh, durable, 64 connections",
            &refreshes,
            bare,
        );
        let ratio = Bound::at_least(0.045, 0.08);
        figures.bound(
            "durable refresh to bare axum",
            refreshes.rate / bare.rate,
            "",
            ratio,
        );
        let commits = server.metric("carport_store_commits_total")?;
        let units = server.metric("carport_store_units_total")?;
        figures.note(
            "refreshes per commit at 64 connections",
            units / commits,
            "",
        );
        figures.note(
            "peak memory of the server that refreshed",
            server.memory("VmHWM")?,
            "MiB",
        );
        drop(server);
        let few_refreshes = self.refreshes(&self.serve(folder, None)?, folder, 16)?;
        figures.rate(
            "`POST /oauth/token`, refresh, durable, 16 connections",
            &few_refreshes,
            bare,
        );
        let p99 = few_reads.p99_ms.max(few_refreshes.p99_ms);
        let bound = Bound::at_most(10.0, 3.0);
        figures.bound("p99 of both at 16 connections", p99, "ms", bound);
        let server = self.serve(folder, None)?;
        let script = self.script("authorize.lua");
        let begun = load(&script, folder, 64, SECONDS).run(&server, "")?;
        figures.rate(
            "`GET /oauth/authorize`, begins a run, durable",
            &begun,
            bare,
        );
        Ok(())
    }

    /// What one request of several reads costs beside one read, and one about compatibility.
    fn together(&self, folder: &Path, bare: &Load, figures: &mut Figures) -> anyhow::Result<()> {
        let server = self.warm(folder, 64)?;
        let script = self.script("odometer.lua");
        let batch = self.script("batch.lua");
        let [single, batches] = in_turn([
            &|| load(&script, folder, 64, SECONDS / 2).run(&server, ""),
            &|| load(&batch, folder, 64, SECONDS / 2).run(&server, ""),
        ])?;
        figures.rate("`POST /batch` of five reads", &batches, bare);
        let cost = single.rate / batches.rate;
        let bound = Bound::at_most(1.5, 1.3);
        figures.bound("batch of five, times the cost of one read", cost, "", bound);
        let script = self.script("compatibility.lua");
        let asked = load(&script, folder, 64, SECONDS).run(&server, "")?;
        figures.rate("`GET /compatibility`, one VIN", &asked, bare);
        Ok(())
    }

    /// Reads of a warm server of its own.
    fn reads(&self, folder: &Path, connections: u32) -> anyhow::Result<Load> {
        self.reads_of(&self.warm(folder, connections)?, folder, connections)
    }

    /// Reads of a warm server, and whether its log kept them.
    pub(super) fn reads_of(
        &self,
        server: &Server,
        folder: &Path,
        connections: u32,
    ) -> anyhow::Result<Load> {
        let script = self.script("odometer.lua");
        let before = server.metric("carport_request_log_written_total")?;
        let reads = load(&script, folder, connections, SECONDS).run(server, "")?;
        // The log is written behind the answers.
        std::thread::sleep(Duration::from_secs(1));
        let kept = server.metric("carport_request_log_written_total")? - before;
        let share = kept / float(reads.requests);
        println!("{:.2} % of the reads are in the request log", share * 100.0);
        if share < 0.99 {
            bail!("the request log kept {share:.3} of the reads; the rate does not count");
        }
        Ok(reads)
    }

    /// A server that has read every car once.
    pub(super) fn warm(&self, folder: &Path, connections: u32) -> anyhow::Result<Server> {
        let server = self.serve(folder, None)?;
        let script = self.script("odometer.lua");
        let cars = lines(folder, "vehicles.txt")?;
        let mut read = 0;
        while read < cars {
            let mut part = load(&script, folder, connections, (cars - read) / COLD_RATE + 1);
            (part.order, part.from) = ("sequential", read);
            // What was sent and not answered when a part ended comes again in the next.
            read += part.run(&server, "")?.requests;
        }
        Ok(server)
    }

    pub(super) fn refreshes(
        &self,
        server: &Server,
        folder: &Path,
        connections: u32,
    ) -> anyhow::Result<Load> {
        let script = self.script("refresh.lua");
        load(&script, folder, connections, SECONDS).run(server, "")
    }

    /// From the start of the process to its first answer, and its memory then.
    pub fn start_up(&self, folder: &Path, figures: &mut Figures) -> anyhow::Result<()> {
        let (median, idle) = self.starts(folder)?;
        let bound = Bound::at_most(150.0, 50.0);
        figures.bound("start to first answer, median of 11", median, "ms", bound);
        let bound = Bound::at_most(40.0, 15.0);
        figures.bound("idle resident memory", idle, "MiB", bound);
        Ok(())
    }

    /// Several starts: the median to the first answer, in milliseconds, and memory then, in MiB.
    pub(super) fn starts(&self, folder: &Path) -> anyhow::Result<(f64, f64)> {
        let first = |name: &str| -> anyhow::Result<String> {
            let lines = fs::read_to_string(folder.join(name))?;
            Ok(lines
                .lines()
                .next_back()
                .context("a line a car")?
                .to_owned())
        };
        let path = format!("/v2.0/vehicles/{}/odometer", first("vehicles.txt")?);
        let token = first("access-tokens.txt")?;
        let mut times = Vec::with_capacity(STARTS);
        let mut idle = 0.0;
        for _ in 0..STARTS {
            let before = Instant::now();
            let server = self.serve(folder, None)?;
            let answer = server.get(&path, &token)?;
            times.push(before.elapsed());
            if !answer.starts_with("HTTP/1.1 200") {
                bail!("the first answer was\n{answer}");
            }
            idle = server.memory("VmRSS")?;
        }
        times.sort();
        Ok((times[STARTS / 2].as_secs_f64() * 1e3, idle))
    }

    /// Tokens that do not work: not slower than those that do.
    pub fn refusals(
        &self,
        folder: &Path,
        bare: &Load,
        figures: &mut Figures,
    ) -> anyhow::Result<()> {
        let script = self.script("refusal.lua");
        for kind in ["unknown", "expired", "revoked"] {
            let server = self.serve(folder, None)?;
            let mut refusal = load(&script, folder, 64, SECONDS);
            (refusal.refused, refusal.order) = (true, kind);
            let refused = refusal.run(&server, "")?;
            figures.rate(&format!("`GET /odometer`, {kind} token"), &refused, bare);
        }
        Ok(())
    }

    /// The same refresh on PostgreSQL, which flushes as it does by default.
    pub fn postgres(&self, tally: &mut Tally, figures: &mut Figures) -> anyhow::Result<()> {
        let Some(postgres) = Postgres::start_durable()? else {
            tally.skip("PostgreSQL", "its server is not installed");
            return Ok(());
        };
        let folder = self.workspace.target.join("bench/postgres");
        drop(fs::remove_dir_all(&folder));
        let url = postgres.url();
        fill::fill(
            tally,
            self.workspace,
            (POSTGRES_CARS, Kind::Test),
            &folder,
            Some(&url),
        )?;
        let server = self.serve(&folder, Some(&url))?;
        let refreshes = self.refreshes(&server, &folder, 16)?;
        let bound = Bound::at_least(2_500.0, 5_000.0);
        figures.bound(
            "refresh on PostgreSQL, 16 connections",
            refreshes.rate,
            "/s",
            bound,
        );
        figures.note("p99 of refreshes on PostgreSQL", refreshes.p99_ms, "ms");
        Ok(())
    }

    /// Serves a folder.
    pub(super) fn serve(&self, folder: &Path, database: Option<&str>) -> anyhow::Result<Server> {
        let mut serve = self.carport("serve", folder);
        if let Some(url) = database {
            serve.env("CARPORT_DATABASE", url);
        }
        started(&serve)
    }

    /// A command that serves a folder at an address of its own.
    pub(super) fn carport(&self, command: &str, folder: &Path) -> Command {
        let mut carport = Command::new(self.workspace.release("carport"));
        carport
            .args([command, "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder);
        carport
    }

    pub(super) fn script(&self, name: &str) -> PathBuf {
        self.scripts.join(name)
    }
}

/// Starts a server when the disk has nothing left to do for what was measured before.
pub(super) fn started(program: &Command) -> anyhow::Result<Server> {
    Command::new("sync")
        .status()
        .context("sync cannot be started")?;
    Server::start(program)
}

/// A load to be run.
pub(super) type Turn<'a> = &'a dyn Fn() -> anyhow::Result<Load>;

/// Runs two loads in turn, and gives the turn whose ratio of rates is the median one: a machine that
/// drifts from turn to turn changes both of a turn alike.
pub(super) fn in_turn(loads: [Turn<'_>; 2]) -> anyhow::Result<[Load; 2]> {
    let mut turns = Vec::with_capacity(TURNS);
    for _ in 0..TURNS {
        turns.push([loads[0]()?, loads[1]()?]);
    }
    let ratio = |[one, other]: &[Load; 2]| one.rate / other.rate;
    turns.sort_by(|one, other| ratio(one).total_cmp(&ratio(other)));
    Ok(turns[TURNS / 2])
}

pub(super) fn load<'a>(
    path: &'a Path,
    folder: &'a Path,
    connections: u32,
    seconds: u64,
) -> Script<'a> {
    Script {
        path,
        folder,
        connections,
        seconds,
        refused: false,
        order: "uniform",
        from: 0,
    }
}

/// How many lines a file of the filler has.
fn lines(folder: &Path, name: &str) -> anyhow::Result<u64> {
    Ok(fs::read_to_string(folder.join(name))?.lines().count() as u64)
}
