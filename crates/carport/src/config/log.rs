//! What is logged: on standard error, and about requests in `log.db`.

use std::time::Duration;

use anyhow::bail;

use super::{Config, Opt};

/// Options of this section.
pub const OPTIONS: &[Opt] = &[
    Opt {
        key: "log.level",
        default: "warn",
        doc: "error, warn, info, debug or trace, or a filter such as warn,carport_store=debug.",
        secret: false,
    },
    Opt {
        key: "log.format",
        default: "text",
        doc: "text for people or json for machines.",
        secret: false,
    },
    Opt {
        key: "log.requests_days",
        default: "30",
        doc: "How long the request log (log.db in the data folder) keeps entries; 0 turns it off.",
        secret: false,
    },
    Opt {
        key: "log.requests_megabytes",
        default: "500",
        doc: "Size of the request log at which the oldest entries make room; 500 hold some six million.",
        secret: false,
    },
];

/// The section, read.
#[derive(Debug, Clone)]
pub struct Log {
    /// Filter.
    pub level: String,
    /// One JSON object a line.
    pub json: bool,
    /// How long entries of the request log are kept; zero when there is none.
    pub requests_kept: Duration,
    /// Size of the request log at which the oldest entries make room.
    pub requests_bytes: u64,
}

impl Log {
    /// Reads the section.
    ///
    /// # Errors
    /// Names the option that does not read.
    pub fn read(config: &Config) -> anyhow::Result<Self> {
        let json = match config.setting("log.format").value.as_str() {
            "text" => false,
            "json" => true,
            other => bail!("log.format is {other:?}; it is text or json"),
        };
        let days: u32 = config.get("log.requests_days")?;
        let megabytes: u32 = config.get("log.requests_megabytes")?;
        if megabytes == 0 {
            bail!("log.requests_megabytes is 0; to turn the log off, set log.requests_days = 0");
        }
        Ok(Self {
            level: config.get("log.level")?,
            json,
            requests_kept: Duration::from_hours(24) * days,
            requests_bytes: u64::from(megabytes) * 1_000_000,
        })
    }
}
