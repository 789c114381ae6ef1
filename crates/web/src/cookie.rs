//! Cookies: `HttpOnly` and `SameSite=Lax` always, `Secure` behind https.

use std::fmt;
use std::time::Duration;

use axum::http::header::{COOKIE, InvalidHeaderValue};
use axum::http::{HeaderMap, HeaderValue};

/// A cookie to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie<'a> {
    /// Name.
    pub name: &'a str,
    /// Value: letters, digits, `-` and `_`.
    pub value: &'a str,
    /// Paths it is sent to.
    pub path: &'a str,
    /// How long the browser keeps it; zero removes it.
    pub lives: Duration,
    /// Only over TLS.
    pub secure: bool,
}

impl fmt::Display for Cookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name, value, path, ..
        } = self;
        let seconds = self.lives.as_secs();
        let secure = if self.secure { "; Secure" } else { "" };
        write!(
            f,
            "{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        )
    }
}

impl TryFrom<Cookie<'_>> for HeaderValue {
    type Error = InvalidHeaderValue;

    fn try_from(cookie: Cookie<'_>) -> Result<Self, InvalidHeaderValue> {
        Self::try_from(cookie.to_string())
    }
}

/// The first cookie of this name that the browser sent; browsers send the one with the longest
/// path first (RFC 6265, 5.4).
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(sent, _)| *sent == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read() {
        let cookie = Cookie {
            name: "carport_run",
            value: "abc",
            path: "/connect",
            lives: Duration::from_hours(1),
            secure: true,
        };
        let value = HeaderValue::try_from(cookie).unwrap();
        assert_eq!(
            value,
            "carport_run=abc; Path=/connect; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"
        );
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; carport_run=x=y"));
        headers.append(COOKIE, HeaderValue::from_static("carport_run=later"));
        assert_eq!(read(&headers, "carport_run"), Some("x=y"));
        assert_eq!(read(&headers, "run"), None);
    }
}
