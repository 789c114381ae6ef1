//! The mail server.

use anyhow::{Context as _, bail};
use carport_model::Secret;
use url::Url;

use super::{Config, Opt};

/// Options of this section.
pub const OPTIONS: &[Opt] = &[
    Opt {
        key: "smtp.url",
        default: "",
        doc: "Mail server that takes letters: smtps://USER:PASSWORD@HOST:465, or smtp://USER:PASSWORD@HOST:587?tls=required; no letters are sent when empty.",
        secret: true,
    },
    Opt {
        key: "smtp.from",
        default: "",
        doc: "Sender of letters, as in Carport <carport@example.com>.",
        secret: false,
    },
];

/// The section, read.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Where letters go and who sends them, when there is a mail server.
    pub server: Option<(Secret<String>, String)>,
}

impl Smtp {
    /// Reads the section.
    ///
    /// # Errors
    /// Names the option that does not read.
    pub fn read(config: &Config) -> anyhow::Result<Self> {
        let url: Option<String> = config.optional("smtp.url")?;
        let from: Option<String> = config.optional("smtp.from")?;
        let server = match (url, from) {
            (None, _) => None,
            (Some(_), None) => {
                bail!("smtp.url is set, smtp.from is not; say who sends the letters")
            }
            (Some(url), Some(from)) => {
                check(&url)?;
                Some((Secret::new(url), from))
            }
        };
        Ok(Self { server })
    }
}

/// Letters carry codes that open accounts: they do not cross a network in clear.
fn check(text: &str) -> anyhow::Result<()> {
    // Not in the error: it may carry a password.
    let url: Url = text.parse().ok().context("smtp.url is no address")?;
    let is_near = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let asks_tls = url
        .query_pairs()
        .any(|(name, value)| name == "tls" && value == "required");
    match url.scheme() {
        "smtps" => Ok(()),
        "smtp" if asks_tls || is_near => Ok(()),
        "smtp" => bail!("smtp.url would send letters in clear; use smtps://, or add ?tls=required"),
        _ => bail!("smtp.url begins with smtps:// or smtp://"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_do_not_travel_in_clear() {
        assert!(check("smtps://a:b@mail.example").is_ok());
        assert!(check("smtp://a:b@mail.example:587?tls=required").is_ok());
        assert!(check("smtp://localhost:1025").is_ok());
        for wrong in [
            "smtp://a:geheim@mail.example",
            "https://mail.example",
            "mail.example:25",
        ] {
            let error = check(wrong).unwrap_err();
            assert!(!error.to_string().contains("geheim"), "{error}");
        }
    }
}
