//! Logs. Tokens, secrets, VINs, positions, e-mails and bodies never reach them (docs/logging.md).

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging to standard error.
///
/// # Errors
/// The level is not a filter.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::builder()
        .parse(&log.level)
        .with_context(|| format!("log.level {:?} is not a filter", log.level))?;
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colour);
    // A second server in one process (tests) keeps the first one's logger.
    let started = if log.json {
        builder.json().try_init()
    } else {
        builder.try_init()
    };
    drop(started);
    Ok(())
}
