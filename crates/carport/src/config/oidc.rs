//! The OpenID Connect provider at which members may sign in.

use anyhow::{Context as _, bail};
use carport_dashboard::accounts::openid::{IssuerUrl, Settings};
use carport_model::{Role, Secret};
use url::Url;

use super::{Config, Opt};

/// Options of this section.
pub const OPTIONS: &[Opt] = &[
    Opt {
        key: "oidc.issuer",
        default: "",
        doc: "OpenID Connect provider at which members may sign in as well, such as https://login.example.com; spelt as its discovery document spells it. Register PUBLIC-URL/dashboard/sign-in/openid/return there. Off when empty.",
        secret: false,
    },
    Opt {
        key: "oidc.client_id",
        default: "",
        doc: "What the provider calls this server.",
        secret: false,
    },
    Opt {
        key: "oidc.client_secret",
        default: "",
        doc: "What this server shows the provider; empty for a public client, whom PKCE protects.",
        secret: true,
    },
    Opt {
        key: "oidc.name",
        default: "your company account",
        doc: "How the button on the sign-in page goes on after \"Sign in with\".",
        secret: false,
    },
    Opt {
        key: "oidc.new_role",
        default: "",
        doc: "What somebody becomes whom the provider lets in without an invitation here: viewer, editor or admin. Empty keeps them out.",
        secret: false,
    },
];

/// The section, read.
#[derive(Clone)]
pub struct Oidc {
    /// The provider, when there is one.
    pub provider: Option<Settings>,
}

impl Oidc {
    /// Reads the section.
    ///
    /// # Errors
    /// Names the option that does not read.
    pub fn read(config: &Config) -> anyhow::Result<Self> {
        let Some(issuer) = config.optional::<String>("oidc.issuer")? else {
            return Ok(Self { provider: None });
        };
        let client_id: Option<String> = config.optional("oidc.client_id")?;
        let client_secret: Option<String> = config.optional("oidc.client_secret")?;
        let new_role: Option<Role> = config.optional("oidc.new_role")?;
        if new_role == Some(Role::Owner) {
            bail!("oidc.new_role cannot be owner: nobody becomes one unasked");
        }
        Ok(Self {
            provider: Some(Settings {
                issuer: checked(issuer)?,
                client_id: client_id.context("oidc.issuer is set, oidc.client_id is not")?,
                client_secret: client_secret.map(Secret::new),
                name: config.get("oidc.name")?,
                new_role,
            }),
        })
    }
}

/// What a provider says opens accounts: it does not cross a network in clear.
fn checked(text: String) -> anyhow::Result<IssuerUrl> {
    let url: Url = text.parse().context("oidc.issuer is no address")?;
    let is_near = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => {}
        "http" if is_near => {}
        _ => bail!("oidc.issuer begins with https://"),
    }
    IssuerUrl::new(text).context("oidc.issuer is no address")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&'static str, &str)]) -> anyhow::Result<Oidc> {
        let flags: Vec<(&'static str, String)> = settings
            .iter()
            .map(|(key, value)| (*key, (*value).to_owned()))
            .collect();
        Oidc::read(&Config::read(&flags, None)?)
    }

    #[test]
    fn a_provider_is_named_whole_and_reached_in_secret() {
        assert!(read(&[]).unwrap().provider.is_none());
        let issuer = ("oidc.issuer", "https://login.example.com/realms/a");
        let whole = [
            issuer,
            ("oidc.client_id", "carport"),
            ("oidc.new_role", "viewer"),
        ];
        let provider = read(&whole).unwrap().provider.unwrap();
        assert_eq!(
            provider.issuer.as_str(),
            "https://login.example.com/realms/a"
        );
        assert_eq!(provider.new_role, Some(Role::Viewer));
        let told = |settings: &[_]| read(settings).err().unwrap().to_string();
        assert!(told(&[issuer]).contains("oidc.client_id"));
        let owner = [
            issuer,
            ("oidc.client_id", "carport"),
            ("oidc.new_role", "owner"),
        ];
        assert!(told(&owner).contains("cannot be owner"));
        for (wrong, why) in [
            ("http://login.example.com", "https://"),
            ("ftp://localhost", "https://"),
            ("login.example.com", "no address"),
        ] {
            let told = told(&[("oidc.issuer", wrong), ("oidc.client_id", "carport")]);
            assert!(told.contains(why), "{told}");
        }
        assert!(checked("http://localhost:9999".to_owned()).is_ok());
    }
}
