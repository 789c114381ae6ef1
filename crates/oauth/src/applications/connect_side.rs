//! What owners see of an application in Connect: vehicle access, brands, countries, cars, looks and
//! switches. Source: contract connect-oauth, C.

use std::sync::Arc;

use carport_model::country::Country;
use carport_model::scope::Scope;
use carport_model::{Application, ApplicationId, BrandId, Brands, ConnectSettings, Engine};
use carport_store::{StoreError, Tx, applications, audit_log, connect_settings};
use carport_web::words::{Sentence, t};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::texts::is_unseen;
use super::{ApplicationError, Applications};

/// Settings of Connect. In a change, what is absent or null stays, and an empty text or list takes
/// a setting back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectChange {
    /// Permissions that a link asks for which names none, with spaces between; `required:` before
    /// those that owners cannot leave out.
    pub scope: Option<String>,
    /// Ids of the brands that are listed; empty for all.
    pub brands: Option<Vec<String>>,
    /// Only brands are listed that sell such cars in the owner's region (`BEV`, `PHEV`, `ICE`);
    /// empty for all.
    #[schema(value_type = Option<Vec<String>>)]
    pub brand_engines: Option<Vec<Engine>>,
    /// Codes of the countries that owners can choose; empty for all.
    pub countries: Option<Vec<String>>,
    /// Code of the country that owners find preset.
    pub default_country: Option<String>,
    /// Cars that may be connected (`BEV`, `PHEV`, `ICE`); empty for all.
    #[schema(value_type = Option<Vec<String>>)]
    pub engines: Option<Vec<Engine>>,
    /// Whether cars may be connected of which nobody knows what moves them.
    pub unknown_engine: Option<bool>,
    /// Six hex digits, with or without `#`.
    pub accent: Option<String>,
    /// Plain text on the first page, at most 300 characters.
    pub welcome: Option<String>,
    /// Where owners find help: `https:` or `mailto:`.
    pub support: Option<String>,
    /// Links without a PKCE challenge are refused.
    pub require_pkce: Option<bool>,
    /// Redirects carry `iss` (RFC 9207).
    pub send_iss: Option<bool>,
    /// A car that cannot serve every required permission is incompatible, as before June 2026.
    pub strict_required: Option<bool>,
}

/// Settings could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// A value is refused.
    #[error("{reason}")]
    Refused {
        /// Which, as [`ConnectChange`] calls it in JSON.
        field: &'static str,
        /// What to change.
        reason: Sentence,
    },
    /// No application has this id.
    #[error("{}", ApplicationError::Unknown)]
    Unknown,
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn refused(field: &'static str, reason: impl Into<Sentence>) -> SettingError {
    SettingError::Refused {
        field,
        reason: reason.into(),
    }
}

impl ConnectChange {
    /// The change that leaves an application as it is: every setting it has, by name.
    #[must_use]
    pub fn keeping(application: &Application, settings: &ConnectSettings) -> Self {
        Self {
            scope: Some(application.default_scope.to_string()),
            brands: Some(settings.brands.iter().map(ToString::to_string).collect()),
            brand_engines: Some(settings.brand_engines.clone()),
            countries: Some(settings.countries.clone()),
            default_country: settings.default_country.clone(),
            engines: Some(settings.engines.clone()),
            unknown_engine: Some(settings.unknown_engine),
            accent: settings.accent.clone(),
            welcome: Some(settings.welcome.clone()),
            support: settings.support.clone(),
            require_pkce: Some(application.require_pkce),
            send_iss: Some(application.send_iss),
            strict_required: Some(application.strict_required),
        }
    }

    /// Makes an application and its settings what they are to be.
    ///
    /// # Errors
    /// [`SettingError::Refused`] for the first value that cannot be.
    pub fn apply(
        &self,
        application: &mut Application,
        settings: &mut ConnectSettings,
        brands: &Brands,
    ) -> Result<(), SettingError> {
        if let Some(scope) = &self.scope {
            let parsed = scope.parse::<Scope>();
            application.default_scope = parsed.map_err(|unknown| {
                let reason = t("“{name}” is not a permission.").with("name", unknown.0);
                refused("scope", reason)
            })?;
        }
        if let Some(ids) = &self.brands {
            settings.brands = listed(ids, brands)?;
        }
        if let Some(engines) = &self.brand_engines {
            settings.brand_engines = sorted(engines);
        }
        if let Some(engines) = &self.engines {
            settings.engines = sorted(engines);
        }
        settings.unknown_engine = self.unknown_engine.unwrap_or(settings.unknown_engine);
        self.apply_countries(settings)?;
        self.apply_looks(settings)?;
        // Phones and browsers keep no secret: without PKCE anybody could take their codes.
        let require_pkce = self.require_pkce.unwrap_or(application.require_pkce);
        application.require_pkce = require_pkce || application.public;
        application.send_iss = self.send_iss.unwrap_or(application.send_iss);
        application.strict_required = self.strict_required.unwrap_or(application.strict_required);
        Ok(())
    }

    fn apply_countries(&self, settings: &mut ConnectSettings) -> Result<(), SettingError> {
        let known = |field, code: &str| {
            let found = Country::find(code).map(|country| country.code.to_owned());
            found.ok_or_else(|| {
                let reason = t("{code} is no country that Carport lists.").with("code", code);
                refused(field, reason)
            })
        };
        if let Some(codes) = &self.countries {
            let mut codes: Vec<String> = codes
                .iter()
                .map(|code| known("countries", code))
                .collect::<Result<_, _>>()?;
            codes.sort();
            codes.dedup();
            settings.countries = codes;
        }
        if let Some(code) = &self.default_country {
            let code = Some(code.trim()).filter(|code| !code.is_empty());
            settings.default_country =
                code.map(|code| known("defaultCountry", code)).transpose()?;
        }
        if settings.default_country.is_some() && settings.preset_country().is_none() {
            let reason =
                t("Owners cannot choose the default country. Enable it, or choose another.");
            return Err(refused("defaultCountry", reason));
        }
        Ok(())
    }

    fn apply_looks(&self, settings: &mut ConnectSettings) -> Result<(), SettingError> {
        if let Some(accent) = &self.accent {
            settings.accent = colour(accent)?;
        }
        if let Some(welcome) = &self.welcome {
            settings.welcome = plain(welcome)?;
        }
        if let Some(support) = &self.support {
            settings.support = link(support)?;
        }
        Ok(())
    }
}

fn listed(ids: &[String], brands: &Brands) -> Result<Vec<BrandId>, SettingError> {
    let known = |id: &String| {
        let found = brands.find(id).map(|brand| brand.id.clone());
        found.ok_or_else(|| {
            let reason = t("{id} is no brand that Carport knows.").with("id", id);
            refused("brands", reason)
        })
    };
    let mut known: Vec<BrandId> = ids.iter().map(known).collect::<Result<_, _>>()?;
    known.sort();
    known.dedup();
    Ok(known)
}

fn sorted(engines: &[Engine]) -> Vec<Engine> {
    let chosen = Engine::ALL.into_iter();
    chosen.filter(|engine| engines.contains(engine)).collect()
}

fn colour(text: &str) -> Result<Option<String>, SettingError> {
    let digits = text.trim();
    let digits = digits.strip_prefix('#').unwrap_or(digits);
    match digits.len() {
        0 => Ok(None),
        6 if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
            Ok(Some(digits.to_ascii_lowercase()))
        }
        _ => {
            let reason = t("Write the colour as six hex digits, such as 00819D.");
            Err(refused("accent", reason))
        }
    }
}

/// Plain text in one paragraph. Marks that turn the direction of text could make the words around
/// it read as something else.
fn plain(text: &str) -> Result<String, SettingError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if text.chars().any(is_unseen) {
        let reason = t("Leave out control characters and marks that turn the direction of text.");
        return Err(refused("welcome", reason));
    }
    let length = text.chars().count();
    if length > ConnectSettings::WELCOME {
        let most = ConnectSettings::WELCOME;
        let reason = t("The text has {length} characters; {most} is the most.")
            .with("length", length)
            .with("most", most);
        return Err(refused("welcome", reason));
    }
    Ok(text)
}

fn link(text: &str) -> Result<Option<String>, SettingError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let is_plain = |letter: char| !letter.is_whitespace() && !letter.is_control();
    let short = text.len() <= ConnectSettings::SUPPORT && text.chars().all(is_plain);
    let url = Url::parse(text).ok().filter(|_| short);
    let fits = url.is_some_and(|url| match url.scheme() {
        "https" => url.username().is_empty() && url.password().is_none(),
        "mailto" => url.path().contains('@') && url.query().is_none(),
        _ => false,
    });
    fits.then(|| Some(text.to_owned())).ok_or_else(|| {
        let reason =
            t("Write an address that begins with https://, or mailto: and an e-mail address.");
        refused("support", reason)
    })
}

/// What one unit of work is to do.
enum Step {
    Change(ConnectChange, Arc<Brands>),
    Logo(Option<(String, Vec<u8>)>),
}

impl Applications {
    /// Changes what owners see of an application; new runs of Connect obey at once.
    ///
    /// # Errors
    /// [`SettingError`] says what to change.
    pub async fn change_connect_side(
        &self,
        id: ApplicationId,
        change: ConnectChange,
        brands: Arc<Brands>,
    ) -> Result<(), SettingError> {
        self.set(id, Step::Change(change, brands)).await
    }

    /// Puts a logo in the place of the one before; `None` removes it.
    ///
    /// # Errors
    /// [`SettingError::Unknown`] when there is no such application.
    pub async fn put_logo(
        &self,
        id: ApplicationId,
        logo: Option<(String, Vec<u8>)>,
    ) -> Result<(), SettingError> {
        self.set(id, Step::Logo(logo)).await
    }

    /// Changes settings in one unit of work with what the audit log says about it.
    async fn set(&self, id: ApplicationId, step: Step) -> Result<(), SettingError> {
        let by = self.clone();
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                if !applications::hold(tx, id).await? {
                    return Err(SettingError::Unknown);
                }
                connect_settings::hold(tx, id).await?;
                // Only now nobody else changes it.
                let found = applications::find(tx, id).await?;
                let mut application = found.ok_or(SettingError::Unknown)?;
                let mut settings = connect_settings::find(tx, id).await?;
                let before = (application.clone(), settings.clone());
                match &step {
                    Step::Change(change, brands) => {
                        change.apply(&mut application, &mut settings, brands)?;
                    }
                    Step::Logo(logo) => {
                        let kept = logo.as_ref();
                        let kept = kept.map(|(name, content)| (&**name, &**content));
                        connect_settings::put_logo(tx, id, kept).await?;
                        settings.logo = kept.map(|(name, _)| name.to_owned());
                    }
                }
                let changed = changed(&before, &(application.clone(), settings.clone()));
                if changed.is_empty() {
                    return Ok(());
                }
                connect_settings::save(tx, &application, &settings).await?;
                for action in changed {
                    audit_log::append(tx, &by.entry(id, action)).await?;
                }
                Ok(())
            })
            .await
    }
}

/// What the audit log calls the parts that differ.
fn changed(
    (application, settings): &(Application, ConnectSettings),
    (new_application, new_settings): &(Application, ConnectSettings),
) -> Vec<&'static str> {
    let (old, new) = (settings, new_settings);
    let switches = |it: &Application| (it.require_pkce, it.send_iss, it.strict_required);
    let brands = |it: &ConnectSettings| (it.brands.clone(), it.brand_engines.clone());
    let countries = |it: &ConnectSettings| (it.countries.clone(), it.default_country.clone());
    let cars = |it: &ConnectSettings| (it.engines.clone(), it.unknown_engine);
    let looks = |it: &ConnectSettings| (it.accent.clone(), it.welcome.clone(), it.support.clone());
    let parts = [
        (
            "vehicle_access.changed",
            application.default_scope != new_application.default_scope,
        ),
        ("brands.changed", brands(old) != brands(new)),
        ("countries.changed", countries(old) != countries(new)),
        ("connection_filter.changed", cars(old) != cars(new)),
        ("appearance.changed", looks(old) != looks(new)),
        ("logo.changed", old.logo != new.logo),
        (
            "security.changed",
            switches(application) != switches(new_application),
        ),
    ];
    let differs = parts.into_iter().filter(|(_, differs)| *differs);
    differs.map(|(action, _)| action).collect()
}

#[cfg(test)]
mod tests;
