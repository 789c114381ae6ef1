//! `cargo xtask fuzz`: the parsers that read what strangers write, against made-up input.
//!
//! The targets are in `fuzz/`, a workspace of its own; everything they leave behind lies under
//! `target/fuzz`. A finding is printed with the name of the file that repeats it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use anyhow::{Context as _, bail};

use crate::run::{Tally, cargo};
use crate::workspace::Workspace;

/// How long each target runs when nobody says otherwise.
pub const SECONDS: u64 = 60;
/// Targets that run at the same time.
const AT_ONCE: usize = 3;
/// Lines of a finding that are shown from its beginning, and from the end of the log.
const TOLD: usize = 12;
/// Longest input. No parser has a state that needs a longer one.
const LONGEST: &str = "-max_len=4096";

/// Runs every target, or builds them only.
///
/// # Errors
/// When the arguments are not `--seconds N` or `--build`, or a program cannot be started.
pub fn run(arguments: &[&str]) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    let workspace = Workspace::find()?;
    let seconds = match arguments {
        ["--build"] => {
            build(&mut tally, &workspace)?;
            return Ok(tally);
        }
        [] => SECONDS,
        ["--seconds", seconds] => seconds.parse().context("--seconds takes a whole number")?,
        _ => bail!("usage: cargo xtask fuzz [--seconds N | --build]"),
    };
    targets(&mut tally, &workspace, seconds)?;
    Ok(tally)
}

/// A build that goes on beside other steps and behind them: what waits more than it works leaves
/// it a core.
pub struct Beside(Child);

impl Beside {
    /// Begins to build the targets.
    ///
    /// # Errors
    /// When a program cannot be started.
    pub fn begin(workspace: &Workspace) -> anyhow::Result<Self> {
        let folder = workspace.target.join("fuzz");
        fs::create_dir_all(&folder)?;
        let log = File::create(folder.join("build.log"))?;
        let mut build = Command::new("nice");
        build
            .args(["-n", "19"])
            .arg(workspace.itself())
            .args(["fuzz", "--build"])
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = build.spawn().context("nice cannot be started")?;
        Ok(Self(child))
    }

    /// Waits for its end. One that failed is tried again by [`targets`], which shows why.
    ///
    /// # Errors
    /// When the kernel does not tell.
    pub fn end(mut self) -> anyhow::Result<()> {
        self.0.wait()?;
        Ok(())
    }
}

/// Builds and runs the targets as steps.
///
/// # Errors
/// When a program cannot be started.
pub fn targets(tally: &mut Tally, workspace: &Workspace, seconds: u64) -> anyhow::Result<()> {
    if !build(tally, workspace)? {
        return Ok(());
    }
    let names = names(&workspace.root)?;
    for some in names.chunks(AT_ONCE) {
        let name = format!("fuzz {} for {seconds} s", some.join(", "));
        tally.check(&name, || together(workspace, some, seconds))?;
    }
    Ok(())
}

/// Builds the targets as a step, with what they are built by.
fn build(tally: &mut Tally, workspace: &Workspace) -> anyhow::Result<bool> {
    let folder = workspace.target.join("fuzz");
    let tool = folder.join("tools/bin/cargo-fuzz");
    if !tool.exists() {
        let mut install = cargo(&["install", "--locked", "cargo-fuzz", "--root"]);
        if !tally.step("install cargo-fuzz", install.arg(folder.join("tools")))? {
            return Ok(false);
        }
    }
    let mut build = Command::new(tool);
    build
        .args(["build", "--sanitizer", "none", "--target-dir"])
        .arg(folder.join("build"))
        // Coverage counters are not stable yet; the rest of the build is.
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(&workspace.root);
    tally.step("build fuzz targets", &mut build)
}

/// The targets, by their files.
fn names(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join("fuzz/fuzz_targets"))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        names.push(name.context("a target has a name")?.to_owned());
    }
    names.sort();
    Ok(names)
}

/// Runs some targets side by side and returns what they found.
fn together(workspace: &Workspace, names: &[String], seconds: u64) -> anyhow::Result<Vec<String>> {
    let mut running = Vec::new();
    for name in names {
        running.push((name, Target::start(workspace, name, seconds)?));
    }
    let mut problems = Vec::new();
    for (name, target) in running {
        match target.finish()? {
            Ok(runs) => println!("{name}: {runs} inputs"),
            Err(problem) => problems.push(format!("{name}: {problem}")),
        }
    }
    Ok(problems)
}

/// A running target and its log.
struct Target {
    child: Child,
    log: PathBuf,
}

impl Target {
    fn start(workspace: &Workspace, name: &str, seconds: u64) -> anyhow::Result<Self> {
        let folder = workspace.target.join("fuzz");
        let corpus = folder.join("corpus").join(name);
        let findings = folder.join("findings").join(name);
        fs::create_dir_all(&corpus)?;
        fs::create_dir_all(&findings)?;
        let log = folder.join(format!("{name}.log"));
        let fuzz = workspace.root.join("fuzz");
        let mut target = Command::new(program(&folder.join("build"), name)?);
        target
            .args([LONGEST, "-timeout=10", "-rss_limit_mb=1024"])
            .args(["-print_final_stats=1"])
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-artifact_prefix={}/", findings.display()))
            .arg(format!(
                "-dict={}",
                fuzz.join(format!("dictionaries/{name}.dict")).display()
            ))
            .arg(corpus)
            .arg(fuzz.join("seeds").join(name))
            .stderr(File::create(&log)?);
        let child = target
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { child, log })
    }

    /// How many inputs were tried, or what went wrong with one.
    fn finish(mut self) -> anyhow::Result<Result<u64, String>> {
        let status = self.child.wait()?;
        let log = fs::read_to_string(&self.log)?;
        let runs = log
            .lines()
            .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
            .and_then(|number| number.trim().parse().ok())
            .unwrap_or(0);
        if status.success() && runs > 0 {
            return Ok(Ok(runs));
        }
        let lines: Vec<&str> = log.lines().collect();
        // What went wrong stands above the trace, where it was; what repeats it, at the end.
        let panic = lines.iter().position(|line| line.contains("panicked at"));
        let told = panic.map_or(&[][..], |at| &lines[at..(at + TOLD).min(lines.len())]);
        let tail = &lines[lines.len().saturating_sub(TOLD)..];
        let told = [told, &["…"], tail].concat().join("\n");
        Ok(Err(format!("{status} after {runs} inputs\n{told}")))
    }
}

/// cargo-fuzz builds for a target triple, whose name is part of the path.
fn program(build: &Path, name: &str) -> anyhow::Result<PathBuf> {
    for entry in fs::read_dir(build)? {
        let program = entry?.path().join("release").join(name);
        if program.exists() {
            return Ok(program);
        }
    }
    bail!("{name} was not built")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds_a_dictionary_and_an_entry() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let manifest = fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
        let names = names(&root).unwrap();
        assert_eq!(names.len(), manifest.matches("[[bin]]").count());
        for name in names {
            assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
            let seeds = fs::read_dir(root.join("fuzz/seeds").join(&name)).unwrap();
            assert!(seeds.count() >= 3, "{name}");
            let dictionary = root.join(format!("fuzz/dictionaries/{name}.dict"));
            assert!(dictionary.exists(), "{name}");
        }
    }
}
