//! Runs steps: says when each starts and how long it took, and counts what passed.

use std::collections::VecDeque;
use std::fmt;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::Context as _;

/// What passed and what did not, over all steps so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
    pub failures: Vec<Failure>,
}

/// A step that failed.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub step: String,
    /// The last lines it printed, where test runners say what went wrong: shown again at the end,
    /// because what came after may have pushed them out of sight.
    pub last: Vec<String>,
}

/// How many lines of a failed step are shown again.
const SHOWN_AGAIN: usize = 80;

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        match self.skipped {
            0 => Ok(()),
            skipped => write!(f, ", {skipped} skipped"),
        }
    }
}

impl Tally {
    /// Runs a program as a step. Its output is shown as it comes, and the summaries in it are
    /// counted. A step that fails without a failed test in it counts as one failure.
    ///
    /// # Errors
    /// When the program cannot be started or its output cannot be read.
    pub fn step(&mut self, name: &str, command: &mut Command) -> anyhow::Result<bool> {
        println!("== {name}");
        let start = Instant::now();
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name}: {} cannot be started", program(command)))?;
        let mut found = Self::default();
        let mut last = VecDeque::with_capacity(SHOWN_AGAIN);
        let output = child.stdout.take().context("standard output is piped")?;
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            found.count(&line);
            if last.len() == SHOWN_AGAIN {
                last.pop_front();
            }
            last.push_back(line.into_owned());
        }
        let fine = child.wait()?.success();
        self.note(name, fine, &found, last.into(), start);
        Ok(fine)
    }

    /// Runs a check of our own as a step; it says what is wrong in lines.
    ///
    /// # Errors
    /// When the check itself cannot be made.
    pub fn check(
        &mut self,
        name: &str,
        check: impl FnOnce() -> anyhow::Result<Vec<String>>,
    ) -> anyhow::Result<()> {
        println!("== {name}");
        let start = Instant::now();
        let problems = check()?;
        for problem in &problems {
            println!("{problem}");
        }
        self.note(name, problems.is_empty(), &Self::default(), problems, start);
        Ok(())
    }

    /// Says that something is left out, and why.
    pub fn skip(&mut self, what: &str, why: &str) {
        println!("== {what}: skipped, {why}");
        self.skipped += 1;
    }

    fn note(&mut self, name: &str, fine: bool, found: &Self, last: Vec<String>, start: Instant) {
        self.passed += found.passed;
        self.failed += found.failed.max(u64::from(!fine));
        self.skipped += found.skipped;
        if !fine {
            let step = name.to_owned();
            self.failures.push(Failure { step, last });
        }
        let word = if fine { "ok" } else { "FAILED" };
        println!(
            "== {name}: {word} in {:.1} s",
            start.elapsed().as_secs_f64()
        );
    }

    /// Counts a line of cargo's (`test result: ok. 3 passed; 0 failed; 1 ignored; …`) or of a
    /// suite's (`3 passed, 0 failed, 1 skipped`, alone on the line).
    fn count(&mut self, line: &str) {
        let (line, separator) = match line.trim().strip_prefix("test result: ") {
            Some(rest) => (
                rest.split_once(". ").map_or(rest, |(_, counts)| counts),
                "; ",
            ),
            None => (line.trim(), ", "),
        };
        let parts: Option<Vec<(u64, &str)>> = line
            .split(separator)
            .map(|part| {
                let (number, word) = part.split_once(' ')?;
                number.parse().ok().map(|number| (number, word))
            })
            .take_while(|part| part.is_none_or(|(_, word)| COUNTED.contains(&word)))
            .collect();
        let Some(parts @ [(_, "passed"), (_, "failed"), ..]) = parts.as_deref() else {
            return;
        };
        for (number, word) in parts {
            match *word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                _ => self.skipped += number,
            }
        }
    }
}

const COUNTED: [&str; 4] = ["passed", "failed", "ignored", "skipped"];

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// The cargo that runs this task.
#[must_use]
pub fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments);
    // What cargo tells this program about its own package: build scripts that look at it would build
    // again what was built by hand, and after that the other way round.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(line: &str) -> String {
        let mut tally = Tally::default();
        tally.count(line);
        tally.to_string()
    }

    #[test]
    fn summaries_are_counted_and_other_lines_are_not() {
        let cargo = "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(counted(cargo), "12 passed, 0 failed, 3 skipped");
        let cargo =
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(counted(cargo), "1 passed, 2 failed");
        assert_eq!(
            counted("4 passed, 1 failed, 2 skipped"),
            "4 passed, 1 failed, 2 skipped"
        );
        assert_eq!(counted("4 passed, 0 failed"), "4 passed, 0 failed");
        for other in [
            "",
            "4 passed",
            "node: 4 passed, 1 failed",
            "4 passed, none failed",
        ] {
            assert_eq!(counted(other), "0 passed, 0 failed", "{other}");
        }
    }

    #[test]
    fn a_failing_step_counts_at_least_once() {
        let mut tally = Tally::default();
        assert!(tally.step("true", &mut Command::new("true")).unwrap());
        assert_eq!(tally.to_string(), "0 passed, 0 failed");
        let mut broken = Command::new("sh");
        broken.args(["-c", "echo '3 passed, 2 failed'; exit 1"]);
        assert!(!tally.step("suite", &mut broken).unwrap());
        assert_eq!(tally.to_string(), "3 passed, 2 failed");
        assert!(!tally.step("false", &mut Command::new("false")).unwrap());
        assert_eq!(tally.to_string(), "3 passed, 3 failed");
        let steps: Vec<&str> = tally.failures.iter().map(|it| it.step.as_str()).collect();
        assert_eq!(steps, ["suite", "false"]);
        assert_eq!(tally.failures[0].last, ["3 passed, 2 failed"]);
    }
}
