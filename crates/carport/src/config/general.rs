//! Where the server listens, what it is called, where its data lies.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use carport_model::country::Country;
use carport_store::StoreUrl;
use carport_web::PublicUrl;

use super::{Config, Opt};

/// Options of this section.
pub const OPTIONS: &[Opt] = &[
    Opt {
        key: "listen",
        default: "127.0.0.1:2277",
        doc: "Address and port to listen on; port 0 takes a free one.",
        secret: false,
    },
    Opt {
        key: "public_url",
        default: "",
        doc: "Address under which browsers and SDKs reach this server; http://localhost:{port} when empty.",
        secret: false,
    },
    Opt {
        key: "data",
        default: "",
        doc: "Folder for the database, the key and the socket; ./carport-data when empty (dev: a temporary folder).",
        secret: false,
    },
    Opt {
        key: "database",
        default: "",
        doc: "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME; carport.db in the data folder when empty.",
        secret: true,
    },
    Opt {
        key: "key",
        default: "",
        doc: "The installation's key, 64 hex digits; carport.key in the data folder when empty.",
        secret: true,
    },
    Opt {
        key: "metrics_listen",
        default: "",
        doc: "Address of a listener of its own for /metrics; on the main one when empty.",
        secret: false,
    },
    Opt {
        key: "trusted_proxies",
        default: "",
        doc: "IP addresses of the proxies that terminate TLS in front of this server, separated by commas.",
        secret: false,
    },
    Opt {
        key: "tls_cert",
        default: "",
        doc: "File with the certificate chain (PEM) for TLS on the main listener.",
        secret: false,
    },
    Opt {
        key: "tls_key",
        default: "",
        doc: "File with the private key (PEM) for TLS on the main listener.",
        secret: false,
    },
    Opt {
        key: "brands",
        default: "",
        doc: "Folder with brand files (TOML) that add to or change the built-in ones.",
        secret: false,
    },
    Opt {
        key: "models",
        default: "",
        doc: "Folder with files of car models (TOML), one a make, that add to or replace the built-in ones.",
        secret: false,
    },
    Opt {
        key: "translations",
        default: "",
        doc: "Folder with translations of the pages (TOML), one file a language: sv.toml, pt-br.toml.",
        secret: false,
    },
    Opt {
        key: "default_country",
        default: "US",
        doc: "Country of owners about whom nothing else is known (ISO 3166-1 alpha-2).",
        secret: false,
    },
    Opt {
        key: "test_vehicle",
        default: "",
        doc: "Whether /v3 serves the fixed vehicle that SDK suites read with the token test-data-token: true or false; true for dev alone when empty.",
        secret: false,
    },
];

/// The section, read.
#[derive(Debug, Clone)]
pub struct General {
    /// Listener.
    pub listen: SocketAddr,
    /// Public address; depends on the bound port when absent.
    pub public_url: Option<PublicUrl>,
    /// Data folder, when named.
    pub data: Option<PathBuf>,
    /// Database, when named.
    pub database: Option<StoreUrl>,
    /// Listener of its own for metrics.
    pub metrics_listen: Option<SocketAddr>,
    /// Proxies that may speak for clients.
    pub trusted_proxies: Vec<IpAddr>,
    /// Certificate chain and private key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Overlay of brand files.
    pub brands: Option<PathBuf>,
    /// Overlay of car model files.
    pub models: Option<PathBuf>,
    /// Translations of the pages.
    pub translations: Option<PathBuf>,
    /// Country of owners about whom nothing else is known.
    pub default_country: &'static Country,
    /// Whether the fixed test vehicle of v3 is served, when that was said.
    pub test_vehicle: Option<bool>,
}

impl General {
    /// Reads the section.
    ///
    /// # Errors
    /// Names the option that does not read.
    pub fn read(config: &Config) -> anyhow::Result<Self> {
        let tls = match (config.optional("tls_cert")?, config.optional("tls_key")?) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => bail!("tls_cert and tls_key belong together; set both or none"),
        };
        let proxies = &config.setting("trusted_proxies").value;
        let trusted_proxies = proxies
            .split(',')
            .map(str::trim)
            .filter(|address| !address.is_empty())
            .map(|address| {
                address
                    .parse()
                    .with_context(|| format!("trusted_proxies: {address:?} is no address"))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            listen: config.get("listen")?,
            public_url: config.optional("public_url")?,
            data: config.optional("data")?,
            database: config.optional("database")?,
            metrics_listen: config.optional("metrics_listen")?,
            trusted_proxies,
            tls,
            brands: config.optional("brands")?,
            models: config.optional("models")?,
            translations: config.optional("translations")?,
            default_country: Country::find(&config.setting("default_country").value)
                .context("default_country is not a country that Carport lists")?,
            test_vehicle: config.optional("test_vehicle")?,
        })
    }

    /// The address under which browsers and SDKs reach a server that listens on `address`: the one
    /// that was set, else the listener's own, as this machine's browsers call it.
    ///
    /// # Errors
    /// Never for an address that can be listened on.
    pub fn public_url_at(&self, address: SocketAddr) -> anyhow::Result<PublicUrl> {
        if let Some(url) = &self.public_url {
            return Ok(url.clone());
        }
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let host = if address.ip().is_loopback() || address.ip().is_unspecified() {
            "localhost".to_owned()
        } else if address.is_ipv6() {
            format!("[{}]", address.ip())
        } else {
            address.ip().to_string()
        };
        format!("{scheme}://{host}:{}", address.port())
            .parse()
            .context("public_url")
    }
}
