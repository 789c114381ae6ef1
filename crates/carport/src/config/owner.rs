//! The first owner of a server that nobody has an account on.

use anyhow::bail;
use carport_model::Secret;

use super::{Config, Opt};

/// Options of this section.
pub const OPTIONS: &[Opt] = &[
    Opt {
        key: "owner.email",
        default: "",
        doc: "E-mail of the owner whom serve makes when there is no member yet; it prints a set-up link when empty.",
        secret: false,
    },
    Opt {
        key: "owner.password",
        default: "",
        doc: "Password of that owner; without effect once there is a member.",
        secret: true,
    },
];

/// The section, read.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Address and password, when they are set.
    pub first: Option<(String, Secret<String>)>,
}

impl Owner {
    /// Reads the section.
    ///
    /// # Errors
    /// One of the two is missing.
    pub fn read(config: &Config) -> anyhow::Result<Self> {
        let email: Option<String> = config.optional("owner.email")?;
        let password: Option<String> = config.optional("owner.password")?;
        let first = match (email, password) {
            (Some(email), Some(password)) => Some((email, Secret::new(password))),
            (None, None) => None,
            _ => bail!("owner.email and owner.password belong together; set both or none"),
        };
        Ok(Self { first })
    }
}
