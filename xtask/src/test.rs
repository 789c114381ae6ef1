//! `cargo xtask test`: everything.

use crate::postgres::{Postgres, URL_VARIABLE};
use crate::run::{Tally, cargo};
use crate::workspace::{EXTRA_FEATURES, Workspace};
use crate::{check, conformance, fuzz, packages};

/// Installs what is needed, then runs checks, all tests on both databases, conformance,
/// and the fuzz targets.
///
/// # Errors
/// When a step cannot be started.
pub fn run() -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    packages::install(&mut tally)?;
    check::look(&mut tally)?;
    let workspace = Workspace::find()?;
    // One build for all that follows: the same packages, features and profile as `cargo test`.
    let build = ["build", "--workspace", EXTRA_FEATURES, "--all-targets"];
    if !tally.step("build", &mut cargo(&build))? {
        return Ok(tally);
    }
    let postgres = Postgres::start()?;
    let mut tests = cargo(&["test", "--workspace", EXTRA_FEATURES, "--no-fail-fast"]);
    // Document tests of the SDK start this server.
    tests.env("CARPORT_BIN", workspace.carport());
    match &postgres {
        Some(postgres) => {
            tests.env(URL_VARIABLE, postgres.url());
        }
        None => tally.skip("store suite on PostgreSQL", "its server is not installed"),
    }
    tally.step("tests", &mut tests)?;
    drop(postgres);
    let fuzzers = fuzz::Beside::begin(&workspace)?;
    conformance::suites(&mut tally, &workspace, &[])?;
    fuzzers.end()?;
    fuzz::targets(&mut tally, &workspace, fuzz::SECONDS)?;
    Ok(tally)
}
