//! `carport db`: look after the database.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use carport_store::{Store, StoreUrl, care};

use super::configure;
use crate::cli::{Db, Global};
use crate::config::{Config, General};
use crate::data::DataFolder;

/// Carries the subcommand out.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: Db) -> anyhow::Result<ExitCode> {
    let config = configure(global, Vec::new())?;
    let url = database(&config)?;
    match args {
        Db::Migrate => {
            Store::open(&url)
                .await
                .with_context(|| format!("database {url}"))?;
            println!("{url} is up to date.");
        }
        Db::Check { json } => {
            let health = care::check(&url)
                .await
                .with_context(|| format!("database {url}"))?;
            if json {
                let problems = &health.problems;
                println!(
                    "{}",
                    serde_json::json!({ "schema": health.schema, "problems": problems })
                );
            } else if health.problems.is_empty() {
                println!("{url} is sound (schema {}).", health.schema);
            } else {
                for problem in &health.problems {
                    println!("{problem}");
                }
                eprintln!("carport: {url} is damaged; restore a backup");
            }
            if !health.problems.is_empty() {
                return Ok(ExitCode::from(1));
            }
        }
        Db::Backup { file } => {
            let StoreUrl::Sqlite(path) = &url else {
                bail!("back a PostgreSQL database up with pg_dump");
            };
            if file.exists() {
                bail!("{} exists; name a new file", file.display());
            }
            care::backup(path, &file).await?;
            println!("{} holds a consistent copy.", file.display());
            eprintln!(
                "carport.key is not part of it: keep it elsewhere, sealed secrets cannot be opened without it."
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The database a command means.
fn database(config: &Config) -> anyhow::Result<StoreUrl> {
    let general = General::read(config)?;
    match general.database {
        Some(url) => Ok(url),
        None => Ok(StoreUrl::in_folder(&DataFolder::find(
            general.data.as_deref(),
        )?)),
    }
}
