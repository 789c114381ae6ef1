//! Parts of the API that a plan may leave out.

use std::fmt;
use std::str::FromStr;

use axum::http::Method;

/// A part of the API that a plan may leave out; calling it is then refused with
/// `BILLING`/`INVALID_PLAN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// `POST /vehicles/{id}/batch`.
    Batch,
    /// Everything that makes a vehicle do something.
    Commands,
    /// `/compatibility` and what lies below it.
    Compatibility,
}

/// What lies below a vehicle and is no command, whatever its method.
const NO_COMMANDS: [&str; 3] = ["batch", "application", "webhooks"];

impl Feature {
    /// All of them, in the order of the documentation.
    pub const ALL: &'static [Self] = &[Self::Batch, Self::Commands, Self::Compatibility];

    /// As settings spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Commands => "commands",
            Self::Compatibility => "compatibility",
        }
    }

    /// The feature that a route belongs to, by its pattern; most belong to none.
    pub(crate) fn of(method: &Method, route: &str) -> Option<Self> {
        let place = route.strip_prefix("/v2.0/")?;
        if place == "compatibility" || place.starts_with("compatibility/") {
            return Some(Self::Compatibility);
        }
        let below = place.strip_prefix("vehicles/{id}/")?;
        let is_change = !matches!(*method, Method::GET | Method::HEAD);
        match below.split('/').next() {
            Some("batch") => Some(Self::Batch),
            Some(first) if is_change && !NO_COMMANDS.contains(&first) => Some(Self::Commands),
            _ => None,
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no feature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a feature is one of batch, commands and compatibility")]
pub struct ParseFeatureError;

impl FromStr for Feature {
    type Err = ParseFeatureError;

    fn from_str(text: &str) -> Result<Self, ParseFeatureError> {
        let found = Self::ALL.iter().find(|feature| feature.as_str() == text);
        found.copied().ok_or(ParseFeatureError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v2::{ENDPOINTS, FIXED, ORDERS};

    #[test]
    fn every_command_is_one_and_no_read_is() {
        let of = |method: &Method, path: &str| {
            Feature::of(method, &format!("/v2.0/vehicles/{{id}}{path}"))
        };
        for order in ORDERS {
            assert_eq!(of(&Method::POST, order.path), Some(Feature::Commands));
        }
        assert_eq!(
            of(&Method::PUT, "/nissan/charge/schedule"),
            Some(Feature::Commands)
        );
        assert_eq!(of(&Method::DELETE, "/tesla/pin"), Some(Feature::Commands));
        let reads = ENDPOINTS.iter().map(|endpoint| endpoint.path);
        for path in reads.chain(FIXED.iter().map(|endpoint| endpoint.path)) {
            assert_eq!(of(&Method::GET, path), None, "{path}");
            assert_eq!(of(&Method::HEAD, path), None, "{path}");
        }
        assert_eq!(of(&Method::POST, "/batch"), Some(Feature::Batch));
        assert_eq!(of(&Method::DELETE, "/application"), None);
        assert_eq!(of(&Method::POST, "/webhooks/{webhook}"), None);
        for path in ["/v2.0/compatibility", "/v2.0/compatibility/matrix"] {
            assert_eq!(
                Feature::of(&Method::GET, path),
                Some(Feature::Compatibility)
            );
        }
        for path in ["/v2.0/user", "/v2.0/vehicles", "/v3/vehicles/{id}/batch"] {
            assert_eq!(Feature::of(&Method::GET, path), None);
        }
    }

    #[test]
    fn names_read_back() {
        for feature in Feature::ALL {
            assert_eq!(feature.to_string().parse(), Ok(*feature));
            assert!(ParseFeatureError.to_string().contains(feature.as_str()));
        }
        assert_eq!("bach".parse::<Feature>(), Err(ParseFeatureError));
    }
}
