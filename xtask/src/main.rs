//! The project's front door: `cargo xtask --help`.
//!
//! One file per command. A fresh machine has nothing but Rust, so `test` installs the rest.

mod bench;
mod bless;
mod check;
mod clients;
mod conformance;
mod faults;
mod fill;
mod fuzz;
mod layers;
mod order;
mod packages;
mod postgres;
mod run;
mod strings;
mod test;
mod workspace;

use std::process::ExitCode;

use crate::run::Tally;

const HELP: &str = "\
Carport's tasks

Usage: cargo xtask <COMMAND>

Commands:
  check                  What a commit must pass, in minutes: format, lints, unit tests, documents,
                         layers; licences too where cargo-deny is installed
  test                   Everything: installs what it needs, then check, the store suite on both
                         databases, document tests against a server, and conformance
  conformance [SUITE…]   Suites under conformance/ against the development build of carport:
                         node, python, go, java, rust, express, tutorial, browser, hosts, guide; all when
                         none is named
  layers                 Whether crates depend on one another in one direction only
  strings                Writes docs/strings.toml: every text of the pages, to be translated
  postgres COMMAND…      Runs a command with CARPORT_TEST_POSTGRES naming a private, empty server:
                         cargo xtask postgres cargo test -p carport-store
  fill --cars N --out DIR [--simulated|--logged]
                         Makes a data folder with N connected cars and files of their ids and tokens;
                         with --logged also a month of the request log
  faults [--restarts]    The fault tests at length: kill -9 200 times on each database, PostgreSQL cut
                         off for 30 s, and how soon 10^5 cars are served after kill -9; the last
                         alone with --restarts
  bench [--quick|--full|--simulated|--postgres|--pages [CARS]]
                         Measures the release build beside a bare axum server; needs wrk. Fails only
                         when a figure is under what it must hold
  fuzz [--seconds N]     Runs each target of fuzz/ against made-up input, 60 s by default, three at a
                         time; installs cargo-fuzz under the target folder first. With --build
                         that is all: nothing runs
  order                  Finds the functions that a start runs, which the linker lays beside one another;
                         needs valgrind. Worth it when idle memory has grown
  bless                  Records all snapshots anew; read the difference before you commit it

Options:
  -h, --help             Print this

The last line of a command that tests is 'N passed, M failed', with ', K skipped' when some were.
As root, `test` installs missing Debian packages; otherwise it names them, runs everything that
does without, and leaves out the rest.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        [] | ["-h" | "--help" | "help"] | [_, "-h" | "--help"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ["check"] => check::run(),
        ["test"] => test::run(),
        ["conformance", suites @ ..] => conformance::run(suites),
        ["postgres", program, arguments @ ..] => postgres::run(program, arguments),
        ["layers"] => layers::run(),
        ["strings"] => strings::run(),
        ["faults", arguments @ ..] => faults::run(arguments),
        ["bench", arguments @ ..] => bench::run(arguments),
        ["fill", arguments @ ..] => fill::run(arguments),
        ["fuzz", arguments @ ..] => fuzz::run(arguments),
        ["order"] => order::run(),
        ["bless"] => bless::run(),
        _ => {
            eprintln!(
                "cargo xtask {} is no command; see cargo xtask --help",
                words.join(" ")
            );
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(tally) => conclude(&tally),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn conclude(tally: &Tally) -> ExitCode {
    for failure in tally.failures.iter().filter(|it| !it.last.is_empty()) {
        println!("== failed: {}, which ended with", failure.step);
        for line in &failure.last {
            println!("{line}");
        }
    }
    for failure in &tally.failures {
        println!("failed: {}", failure.step);
    }
    println!("{tally}");
    if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
