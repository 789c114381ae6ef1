//! What an application has set about its side of Connect: brands, countries, cars, looks. Source:
//! contract connect-oauth, C and A.5, A.6.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::country::{COUNTRIES, Country, Region};
use crate::{BrandId, CarModels, Powertrain, worded};

/// What moves a car, as far as applications choose by it: a hybrid without a plug counts as an
/// engine (contract connect-oauth, A.6, "Connection filters").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Engine {
    /// An engine, with or without a small battery.
    Ice,
    /// Battery only.
    Bev,
    /// Battery with a plug, and an engine.
    Phev,
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bev, Self::Phev, Self::Ice];

    /// Which one a powertrain counts as.
    #[must_use]
    pub const fn of(powertrain: Powertrain) -> Self {
        match powertrain {
            Powertrain::Bev => Self::Bev,
            Powertrain::Phev => Self::Phev,
            Powertrain::Hev | Powertrain::Ice => Self::Ice,
        }
    }

    /// The spelling in the database, on the command line and in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ice => "ICE",
            Self::Bev => "BEV",
            Self::Phev => "PHEV",
        }
    }

    /// What people call such cars.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ice => worded("cars with an engine and no plug"),
            Self::Bev => worded("battery cars"),
            Self::Phev => worded("plug-in hybrids"),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a powertrain is one of ICE, BEV and PHEV")]
pub struct ParseEngineError;

impl FromStr for Engine {
    type Err = ParseEngineError;

    fn from_str(text: &str) -> Result<Self, ParseEngineError> {
        let named = |engine: &Self| engine.as_str().eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(named).ok_or(ParseEngineError)
    }
}

/// Settings of an application that owners notice in Connect. The default is what an application
/// has that never set anything: every brand, country and car, and Carport's own looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ConnectSettings {
    /// Brands that are listed; empty for all.
    pub brands: Vec<BrandId>,
    /// Only brands are listed that sell cars so moved in the owner's region; empty for all.
    pub brand_engines: Vec<Engine>,
    /// Codes of the countries that owners can choose; empty for all.
    pub countries: Vec<String>,
    /// Code of the country that owners find preset.
    pub default_country: Option<String>,
    /// Cars that may be connected; empty for all.
    pub engines: Vec<Engine>,
    /// Whether cars may be connected of which nobody knows what moves them, when `engines` is not
    /// empty.
    pub unknown_engine: bool,
    /// Six hex digits in lower case.
    pub accent: Option<String>,
    /// File name of the logo, with a hash of its content.
    pub logo: Option<String>,
    /// Plain text on the first page; empty for none.
    pub welcome: String,
    /// Where owners find help: `https:` or `mailto:`.
    pub support: Option<String>,
}

impl Default for ConnectSettings {
    fn default() -> Self {
        Self {
            brands: Vec::new(),
            brand_engines: Vec::new(),
            countries: Vec::new(),
            default_country: None,
            engines: Vec::new(),
            unknown_engine: true,
            accent: None,
            logo: None,
            welcome: String::new(),
            support: None,
        }
    }
}

impl ConnectSettings {
    /// The longest welcome text, in characters.
    pub const WELCOME: usize = 300;
    /// The longest support link, in bytes.
    pub const SUPPORT: usize = 500;

    /// Whether the application wants owners in `region` to find a brand. Whether the brand is
    /// offered there at all is another question. `models` are asked only when the application
    /// chooses by them.
    #[must_use]
    pub fn lists<'a>(
        &self,
        brand: &BrandId,
        region: Region,
        models: impl FnOnce() -> &'a CarModels,
    ) -> bool {
        let makes = |models: &CarModels| {
            let mut sold = models
                .of(brand)
                .filter(|model| model.regions.contains(&region));
            sold.any(|model| self.brand_engines.contains(&Engine::of(model.powertrain)))
        };
        (self.brands.is_empty() || self.brands.contains(brand))
            && (self.brand_engines.is_empty() || makes(models()))
    }

    /// Whether a car may be connected, by what moves it.
    #[must_use]
    pub fn takes(&self, powertrain: Option<Powertrain>) -> bool {
        self.engines.is_empty()
            || powertrain.map_or(self.unknown_engine, |powertrain| {
                self.engines.contains(&Engine::of(powertrain))
            })
    }

    /// Whether owners can choose a country.
    #[must_use]
    pub fn is_enabled(&self, country: &Country) -> bool {
        self.countries.is_empty() || self.countries.iter().any(|code| code == country.code)
    }

    /// The countries that owners can choose, in the order of their names.
    pub fn enabled_countries(&self) -> impl Iterator<Item = &'static Country> {
        COUNTRIES.iter().filter(|country| self.is_enabled(country))
    }

    /// The country that owners find preset, when it can be chosen.
    #[must_use]
    pub fn preset_country(&self) -> Option<&'static Country> {
        let preset = self.default_country.as_deref().and_then(Country::find);
        preset.filter(|country| self.is_enabled(country))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;

    #[test]
    fn nothing_set_lets_everything_through() {
        let settings: ConnectSettings = serde_json::from_str("{}").unwrap();
        assert_eq!(settings, ConnectSettings::default());
        let never = || -> &CarModels { panic!("models are not asked for") };
        assert!(settings.lists(&BrandId::new("KIA"), Region::Us, never));
        assert!(settings.takes(None) && settings.takes(Some(Powertrain::Ice)));
        assert_eq!(settings.enabled_countries().count(), COUNTRIES.len());
        assert_eq!(settings.preset_country(), None);
    }

    #[test]
    fn brands_by_name_and_by_what_they_sell() {
        let catalogue = Catalogue::embedded();
        let lists = |settings: &ConnectSettings, brand: &str, region| {
            settings.lists(&BrandId::new(brand), region, || &catalogue.models)
        };
        let named = ConnectSettings {
            brands: vec![BrandId::new("KIA")],
            ..ConnectSettings::default()
        };
        assert!(lists(&named, "KIA", Region::Us) && !lists(&named, "AUDI", Region::Us));
        let moved = |engine| ConnectSettings {
            brand_engines: vec![engine],
            ..ConnectSettings::default()
        };
        assert!(lists(&moved(Engine::Bev), "TESLA", Region::Us));
        assert!(!lists(&moved(Engine::Ice), "TESLA", Region::Us));
        // Sold nowhere in the region.
        assert!(!lists(&moved(Engine::Bev), "RENAULT", Region::Us));
        assert!(lists(&moved(Engine::Bev), "RENAULT", Region::Europe));
    }

    #[test]
    fn cars_by_what_moves_them() {
        let settings = ConnectSettings {
            engines: vec![Engine::Ice],
            ..ConnectSettings::default()
        };
        assert!(settings.takes(Some(Powertrain::Hev)) && settings.takes(None));
        assert!(!settings.takes(Some(Powertrain::Phev)) && !settings.takes(Some(Powertrain::Bev)));
        let known = ConnectSettings {
            unknown_engine: false,
            ..settings
        };
        assert!(!known.takes(None));
        assert_eq!("bev".parse(), Ok(Engine::Bev));
        assert_eq!("HEV".parse::<Engine>(), Err(ParseEngineError));
    }

    #[test]
    fn a_default_that_is_not_enabled_presets_nothing() {
        let mut settings = ConnectSettings {
            countries: vec!["DE".to_owned(), "AT".to_owned()],
            default_country: Some("DE".to_owned()),
            ..ConnectSettings::default()
        };
        assert_eq!(
            settings.preset_country().map(|country| country.code),
            Some("DE")
        );
        let codes: Vec<_> = settings
            .enabled_countries()
            .map(|country| country.code)
            .collect();
        assert_eq!(codes, ["AT", "DE"]);
        settings.default_country = Some("US".to_owned());
        assert_eq!(settings.preset_country(), None);
    }
}
