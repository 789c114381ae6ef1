//! `carport config`.

use super::configure;
use crate::cli::{ConfigCommand, Global};
use crate::config::{self, General, Limits, Log, OAuth, Plan};

/// Carries the subcommand out.
///
/// # Errors
/// The configuration does not read.
pub fn run(global: &Global, args: &ConfigCommand) -> anyhow::Result<()> {
    match args {
        ConfigCommand::Show { json } => show(global, *json),
        ConfigCommand::Check => {
            let config = configure(global, Vec::new())?;
            General::read(&config)?;
            Limits::read(&config)?;
            Plan::read(&config)?;
            OAuth::read(&config)?;
            Log::read(&config)?;
            println!("The configuration can be used.");
            Ok(())
        }
        ConfigCommand::Default => {
            print!("{}", config::default_file());
            Ok(())
        }
    }
}

fn show(global: &Global, json: bool) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let rows = config.all().map(|(option, setting)| {
        let hidden = option.secret && !setting.value.is_empty();
        let value = if hidden {
            "********"
        } else {
            setting.value.as_str()
        };
        (option.key, value, setting.origin.to_string())
    });
    if json {
        let members: serde_json::Map<String, serde_json::Value> = rows
            .map(|(key, value, origin)| {
                (
                    key.to_owned(),
                    serde_json::json!({ "value": value, "origin": origin }),
                )
            })
            .collect();
        println!("{}", serde_json::Value::Object(members));
    } else {
        for (key, value, origin) in rows {
            println!("{key:30} {:40} {origin}", format!("{value:?}"));
        }
    }
    Ok(())
}
