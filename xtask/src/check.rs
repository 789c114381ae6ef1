//! `cargo xtask check`: what a commit must pass.

use crate::layers;
use crate::packages::works;
use crate::run::{Tally, cargo};
use crate::strings;
use crate::workspace::EXTRA_FEATURES;

/// Runs every check, also after one has failed.
///
/// # Errors
/// When a step cannot be started.
pub fn run() -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    look(&mut tally)?;
    tally.step(
        "unit tests",
        &mut cargo(&["test", "--workspace", EXTRA_FEATURES, "--lib", "--bins"]),
    )?;
    Ok(tally)
}

/// The checks that run no code of ours.
///
/// # Errors
/// When a step cannot be started.
pub fn look(tally: &mut Tally) -> anyhow::Result<()> {
    tally.step("fmt", &mut cargo(&["fmt", "--all", "--check"]))?;
    tally.check("layers", layers::problems)?;
    tally.check("strings", strings::problems)?;
    let clippy = [
        "clippy",
        "--workspace",
        EXTRA_FEATURES,
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    tally.step("clippy", &mut cargo(&clippy))?;
    // RUSTDOCFLAGS reach our own crates only, so dependencies are not built anew.
    // Private items too: the documents are for those who read the source.
    let doc = [
        "doc",
        "--workspace",
        EXTRA_FEATURES,
        "--no-deps",
        "--document-private-items",
    ];
    let mut doc = cargo(&doc);
    tally.step("doc", doc.env("RUSTDOCFLAGS", "-D warnings"))?;
    if works("cargo", &["deny", "--version"]) {
        tally.step(
            "deny",
            &mut cargo(&["deny", "check", "bans", "licenses", "sources"]),
        )?;
    } else {
        println!("== deny: left out, cargo-deny is not installed");
    }
    Ok(())
}
