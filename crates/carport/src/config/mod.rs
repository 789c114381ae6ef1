//! Configuration: flag, then environment, then file, then default; each value knows its origin.
//! Source: contract cli, 1. To add an option, add one row to the file of its section.

mod general;
mod limits;
mod log;
mod oauth;
mod oidc;
mod owner;
mod plan;
mod simulator;
mod smtp;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, bail};

pub use general::General;
pub use limits::Limits;
pub use log::Log;
pub use oauth::OAuth;
pub use oidc::Oidc;
pub use owner::Owner;
pub use plan::Plan;
pub use simulator::Simulator;
pub use smtp::Smtp;

/// One option, as the documentation shows it.
pub struct Opt {
    /// Key in `carport.toml`; `section.name` below `[section]`.
    pub key: &'static str,
    /// Value when nobody says otherwise; empty means not set.
    pub default: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Printed as stars.
    pub secret: bool,
}

impl Opt {
    /// Environment variable: `CARPORT_` and the key in upper case.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("CARPORT_{}", self.key.to_uppercase().replace('.', "_"))
    }
}

/// Every option, by section.
pub const OPTIONS: &[&[Opt]] = &[
    general::OPTIONS,
    limits::OPTIONS,
    plan::OPTIONS,
    oauth::OPTIONS,
    log::OPTIONS,
    simulator::OPTIONS,
    owner::OPTIONS,
    smtp::OPTIONS,
    oidc::OPTIONS,
];

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag of this command.
    Flag,
    /// An environment variable.
    Environment(String),
    /// The configuration file.
    File(PathBuf),
    /// The default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// As it was written.
    pub value: String,
    /// Who wrote it.
    pub origin: Origin,
}

/// All settings of this run.
#[derive(Debug, Clone)]
pub struct Config {
    settings: BTreeMap<&'static str, Setting>,
}

impl Config {
    /// Reads flags (key, value), environment and file.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, or names an option that does not exist.
    pub fn read(flags: &[(&'static str, String)], file: Option<&Path>) -> anyhow::Result<Self> {
        let file = match file {
            Some(path) => Some(path.to_owned()),
            None => Some(PathBuf::from("carport.toml")).filter(|path| path.exists()),
        };
        let from_file = file
            .as_deref()
            .map(read_file)
            .transpose()?
            .unwrap_or_default();
        let mut settings = BTreeMap::new();
        for option in OPTIONS.iter().copied().flatten() {
            let flag = flags.iter().find(|(key, _)| *key == option.key);
            let variable = option.variable();
            let setting = if let Some((_, value)) = flag {
                Setting {
                    value: value.clone(),
                    origin: Origin::Flag,
                }
            } else if let Some(value) = std::env::var(&variable).ok().filter(|v| !v.is_empty()) {
                Setting {
                    value,
                    origin: Origin::Environment(variable),
                }
            } else if let Some(value) = from_file.get(option.key) {
                let origin = Origin::File(file.clone().unwrap_or_default());
                Setting {
                    value: value.clone(),
                    origin,
                }
            } else {
                Setting {
                    value: option.default.to_owned(),
                    origin: Origin::Default,
                }
            };
            settings.insert(option.key, setting);
        }
        Ok(Self { settings })
    }

    /// The setting of an option that is in the table.
    #[must_use]
    pub fn setting(&self, key: &str) -> &Setting {
        self.settings
            .get(key)
            .expect("an option is asked for by a key of the table")
    }

    /// An option's value, read as its type.
    ///
    /// # Errors
    /// Names option and origin when it does not read.
    pub fn get<T: FromStr>(&self, key: &str) -> anyhow::Result<T>
    where
        T::Err: fmt::Display,
    {
        let setting = self.setting(key);
        setting.value.parse().map_err(|error| {
            anyhow::anyhow!("{key} ({}) is {:?}: {error}", setting.origin, setting.value)
        })
    }

    /// As [`Config::get`], `None` when not set.
    ///
    /// # Errors
    /// Names option and origin when it does not read.
    pub fn optional<T: FromStr>(&self, key: &str) -> anyhow::Result<Option<T>>
    where
        T::Err: fmt::Display,
    {
        if self.setting(key).value.is_empty() {
            Ok(None)
        } else {
            self.get(key).map(Some)
        }
    }

    /// An option's values, separated by commas; none when not set.
    ///
    /// # Errors
    /// Names option and origin when one does not read.
    pub fn list<T: FromStr>(&self, key: &str) -> anyhow::Result<Vec<T>>
    where
        T::Err: fmt::Display,
    {
        let setting = self.setting(key);
        let values = setting.value.split(',').map(str::trim);
        values
            .filter(|value| !value.is_empty())
            .map(|value| {
                value.parse().map_err(|error| {
                    anyhow::anyhow!("{key} ({}) has {value:?}: {error}", setting.origin)
                })
            })
            .collect()
    }

    /// Everything, in the order of the table.
    pub fn all(&self) -> impl Iterator<Item = (&'static Opt, &Setting)> {
        OPTIONS
            .iter()
            .copied()
            .flatten()
            .map(|option| (option, self.setting(option.key)))
    }
}

/// The default configuration as a commented file.
#[must_use]
pub fn default_file() -> String {
    let mut text = String::from(
        "# Carport's configuration. Every line shows a default; remove the # to change it.\n",
    );
    let mut section = "";
    for option in OPTIONS.iter().copied().flatten() {
        let (of, name) = option.key.split_once('.').unwrap_or(("", option.key));
        if of != section {
            text.push_str(&format!("\n[{of}]\n"));
            section = of;
        }
        text.push_str(&format!(
            "\n# {}\n# {name} = {:?}\n",
            option.doc, option.default
        ));
    }
    text
}

fn read_file(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("configuration file {name} cannot be read"))?;
    let table: toml::Table = text
        .parse()
        .with_context(|| format!("configuration file {name} is not TOML"))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(section) => {
                for (name, value) in section {
                    values.insert(format!("{key}.{name}"), written(&value));
                }
            }
            value => drop(values.insert(key, written(&value))),
        }
    }
    let known: Vec<&str> = OPTIONS
        .iter()
        .copied()
        .flatten()
        .map(|option| option.key)
        .collect();
    if let Some(unknown) = values.keys().find(|key| !known.contains(&key.as_str())) {
        bail!(
            "configuration file {name} sets {unknown}, which is no option; \
             `carport config show` lists them"
        );
    }
    Ok(values)
}

/// A value as it would be written on the command line.
fn written(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_is_toml_without_settings() {
        let text = default_file();
        assert!(
            text.parse::<toml::Table>()
                .unwrap()
                .values()
                .all(|value| { value.as_table().is_some_and(toml::Table::is_empty) })
        );
        insta::assert_snapshot!(text);
    }

    #[test]
    fn flags_win_and_unknown_options_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("carport.toml");
        std::fs::write(
            &file,
            "listen = \"127.0.0.1:1\"\n[oauth]\nrefresh_grace_seconds = 0\n",
        )
        .unwrap();
        let config = Config::read(&[("listen", "127.0.0.1:2".into())], Some(&file)).unwrap();
        assert_eq!(config.setting("listen").origin, Origin::Flag);
        assert_eq!(config.get::<u64>("oauth.refresh_grace_seconds").unwrap(), 0);
        assert_eq!(
            config.setting("oauth.access_token_seconds").origin,
            Origin::Default
        );
        std::fs::write(&file, "colour = 3\n").unwrap();
        let error = Config::read(&[], Some(&file)).unwrap_err();
        assert!(error.to_string().contains("colour"), "{error}");
    }
}
