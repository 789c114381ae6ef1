//! Tests of the whole binary: its command line and its server.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap like tests")]

mod acceptance;
mod applications;
mod clock;
mod commands;
mod docs;
mod faults_on_demand;
mod fleet;
mod journal;
mod limits;
mod links;
mod logs;
mod management;
mod original_hosts;
mod owners;
mod replicas;
mod request_log;
mod same_day;
mod server;
mod simulations;
#[path = "../support/mod.rs"]
mod support;
mod users;
mod words;
