//! The commands, one file each.

mod app;
mod app_settings;
mod car_park;
mod clock;
mod config;
mod connect;
mod db;
mod dev;
mod doctor;
mod env;
mod exec;
mod fault;
mod logs;
mod openapi;
mod owner;
mod serve;
mod simulation;
mod user;
mod vehicle;
mod webhook;

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::bail;
use serde_json::Value;

use crate::cli::{Cli, Command, Global};
use crate::config::{Config, Log};
use crate::telemetry;

/// Runs the command of the command line.
///
/// # Errors
/// One line that says what to do.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let global = &cli.global;
    match cli.command {
        Command::Dev(args) => dev::run(global, args).await?,
        Command::Serve(args) => serve::run(global, args).await?,
        Command::Exec(args) => return exec::run(global, args).await,
        Command::Env(args) => env::run(global, args).await?,
        Command::App(args) => app::run(global, args).await?,
        Command::User(args) => user::run(global, args).await?,
        Command::Owner(args) => owner::run(global, args).await?,
        Command::Vehicle(args) => vehicle::run(global, args).await?,
        Command::Log(args) => logs::run(global, args).await?,
        Command::Overview(args) => logs::overview(global, args).await?,
        Command::Webhook(args) => webhook::run(global, args).await?,
        Command::Connect(args) => connect::run(global, args).await?,
        Command::Simulation(args) => simulation::run(global, args).await?,
        Command::Fault(args) => fault::run(global, args).await?,
        Command::Clock(args) => clock::run(global, args).await?,
        Command::Db(args) => return db::run(global, args).await,
        Command::Openapi { api } => openapi::run(global, api)?,
        Command::Doctor { json } => return doctor::run(global, json).await,
        Command::Config(args) => config::run(global, &args)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the configuration and starts logging.
fn configure(global: &Global, flags: Vec<(&'static str, String)>) -> anyhow::Result<Config> {
    let mut settings = global.settings();
    settings.extend(flags);
    let config = Config::read(&settings, global.config.as_deref())?;
    telemetry::start(&Log::read(&config)?)?;
    Ok(config)
}

/// Completes when the process is asked to stop by `SIGINT` or `SIGTERM`. Listening begins with the
/// call, not with the first poll: whoever reads the ready line may ask at once.
fn asked_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};

    let signals = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    );
    async {
        let (Ok(mut interrupt), Ok(mut terminate)) = signals else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// Deleting takes other things along: a person is asked to type the id, a script must say `--yes`.
fn confirm(id: &str, along: &str, yes: bool) -> anyhow::Result<()> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        bail!("deleting takes {along} along; say --yes to do it");
    }
    eprint!("Delete {id} with its {along}? Type the id: ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    if line.trim() == id {
        Ok(())
    } else {
        bail!("not deleted")
    }
}

/// Prints an answer that is a list: as JSON, or a row each; `none` is what to read instead of no row.
fn print_list(answer: &Value, json: bool, none: &str, row: impl Fn(&Value) -> String) {
    if json {
        println!("{answer}");
        return;
    }
    let entries = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    if entries.is_empty() {
        eprintln!("{none}");
    }
    for entry in entries {
        println!("{}", row(entry));
    }
}

/// A member of an answer as text.
fn text<'a>(answer: &'a Value, member: &str) -> &'a str {
    answer
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
