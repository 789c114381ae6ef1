//! What is logged, on standard error.

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
];

/// The section, read.
#[derive(Debug, Clone)]
pub struct Log {
    /// Filter.
    pub level: String,
    /// One JSON object a line.
    pub json: bool,
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
        Ok(Self {
            level: config.get("log.level")?,
            json,
        })
    }
}
