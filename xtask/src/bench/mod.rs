//! `cargo xtask bench`: Carport beside a bare axum server, in one run on one machine.
//!
//! The server is pinned to one core and the load to another. Rates are also ratios to the bare
//! server's, which is what can be compared between machines. The run fails only when a figure is
//! under its `hold`; nothing in the tests is timed.

mod figures;
mod measures;
mod pages;
mod server;
mod sizes;
mod visitor;
mod wrk;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::fill::{self, Kind};
use crate::run::Tally;
use crate::workspace::Workspace;
use figures::{Bound, Figures};
use measures::Bench;
pub use server::Server;

/// Sizes of the databases that are compared, in cars.
const SIZES: [u64; 4] = [1_000, 10_000, MAIN, 1_000_000];
/// Size of the database that the table of bounds is about.
const MAIN: u64 = 100_000;

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Usual,
    Quick,
    Full,
    Simulated,
    Postgres,
    Pages,
}

/// Measures and prints tables in Markdown. With `--quick` only what bounds are set for; with
/// `--full` also the databases of a million cars, which takes half an hour more; with `--simulated`
/// the simulated cars alone, up to a million; with `--postgres` refreshes on PostgreSQL alone; with
/// `--pages` the pages of the Dashboard and of owners over a million cars, or as many as are named.
///
/// # Errors
/// When a program is missing or a server does not start.
pub fn run(arguments: &[&str]) -> anyhow::Result<Tally> {
    let extent = match arguments {
        [] => Extent::Usual,
        ["--quick"] => Extent::Quick,
        ["--full"] => Extent::Full,
        ["--simulated"] => Extent::Simulated,
        ["--postgres"] => Extent::Postgres,
        ["--pages"] | ["--pages", _] => Extent::Pages,
        _ => bail!(
            "usage: cargo xtask bench [--quick | --full | --simulated | --postgres | --pages [CARS]]"
        ),
    };
    for program in ["wrk", "taskset", "strip"] {
        if Command::new(program).arg("--version").output().is_err() {
            bail!("{program} is missing; apt-get install wrk util-linux binutils");
        }
    }
    let workspace = Workspace::find()?;
    let mut tally = Tally::default();
    if !fill::build(&mut tally)? {
        return Ok(tally);
    }
    let bench = Bench::new(&workspace)?;
    let mut figures = Figures::default();
    if extent == Extent::Pages {
        let cars = arguments.get(1).unwrap_or(&"1000000");
        let cars: u64 = cars.parse().context("--pages takes a number of cars")?;
        let folder = filled(&mut tally, &workspace, (cars, Kind::Logged))?;
        bench.pages(&folder, &mut figures)?;
        return Ok(judged(&figures, tally));
    }
    let bare = bench.bare()?;
    figures.rate("bare axum, one line of JSON", &bare, &bare);
    let largest = match extent {
        Extent::Full | Extent::Simulated => SIZES[SIZES.len() - 1],
        Extent::Usual | Extent::Quick | Extent::Postgres | Extent::Pages => MAIN,
    };
    let sizes: Vec<u64> = SIZES.into_iter().filter(|size| *size <= largest).collect();
    if extent == Extent::Simulated {
        let folders = filled_all(&mut tally, &workspace, &sizes, Kind::Simulated)?;
        bench.simulated(&folders, &bare, &mut figures)?;
        return Ok(judged(&figures, tally));
    }
    if extent == Extent::Postgres {
        bench.postgres(&mut tally, &mut figures)?;
        return Ok(judged(&figures, tally));
    }
    let folder = filled(&mut tally, &workspace, (MAIN, Kind::Test))?;
    bench.main(&folder, &bare, &mut figures)?;
    bench.start_up(&folder, &mut figures)?;
    figures.bound(
        "stripped binary",
        stripped(&workspace)?,
        "MB",
        Bound::at_most(25.0, 15.0),
    );
    if extent != Extent::Quick {
        bench.refusals(&folder, &bare, &mut figures)?;
        bench.postgres(&mut tally, &mut figures)?;
        let folders = filled_all(&mut tally, &workspace, &sizes, Kind::Test)?;
        bench.sizes(&folders, &bare, &mut figures)?;
        let folders = filled_all(&mut tally, &workspace, &sizes, Kind::Simulated)?;
        bench.simulated(&folders, &bare, &mut figures)?;
    }
    Ok(judged(&figures, tally))
}

/// The tables, and whether every figure holds.
fn judged(figures: &Figures, mut tally: Tally) -> Tally {
    figures.print();
    figures.judge(&mut tally);
    tally
}

/// Fresh data folders of these sizes.
fn filled_all(
    tally: &mut Tally,
    workspace: &Workspace,
    sizes: &[u64],
    kind: Kind,
) -> anyhow::Result<Vec<(u64, PathBuf)>> {
    let filled = |size: &u64| Ok((*size, filled(tally, workspace, (*size, kind))?));
    sizes.iter().map(filled).collect()
}

/// A fresh data folder with this many cars.
fn filled(
    tally: &mut Tally,
    workspace: &Workspace,
    (cars, kind): (u64, Kind),
) -> anyhow::Result<PathBuf> {
    let name = match kind {
        Kind::Test => format!("bench/{cars}"),
        Kind::Simulated => format!("bench/simulated-{cars}"),
        Kind::Logged => format!("bench/logged-{cars}"),
    };
    let folder = workspace.target.join(name);
    drop(fs::remove_dir_all(&folder));
    fill::fill(tally, workspace, (cars, kind), &folder, None)?;
    Ok(folder)
}

/// Size of the binary without symbols, in megabytes.
fn stripped(workspace: &Workspace) -> anyhow::Result<f64> {
    let target = workspace.target.join("bench/carport-stripped");
    let done = Command::new("strip")
        .arg("-s")
        .arg("-o")
        .arg(&target)
        .arg(workspace.release("carport"))
        .status()
        .context("strip cannot be started")?;
    if !done.success() {
        bail!("strip failed");
    }
    Ok(figures::float(fs::metadata(target)?.len()) / 1e6)
}
