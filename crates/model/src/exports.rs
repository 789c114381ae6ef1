//! The environment of each SDK: what to export so that it talks to this server.
//! Source: contract connect-oauth, 0; rest-v2, 7.1.

use std::str::FromStr;

use crate::worded;

/// A language whose official SDK runs on Carport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "names of languages")]
pub enum Language {
    Node,
    Python,
    Java,
    Ruby,
    Go,
    Rust,
}

impl Language {
    /// All of them, in the order of the Dashboard.
    pub const ALL: &'static [Self] = &[
        Self::Node,
        Self::Python,
        Self::Java,
        Self::Ruby,
        Self::Go,
        Self::Rust,
    ];

    /// Name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Python => "python",
            Self::Java => "java",
            Self::Ruby => "ruby",
            Self::Go => "go",
            Self::Rust => "rust",
        }
    }

    /// Name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::Python => "Python",
            Self::Java => "Java",
            Self::Ruby => "Ruby",
            Self::Go => "Go",
            Self::Rust => "Rust",
        }
    }

    /// What a developer must know besides the variables; empty when they are enough.
    #[must_use]
    pub const fn remark(self) -> &'static str {
        match self {
            Self::Go => worded(
                "The Go SDK has its hosts built in and reads no origin variables. Start the \
                     server with carport dev --original-hosts; then carport env go prints the proxy \
                     and the certificate that lead it here.",
            ),
            _ => "",
        }
    }

    /// The variables that lead this language's SDK to the server at `url`, without a trailing slash.
    #[must_use]
    pub fn origins(self, url: &str) -> Vec<(&'static str, String)> {
        let token_url = || format!("{url}/oauth/token");
        let names: &[&str] = match self {
            Self::Node => &[
                "SMARTCAR_API_ORIGIN",
                "SMARTCAR_AUTH_ORIGIN",
                V3,
                MANAGEMENT,
            ],
            Self::Python => &[
                "SMARTCAR_CONNECT_ORIGIN",
                "SMARTCAR_API_ORIGIN",
                // The name of the third SDK for the same host.
                "SMARTCAR_VEHICLE_API_V3_ORIGIN",
                MANAGEMENT,
            ],
            Self::Java => &[
                "SMARTCAR_CONNECT_ORIGIN",
                "SMARTCAR_AUTH_ORIGIN",
                "SMARTCAR_API_ORIGIN",
                V3,
                MANAGEMENT,
            ],
            // Carport's own SDK, and the crate `smartcar`, which has a name of its own for Connect.
            Self::Rust => &[
                "SMARTCAR_CONNECT_ORIGIN",
                "SMARTCAR_CONNECT_URL",
                "SMARTCAR_AUTH_ORIGIN",
                "SMARTCAR_API_ORIGIN",
                V3,
                MANAGEMENT,
            ],
            Self::Ruby => &[
                "SMARTCAR_CONNECT_ORIGIN",
                "SMARTCAR_AUTH_ORIGIN",
                "SMARTCAR_API_ORIGIN",
                "SMARTCAR_VEHICLE_API_ORIGIN",
                MANAGEMENT,
            ],
            Self::Go => &[],
        };
        let mut origins: Vec<_> = names.iter().map(|name| (*name, url.to_owned())).collect();
        if self == Self::Python {
            // Python takes the whole address of the token endpoint here.
            origins.push(("SMARTCAR_AUTH_ORIGIN", token_url()));
        }
        origins
    }
}

const V3: &str = "SMARTCAR_API_V3_ORIGIN";
const MANAGEMENT: &str = "SMARTCAR_MANAGEMENT_API_ORIGIN";

/// No SDK of this language is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the language is one of node, python, java, ruby, go and rust")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let found = Self::ALL.iter().find(|language| language.name() == text);
        found.copied().ok_or(UnknownLanguage)
    }
}

/// The variables that tell an SDK who it is. A stored secret cannot be told: it is kept as a digest.
#[must_use]
pub fn credentials(
    client_id: &str,
    secret: Option<&str>,
    redirect_uri: Option<&str>,
) -> Vec<(&'static str, String)> {
    let told = [
        ("SMARTCAR_CLIENT_ID", Some(client_id)),
        ("SMARTCAR_CLIENT_SECRET", secret),
        ("SMARTCAR_REDIRECT_URI", redirect_uri),
    ];
    let told = told.into_iter();
    told.filter_map(|(name, value)| Some((name, value?.to_owned())))
        .collect()
}

/// A line for a POSIX shell; the value is quoted whatever it holds.
#[must_use]
pub fn export_line(name: &str, value: &str) -> String {
    format!("export {name}='{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_finds_the_server() {
        for language in Language::ALL {
            assert_eq!(language.name().parse(), Ok(*language));
            let origins = language.origins("http://localhost:2277");
            assert_eq!(origins.is_empty(), !language.remark().is_empty());
        }
        let python = Language::Python.origins("http://c");
        assert!(python.contains(&("SMARTCAR_AUTH_ORIGIN", "http://c/oauth/token".to_owned())));
        assert!("cobol".parse::<Language>().is_err());
    }

    #[test]
    fn lines_survive_a_shell() {
        assert_eq!(export_line("A", "b'c"), r"export A='b'\''c'");
    }
}
