//! `carport doctor`: what works and what does not, one line each.

use std::process::ExitCode;

use carport_model::{Clock as _, SystemClock, Timestamp};
use carport_store::{StoreUrl, care};
use tokio::net::TcpListener;

use super::configure;
use crate::cli::Global;
use crate::config::{Config, General, Limits, Log, OAuth, Plan, Simulator};
use crate::data::DataFolder;
use crate::server::{read_brands, read_models, read_translations};

/// 2025-01-01: a clock before it is wrong.
const NO_EARLIER: Timestamp = Timestamp::from_millis(1_735_689_600_000);

/// One finding.
struct Finding {
    what: &'static str,
    outcome: Result<String, String>,
}

/// Checks and prints; exit 1 when something failed.
///
/// # Errors
/// The configuration file does not read.
pub async fn run(global: &Global, json: bool) -> anyhow::Result<ExitCode> {
    let config = configure(global, Vec::new())?;
    let findings = match General::read(&config) {
        Ok(general) => check(&config, &general).await,
        Err(error) => vec![Finding {
            what: "configuration",
            outcome: Err(format!("{error:#}")),
        }],
    };
    let failed = findings.iter().any(|finding| finding.outcome.is_err());
    if json {
        let rows: Vec<_> = findings
            .iter()
            .map(|finding| {
                let (Ok(text) | Err(text)) = &finding.outcome;
                serde_json::json!({ "check": finding.what, "ok": finding.outcome.is_ok(), "detail": text })
            })
            .collect();
        println!("{}", serde_json::Value::Array(rows));
    } else {
        for finding in &findings {
            match &finding.outcome {
                Ok(text) => println!("ok      {:14} {text}", finding.what),
                Err(text) => println!("failed  {:14} {text}", finding.what),
            }
        }
    }
    Ok(if failed {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

async fn check(config: &Config, general: &General) -> Vec<Finding> {
    vec![
        Finding {
            what: "configuration",
            outcome: sections(config),
        },
        Finding {
            what: "brands",
            outcome: brands(general),
        },
        Finding {
            what: "models",
            outcome: models(general),
        },
        Finding {
            what: "translations",
            outcome: translations(general),
        },
        Finding {
            what: "storage",
            outcome: storage(general).await,
        },
        Finding {
            what: "clock",
            outcome: clock(),
        },
        Finding {
            what: "listener",
            outcome: listener(general).await,
        },
        Finding {
            what: "addresses",
            outcome: addresses(general),
        },
    ]
}

/// The sections beside the general one, which has been read.
fn sections(config: &Config) -> Result<String, String> {
    OAuth::read(config)
        .and_then(|_| Limits::read(config))
        .and_then(|_| Plan::read(config))
        .and_then(|_| Log::read(config))
        .and_then(|_| Simulator::read(config))
        .map(|_| "reads".to_owned())
        .map_err(|error| format!("{error:#}"))
}

fn brands(general: &General) -> Result<String, String> {
    read_brands(general.brands.as_deref())
        .map(|brands| format!("{} brands", brands.iter().count()))
        .map_err(|error| format!("{error:#}"))
}

fn models(general: &General) -> Result<String, String> {
    read_brands(general.brands.as_deref())
        .and_then(|brands| read_models(general.models.as_deref(), &brands))
        .map(|models| format!("{} models", models.iter().count()))
        .map_err(|error| format!("{error:#}"))
}

fn translations(general: &General) -> Result<String, String> {
    read_translations(general.translations.as_deref())
        .map(|catalogues| format!("English and {} more", catalogues.languages().count()))
        .map_err(|error| format!("{error:#}"))
}

async fn storage(general: &General) -> Result<String, String> {
    let url = match &general.database {
        Some(url) => url.clone(),
        None => match DataFolder::find(general.data.as_deref()) {
            Ok(path) => StoreUrl::in_folder(&path),
            Err(_) => return Ok("no database yet; the first start makes it".to_owned()),
        },
    };
    let health = care::check(&url).await.map_err(|error| error.to_string())?;
    match health.problems.first() {
        None => Ok(format!("{url} is sound (schema {})", health.schema)),
        Some(problem) => Err(format!("{url} is damaged: {problem}; restore a backup")),
    }
}

fn clock() -> Result<String, String> {
    let now = SystemClock.now();
    if now < NO_EARLIER {
        Err(format!(
            "it is {now} on this machine; set its clock, tokens expire by it"
        ))
    } else {
        Ok(now.to_string())
    }
}

async fn listener(general: &General) -> Result<String, String> {
    match TcpListener::bind(general.listen).await {
        Ok(_) => Ok(format!("{} is free", general.listen)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Ok(format!(
            "{} is in use, by Carport or another program",
            general.listen
        )),
        Err(error) => Err(format!(
            "{}: {error}; choose another with --listen",
            general.listen
        )),
    }
}

fn addresses(general: &General) -> Result<String, String> {
    match general.public_url_at(general.listen) {
        Err(error) => Err(format!("{error:#}")),
        Ok(url) if url.host().contains("example.com") => Err(format!(
            "{url} contains example.com; SDK suites wait for that text and would stop too early"
        )),
        Ok(url) => Ok(url.to_string()),
    }
}
