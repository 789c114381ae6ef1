//! `carport`: the server and its command line.
//!
//! Start reading in [`cli`] (every command on one screen) and [`server`] (what `dev` and `serve`
//! run).

mod admin;
mod cli;
mod commands;
mod config;
mod data;
mod original_hosts;
mod server;
mod telemetry;

use std::process::ExitCode;

use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    // For whatever of this program speaks TLS: two libraries ask for it, and stop without. Only a
    // second installation fails.
    drop(rustls::crypto::ring::default_provider().install_default());
    // clap prints help and usage errors itself and exits with 2 for wrong usage.
    let cli = cli::Cli::parse();
    match commands::run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("carport: {}", one_line(&error));
            ExitCode::from(1)
        }
    }
}

/// An error and its causes on one line, each said once.
fn one_line(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if !line.contains(&cause) {
            if !line.is_empty() {
                line.push_str(": ");
            }
            line.push_str(cause.trim_end());
        }
    }
    line.replace('\n', " ")
}
