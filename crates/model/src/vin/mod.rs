//! Vehicle identification numbers and what they tell of a car: brand, model year.
//!
//! The beginnings by which brands are known are in the brands' files. Sources: ISO 3779 and 3780,
//! 49 CFR 565; contract rest-v2, 4.1 and connect-oauth, D.1 to D.4 for VINs of test cars.

mod brand;
mod check_digit;
mod model_year;
mod pattern;
mod test_vin;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use pattern::{NoVinPattern, VinPattern};
pub use test_vin::TestVin;

/// A vehicle identification number: 17 letters and digits, upper case. Personal data: `Debug`
/// prints its last four only. Check digits are not verified, since test VINs have none.
///
/// It lies in the value itself: a car that is remembered costs no second block of memory.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Vin([u8; 17]);

/// The text has not 17 letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a VIN has 17 letters and digits")]
pub struct ParseVinError;

impl Vin {
    /// The 17 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a VIN is made of letters and digits")
    }

    /// The last four characters, which the permission page shows.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.as_str()[13..]
    }

    /// Whether the prefix marks a car that cannot be real (`0SC` test, `1SC` simulated).
    /// Source: contract connect-oauth, D.1.
    #[must_use]
    pub fn is_mock(&self) -> bool {
        self.0.starts_with(b"0SC") || self.is_simulated()
    }

    /// Whether the prefix marks a simulated car (`1SC`).
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.0.starts_with(b"1SC")
    }

    /// The first letter that no real VIN has: I, O or Q. Those of generated cars spell their brand
    /// and may have any.
    #[must_use]
    pub fn illegal_letter(&self) -> Option<char> {
        let mut letters = self.as_str().chars();
        letters.find(|letter| !self.is_mock() && matches!(letter, 'I' | 'O' | 'Q'))
    }
}

impl FromStr for Vin {
    type Err = ParseVinError;

    fn from_str(text: &str) -> Result<Self, ParseVinError> {
        let mut letters: [u8; 17] = text.as_bytes().try_into().map_err(|_| ParseVinError)?;
        if !letters.iter().all(u8::is_ascii_alphanumeric) {
            return Err(ParseVinError);
        }
        letters.make_ascii_uppercase();
        Ok(Self(letters))
    }
}

impl TryFrom<String> for Vin {
    type Error = ParseVinError;

    fn try_from(text: String) -> Result<Self, ParseVinError> {
        text.parse()
    }
}

impl From<Vin> for String {
    fn from(vin: Vin) -> Self {
        vin.as_str().to_owned()
    }
}

impl fmt::Debug for Vin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vin(…{})", self.tail())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Brands;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    #[test]
    fn vins_are_hidden_and_normalised() {
        let vin: Vin = "0scaudi037a5adb1c".parse().unwrap();
        assert_eq!(vin.as_str(), "0SCAUDI037A5ADB1C");
        assert_eq!(format!("{vin:?}"), "Vin(…DB1C)");
        assert!(vin.is_mock() && !vin.is_simulated());
        assert_eq!("0SC".parse::<Vin>(), Err(ParseVinError));
        assert_eq!("0SCAUDI037A5ADB1é".parse::<Vin>(), Err(ParseVinError));
    }

    #[test]
    fn letters_that_no_real_vin_has() {
        let illegal = |vin: &str| vin.parse::<Vin>().unwrap().illegal_letter();
        assert_eq!(illegal("5YJSA1E29LF40308Q"), Some('Q'));
        assert_eq!(illegal("5yjsa1e29lf4o3082"), Some('O'));
        assert_eq!(illegal("0SCAUDI037A5ADB1C"), None);
        assert_eq!(illegal("5YJSA1E29LF403082"), None);
    }

    static BRANDS: LazyLock<Brands> = LazyLock::new(Brands::embedded);

    proptest! {
        #[test]
        fn any_vin_is_looked_at(vin in "[0-9A-Z]{17}", north_american: bool, latest in -9999..9999) {
            let vin: Vin = vin.parse().unwrap();
            let year = vin.model_year(north_american, latest);
            prop_assert!(year.is_none_or(|year| year >= 1980));
            let _ = (vin.brand(&BRANDS), vin.check_digit_holds(), vin.illegal_letter());
        }
    }
}
