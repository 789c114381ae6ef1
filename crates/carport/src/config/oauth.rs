//! Lifetimes of tokens.

use std::time::Duration;

use carport_oauth::Settings;

use super::{Config, Opt};

/// Options of this section.
pub const OPTIONS: &[Opt] = &[
    Opt {
        key: "oauth.access_token_seconds",
        default: "7200",
        doc: "Life of an access token.",
        secret: false,
    },
    Opt {
        key: "oauth.refresh_token_days",
        default: "60",
        doc: "Life of a refresh token.",
        secret: false,
    },
    Opt {
        key: "oauth.refresh_grace_seconds",
        default: "600",
        doc: "How long a used refresh token still gives a fresh pair; 0 means strict single use.",
        secret: false,
    },
];

/// The section, read.
#[derive(Debug, Clone, Copy)]
pub struct OAuth {
    access: Duration,
    refresh: Duration,
    grace: Duration,
}

impl OAuth {
    /// Reads the section.
    ///
    /// # Errors
    /// Names the option that does not read.
    pub fn read(config: &Config) -> anyhow::Result<Self> {
        let days: u32 = config.get("oauth.refresh_token_days")?;
        Ok(Self {
            access: Duration::from_secs(config.get::<u32>("oauth.access_token_seconds")?.into()),
            refresh: Duration::from_hours(24) * days,
            grace: Duration::from_secs(config.get::<u32>("oauth.refresh_grace_seconds")?.into()),
        })
    }

    /// The lifetimes, for a server at `issuer`.
    #[must_use]
    pub fn settings(&self, issuer: &str) -> Settings {
        Settings {
            access_lifetime: self.access,
            refresh_lifetime: self.refresh,
            refresh_grace: self.grace,
            ..Settings::for_issuer(issuer)
        }
    }
}
