//! The project's front door: `cargo xtask --help`.
fn main() {}
