//! What a connector says when a car or its maker fails.

use std::time::Duration;

use carport_model::{ErrorSpec, error};

/// A fault, named by its row of the error catalogue: type and code say what may be done. Whoever
/// retries reads the row, never a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct Fault {
    /// Row of the catalogue.
    pub error: &'static ErrorSpec,
    /// When to ask again, where the maker said so.
    pub retry_after: Option<Duration>,
    /// Which value of a command was refused, and what to send instead.
    pub refused: Option<(&'static str, &'static str)>,
}

impl Fault {
    /// The car or its maker refuses a value that is well formed: `PARAMETER`.
    #[must_use]
    pub fn refusing(field: &'static str, instead: &'static str) -> Self {
        Self {
            refused: Some((field, instead)),
            ..Self::from(&error::PARAMETER)
        }
    }
}

impl From<&'static ErrorSpec> for Fault {
    fn from(error: &'static ErrorSpec) -> Self {
        Self {
            error,
            retry_after: None,
            refused: None,
        }
    }
}
