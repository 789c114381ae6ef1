//! Strings that must not end up in a log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A token or client secret. `Debug` prints stars and there is no `Display`.
///
/// It serialises as the plain string, so that an application can store an
/// [`Access`](crate::Access); keep what you write as safe as a password.
///
/// ```
/// let token = carport_sdk::Secret::from("1b2f…");
/// assert_eq!(format!("{token:?}"), "Secret(***)");
/// assert_eq!(token.expose(), "1b2f…");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that sends or stores it.
    ///
    /// ```
    /// assert_eq!(carport_sdk::Secret::from("s3cret").expose(), "s3cret");
    /// ```
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}
