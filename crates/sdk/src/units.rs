//! The unit system of an answer.

use std::fmt;

use serde::{Deserialize, Serialize};

/// In which units a vehicle answers. The wire knows these two words and no others.
///
/// Source: contract rest-v2, 1.3 and 1.7.
///
/// ```
/// use carport_sdk::UnitSystem;
/// assert_eq!(UnitSystem::default(), UnitSystem::Metric);
/// assert_eq!(UnitSystem::Imperial.to_string(), "imperial");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitSystem {
    /// Kilometres, litres, kilopascals.
    #[default]
    Metric,
    /// Miles, US gallons, pounds per square inch.
    Imperial,
}

impl UnitSystem {
    /// The word of the `sc-unit-system` header.
    ///
    /// ```
    /// assert_eq!(carport_sdk::UnitSystem::Metric.as_str(), "metric");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Imperial => "imperial",
        }
    }

    /// Reads the header's word; anything else is `None`.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "metric" => Some(Self::Metric),
            "imperial" => Some(Self::Imperial),
            _ => None,
        }
    }
}

impl fmt::Display for UnitSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
