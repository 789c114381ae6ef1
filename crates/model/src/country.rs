//! Countries and the regions in which brands offer connected services.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::worded;

/// A region of the brand table. Source: contract connect-oauth, A.10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Region {
    /// United States.
    Us,
    /// Canada.
    Ca,
    /// EU and EEA states, United Kingdom, Switzerland.
    Europe,
}

impl FromStr for Region {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "US" => Ok(Self::Us),
            "CA" => Ok(Self::Ca),
            "EUROPE" => Ok(Self::Europe),
            _ => Err(()),
        }
    }
}

/// A country a car may be registered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2, upper case.
    pub code: &'static str,
    /// English name.
    pub name: &'static str,
    /// Region whose brands are listed.
    pub region: Region,
}

impl Country {
    /// Looks a country up by its code in any letter case; `None` when Carport does not list it.
    #[must_use]
    pub fn find(code: &str) -> Option<&'static Country> {
        COUNTRIES
            .iter()
            .find(|country| country.code.eq_ignore_ascii_case(code.trim()))
    }
}

const fn europe(code: &'static str, name: &'static str) -> Country {
    Country {
        code,
        name,
        region: Region::Europe,
    }
}

/// All countries, in the order of their names.
pub static COUNTRIES: &[Country] = &[
    europe("AT", worded("Austria")),
    europe("BE", worded("Belgium")),
    europe("BG", worded("Bulgaria")),
    Country {
        code: "CA",
        name: worded("Canada"),
        region: Region::Ca,
    },
    europe("HR", worded("Croatia")),
    europe("CY", worded("Cyprus")),
    europe("CZ", worded("Czechia")),
    europe("DK", worded("Denmark")),
    europe("EE", worded("Estonia")),
    europe("FI", worded("Finland")),
    europe("FR", worded("France")),
    europe("DE", worded("Germany")),
    europe("GR", worded("Greece")),
    europe("HU", worded("Hungary")),
    europe("IS", worded("Iceland")),
    europe("IE", worded("Ireland")),
    europe("IT", worded("Italy")),
    europe("LV", worded("Latvia")),
    europe("LI", worded("Liechtenstein")),
    europe("LT", worded("Lithuania")),
    europe("LU", worded("Luxembourg")),
    europe("MT", worded("Malta")),
    europe("NL", worded("Netherlands")),
    europe("NO", worded("Norway")),
    europe("PL", worded("Poland")),
    europe("PT", worded("Portugal")),
    europe("RO", worded("Romania")),
    europe("SK", worded("Slovakia")),
    europe("SI", worded("Slovenia")),
    europe("ES", worded("Spain")),
    europe("SE", worded("Sweden")),
    europe("CH", worded("Switzerland")),
    europe("GB", worded("United Kingdom")),
    Country {
        code: "US",
        name: worded("United States"),
        region: Region::Us,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_in_any_case_and_sorted_by_name() {
        assert_eq!(
            Country::find("de").map(|country| country.name),
            Some("Germany")
        );
        assert_eq!(Country::find("XX"), None);
        assert!(COUNTRIES.is_sorted_by_key(|country| country.name));
    }
}
