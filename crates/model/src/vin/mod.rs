//! Vehicle identification numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A vehicle identification number: 17 letters and digits, upper case. Personal data: `Debug`
/// prints its last four only. Check digits are not verified, since test VINs have none.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Vin(String);

/// The text has not 17 letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a VIN has 17 letters and digits")]
pub struct ParseVinError;

impl Vin {
    /// The 17 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four characters, which the permission page shows.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.0[13..]
    }

    /// Whether the prefix marks a car that cannot be real (`0SC` test, `1SC` simulated).
    /// Source: contract connect-oauth, D.1.
    #[must_use]
    pub fn is_mock(&self) -> bool {
        self.0.starts_with("0SC") || self.is_simulated()
    }

    /// Whether the prefix marks a simulated car (`1SC`).
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.0.starts_with("1SC")
    }
}

impl FromStr for Vin {
    type Err = ParseVinError;

    fn from_str(text: &str) -> Result<Self, ParseVinError> {
        if text.len() == 17 && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(ParseVinError)
        }
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

    #[test]
    fn vins_are_hidden_and_normalised() {
        let vin: Vin = "0scaudi037a5adb1c".parse().unwrap();
        assert_eq!(vin.as_str(), "0SCAUDI037A5ADB1C");
        assert_eq!(format!("{vin:?}"), "Vin(…DB1C)");
        assert!(vin.is_mock() && !vin.is_simulated());
        assert_eq!("0SC".parse::<Vin>(), Err(ParseVinError));
        assert_eq!("0SCAUDI037A5ADB1é".parse::<Vin>(), Err(ParseVinError));
    }
}
