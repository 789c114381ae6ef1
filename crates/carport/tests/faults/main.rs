//! Faults of the machine under a running server: what was acknowledged holds.
//!
//! Start in [`ledger`], which remembers every answer, and [`load`], which asks for them. The number
//! of rounds is set by `CARPORT_FAULT_ROUNDS`, the random moments repeat with `CARPORT_FAULT_SEED`.
//! What a machine does not have (PostgreSQL, strace, libfaketime, root) is left out with a line
//! that says so.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap like tests")]

mod backup;
mod chance;
mod client;
mod clock;
mod cut;
mod damage;
mod full_disk;
mod io_errors;
mod kill;
mod ledger;
mod load;
mod proxy;
mod replicas;
mod site;
#[path = "../support/mod.rs"]
#[expect(
    dead_code,
    reason = "these tests start the server in ways of their own"
)]
mod support;
mod walk;
