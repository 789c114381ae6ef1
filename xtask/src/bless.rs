//! `cargo xtask bless`: records all snapshots anew.

use crate::run::{Tally, cargo};

/// Runs all tests and lets each snapshot become what it is now.
///
/// # Errors
/// When cargo cannot be started.
pub fn run() -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
    tally.step("bless", tests.env("INSTA_UPDATE", "always"))?;
    println!("Snapshots in source files are only noted beside them, as *.pending-snap:");
    println!("`cargo insta review` (package cargo-insta) puts them in place.");
    println!("Read the difference before you commit it.");
    Ok(tally)
}
