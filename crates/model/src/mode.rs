//! Modes: where the cars of a connection come from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::worded;

/// Where a connection's cars come from. Fixed when the connection is made; users, vehicles and
/// tokens of different modes never mix. Source: contract connect-oauth, D.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Real cars through live connectors.
    Live,
    /// Cars that follow a simulation.
    Simulated,
    /// Generated cars with values drawn anew at each request.
    Test,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Live, Self::Simulated, Self::Test];

    /// The wire spelling, which is also what people read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => worded("live"),
            Self::Simulated => worded("simulated"),
            Self::Test => worded("test"),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not `live`, `simulated` or `test`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mode is one of live, simulated and test")]
pub struct ParseModeError;

impl FromStr for Mode {
    type Err = ParseModeError;

    fn from_str(text: &str) -> Result<Self, ParseModeError> {
        match text {
            "live" => Ok(Self::Live),
            "simulated" => Ok(Self::Simulated),
            "test" => Ok(Self::Test),
            _ => Err(ParseModeError),
        }
    }
}
