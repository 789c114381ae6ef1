//! `cargo xtask order`: the functions that a start and a first answer run, for the linker (ADR 14).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::bench::Server;
use crate::fill::{self, Kind};
use crate::run::{Tally, cargo};
use crate::workspace::Workspace;

/// What `crates/carport/build.rs` gives to the linker.
const ORDER: &str = "crates/carport/start.order";
/// Cars in the folder that the traced server opens.
const CARS: u64 = 100;

/// Builds the server with its symbols, traces it and writes the names anew.
///
/// # Errors
/// When valgrind is missing, or a program cannot be started.
pub fn run() -> anyhow::Result<Tally> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        bail!("valgrind is missing; apt-get install valgrind");
    }
    let workspace = Workspace::find()?;
    let mut tally = Tally::default();
    if !fill::build(&mut tally)? {
        return Ok(tally);
    }
    let folder = workspace.target.join("order");
    drop(fs::remove_dir_all(&folder));
    fill::fill(&mut tally, &workspace, (CARS, Kind::Test), &folder, None)?;
    // Only the last step differs from the build that users make, so that the names are the same.
    let mut named = cargo(&[
        "rustc",
        "--release",
        "--package",
        "carport",
        "--bin",
        "carport",
    ]);
    if !tally.step("build with symbols", named.args(["--", "-C", "strip=none"]))? {
        return Ok(tally);
    }
    let program = workspace.release("carport");
    let defined = defined(&program)?;
    let ran = ran(&program, &folder)?;
    let names: Vec<&str> = ran
        .iter()
        .map(String::as_str)
        .filter(|name| defined.contains(*name))
        .collect();
    fs::write(workspace.root.join(ORDER), names.join("\n") + "\n")?;
    println!("{ORDER}: {} of {} functions", names.len(), defined.len());
    Ok(tally)
}

/// The functions of the program, as the linker calls them.
fn defined(program: &Path) -> anyhow::Result<BTreeSet<String>> {
    let listed = Command::new("nm")
        .args(["--format=just-symbols", "--defined-only"])
        .arg(program)
        .output()
        .context("nm is missing; apt-get install binutils")?;
    let text = String::from_utf8(listed.stdout)?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The functions that the program ran until it had answered one request.
fn ran(program: &Path, folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let line = |name: &str| -> anyhow::Result<String> {
        let lines = fs::read_to_string(folder.join(name))?;
        Ok(lines.lines().next().context("a line a car")?.to_owned())
    };
    let trace = folder.join("trace");
    let mut traced = Command::new("valgrind");
    traced
        .args(["--tool=callgrind", "--demangle=no", "--quiet"])
        .arg(format!("--callgrind-out-file={}", trace.display()))
        .arg(program)
        .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder);
    let server = Server::start(&traced)?;
    let path = format!("/v2.0/vehicles/{}/odometer", line("vehicles.txt")?);
    let answer = server.get(&path, &line("access-tokens.txt")?)?;
    if !answer.starts_with("HTTP/1.1 200") {
        bail!("the traced server answered\n{answer}");
    }
    // The trace is written at the end.
    server.end()?;
    let trace = fs::read_to_string(trace)?;
    Ok(trace
        .lines()
        .filter_map(function)
        .map(str::to_owned)
        .collect())
}

/// The function that a line of a trace introduces: `fn=(12) name` or `cfn=(12) name`, and `'2` behind
/// it where it calls itself. Source: "Callgrind Format Specification", name compression.
fn function(line: &str) -> Option<&str> {
    let named = line.strip_prefix("fn=").or(line.strip_prefix("cfn="))?;
    let (_, name) = named.split_once(") ")?;
    name.split('\'').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_read_from_a_trace() {
        assert_eq!(function("fn=(12) _ZN3one2it17h0E"), Some("_ZN3one2it17h0E"));
        assert_eq!(function("cfn=(3) again'2"), Some("again"));
        for other in ["fn=(12)", "cob=(1) /lib/libc.so.6", "calls=1 0", "0 12"] {
            assert_eq!(function(other), None, "{other}");
        }
    }
}
