//! What the server stands: clients that are slow, broken or too many, and a stop under load.
//!
//! Every test has the machine to itself as far as this program goes, because most of them measure
//! what other clients notice.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap like tests")]

mod broken;
mod bystander;
mod client;
mod crowd;
mod machine;
mod overload;
mod pipeline;
mod rig;
mod slow;
mod stop;
#[expect(dead_code, reason = "other programs use the rest of it")]
#[path = "../support/mod.rs"]
mod support;
