//! `cargo xtask conformance`: software written for Smartcar against a running Carport.
//!
//! A suite is a folder under `conformance/` with a program `run`. It is started in its folder with
//! `CARPORT_BIN` set to the server to start, prints what it likes, ends with a line
//! `N passed, M failed` (and `, K skipped`), and exits with zero when nothing failed. It prepares
//! its own packages; what it cannot run on this machine it counts as skipped. What it finds of its
//! clients goes into the table of `docs/compatibility.md` ([`crate::clients`]).
//! `conformance/rust-crates` is called `rust` for short, and so on: the first word of a name is enough.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::clients::Report;
use crate::run::{Tally, cargo};
use crate::workspace::Workspace;

/// Runs the named suites, or all of them.
///
/// # Errors
/// When a suite is not there or cannot be started.
pub fn run(names: &[&str]) -> anyhow::Result<Tally> {
    let workspace = Workspace::find()?;
    let mut tally = Tally::default();
    let build = ["build", "--package", "carport"];
    if tally.step("build", &mut cargo(&build))? {
        suites(&mut tally, &workspace, names)?;
    }
    Ok(tally)
}

/// Runs suites against a server that is built.
///
/// # Errors
/// When a suite is not there or cannot be started.
pub fn suites(tally: &mut Tally, workspace: &Workspace, names: &[&str]) -> anyhow::Result<()> {
    let there = find(&workspace.root.join("conformance"))?;
    if let Some(missing) = names
        .iter()
        .find(|name| !there.iter().any(|suite| is_called(suite, name)))
    {
        bail!(
            "conformance/{missing}/run is not there; there are: {}",
            there.join(", ")
        );
    }
    let report = Report::begin(&workspace.root, &workspace.target)?;
    for suite in there {
        if names.is_empty() || names.iter().any(|name| is_called(&suite, name)) {
            let folder = workspace.root.join("conformance").join(&suite);
            let mut command = Command::new(folder.join("run"));
            command
                .current_dir(&folder)
                .env("CARPORT_BIN", workspace.carport())
                .env("CARPORT_REPORT", report.file());
            tally.step(&format!("conformance {suite}"), &mut command)?;
        }
    }
    tally.check("docs/compatibility.md", || report.finish())
}

/// Whether this is what the suite is called, in full or by its first word.
fn is_called(suite: &str, name: &str) -> bool {
    suite == name
        || suite
            .split_once('-')
            .is_some_and(|(first, _)| first == name)
}

/// Names of the folders that hold a program `run`, in order.
fn find(folder: &Path) -> anyhow::Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        if is_program(&path.join("run")) {
            let name = path.file_name().context("a folder has a name")?;
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_has_a_short_name() {
        assert!(is_called("rust-crates", "rust") && is_called("rust-crates", "rust-crates"));
        assert!(is_called("go", "go") && !is_called("go", "g"));
        assert!(!is_called("rust-crates", "crates") && !is_called("rust-crates", "rust-"));
    }
}
