//! Lays the functions that a start runs beside one another in the program (ADR 14).

use std::env;
use std::path::Path;

/// Their names, made by `cargo xtask order`.
const ORDER: &str = "start.order";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={ORDER}");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    // Where rustc links with its own lld, which is what knows the option; somebody's own flags may
    // say otherwise. What is not built for speed is linked as it comes.
    let is_linked_by_lld = is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_ENCODED_RUSTFLAGS", "")
        && env::var_os("RUSTC_LINKER").is_none();
    if !is("PROFILE", "release") || !is_linked_by_lld {
        return;
    }
    let folder = env::var("CARGO_MANIFEST_DIR").expect("Cargo tells the folder of the package");
    let order = Path::new(&folder).join(ORDER);
    println!(
        "cargo::rustc-link-arg-bins=-Wl,--symbol-ordering-file={}",
        order.display()
    );
    // Names of functions that have changed since are not missed.
    println!("cargo::rustc-link-arg-bins=-Wl,--no-warn-symbol-ordering");
}
