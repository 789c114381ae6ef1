//! `cargo xtask fill`: a data folder with many connected cars, for measuring with any tool.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::run::{Tally, cargo};
use crate::workspace::Workspace;

/// Fills the folder that the arguments name.
///
/// # Errors
/// When the arguments are none of these, or a program cannot be started.
pub fn run(arguments: &[&str]) -> anyhow::Result<Tally> {
    let (cars, out, kind) = match arguments {
        ["--cars", cars, "--out", out] => (cars, out, Kind::Test),
        ["--cars", cars, "--out", out, "--simulated"] => (cars, out, Kind::Simulated),
        ["--cars", cars, "--out", out, "--logged"] => (cars, out, Kind::Logged),
        _ => bail!("usage: cargo xtask fill --cars N --out DIR [--simulated | --logged]"),
    };
    let cars: u64 = cars.parse().context("--cars takes a whole number")?;
    let workspace = Workspace::find()?;
    let mut tally = Tally::default();
    if build(&mut tally)? {
        fill(&mut tally, &workspace, (cars, kind), Path::new(out), None)?;
    }
    Ok(tally)
}

/// Entries of the request log for each car.
const REQUESTS: u64 = 10;

/// What cars a folder is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Generated ones of test mode.
    Test,
    /// Simulated ones, each somewhere else in a trip.
    Simulated,
    /// Generated ones, of which the request log of the last month has [`REQUESTS`] each.
    Logged,
}

/// Builds the server and the tools of the benchmark as users run them.
///
/// # Errors
/// When cargo cannot be started.
pub fn build(tally: &mut Tally) -> anyhow::Result<bool> {
    // One after the other: together they would share features, and be built as nobody has them.
    for package in ["carport", "carport-benchmarks"] {
        let mut build = cargo(&["build", "--release", "--package", package]);
        if !tally.step(&format!("build {package}"), &mut build)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Registers an application in `folder` and connects `cars` cars to it. `application.json` holds its
/// credentials; `vehicles.txt`, `access-tokens.txt` and `refresh-tokens.txt` have a line a car,
/// `expired-tokens.txt` and `revoked-tokens.txt` hold access tokens that do not work. The data lies
/// in `database` where one is named, otherwise in the folder.
///
/// # Errors
/// When the folder holds a database already, or a program cannot be started.
pub fn fill(
    tally: &mut Tally,
    workspace: &Workspace,
    (cars, kind): (u64, Kind),
    folder: &Path,
    database: Option<&str>,
) -> anyhow::Result<()> {
    if folder.join("carport.db").exists() {
        bail!(
            "{} holds a database already; name another folder",
            folder.display()
        );
    }
    let uri = "http://localhost:8000/exchange";
    let program = |name: &str| {
        let mut program = Command::new(workspace.release(name));
        if let Some(url) = database {
            program.env("CARPORT_DATABASE", url);
        }
        program
    };
    let made = program("carport")
        .args([
            "app",
            "create",
            "--json",
            "--name",
            "Benchmark",
            "--redirect-uri",
            uri,
            "--data",
        ])
        .arg(folder)
        .output()
        .context("carport cannot be started")?;
    if !made.status.success() {
        bail!("{}", String::from_utf8_lossy(&made.stderr).trim());
    }
    std::fs::write(folder.join("application.json"), &made.stdout)?;
    let answer = String::from_utf8_lossy(&made.stdout);
    let id = member(&answer, "clientId").context("the application has an id")?;
    let mut fill = program("fill");
    fill.args(["--cars", &cars.to_string(), "--application", id, "--out"])
        .arg(folder);
    match kind {
        Kind::Test => {}
        Kind::Simulated => {
            fill.arg("--simulated");
        }
        Kind::Logged => {
            fill.args(["--requests", &(cars * REQUESTS).to_string()]);
        }
    }
    tally.step(&format!("fill with {cars} cars"), &mut fill)?;
    Ok(())
}

/// A text member of a flat JSON object; ids and secrets need no unescaping.
#[must_use]
pub fn member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let rest = json.split_once(&format!("\"{name}\":\""))?.1;
    rest.split_once('"').map(|(value, _)| value)
}
