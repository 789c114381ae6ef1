//! Which addresses a webhook may have.
//!
//! http and addresses of the local network are allowed: the receiver of a self-hosted Carport is
//! often a machine beside it (contract webhooks, 6). Whether an address can be reached is for
//! delivery to find out.

use url::Url;

/// The longest callback URI, in bytes.
pub const MAX_LENGTH: usize = 2048;

/// A callback URI is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackUriError {
    /// Longer than [`MAX_LENGTH`].
    #[error("It is longer than {MAX_LENGTH} characters.")]
    TooLong,
    /// Not an absolute URL, or written with spaces or control characters.
    #[error("It is not a URL. Write it whole, as https://example.net/webhook.")]
    Malformed,
    /// Another scheme.
    #[error("Use https, or http in a network of your own.")]
    Scheme,
    /// It carries a user name or a password, which every log of the receiver would show.
    #[error("Leave out the user name and the password before the @.")]
    Credentials,
    /// A fragment is never sent.
    #[error("Leave out the # and what follows it.")]
    Fragment,
}

/// Checks a callback URI.
///
/// # Errors
/// [`CallbackUriError`] says what to change.
pub fn check(uri: &str) -> Result<(), CallbackUriError> {
    if uri.len() > MAX_LENGTH {
        return Err(CallbackUriError::TooLong);
    }
    // The parser would take these out, and the text is kept as it was written.
    if uri.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(CallbackUriError::Malformed);
    }
    let url = Url::parse(uri).map_err(|_| CallbackUriError::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(CallbackUriError::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(CallbackUriError::Credentials);
    }
    if url.fragment().is_some() {
        return Err(CallbackUriError::Fragment);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_and_what_is_refused() {
        let long = format!("https://example.net/{}", "x".repeat(MAX_LENGTH));
        for (uri, expected) in [
            ("https://example.net/webhook?key=1", Ok(())),
            ("http://192.168.1.7:8123/api/webhook/0f", Ok(())),
            ("http://[::1]/", Ok(())),
            ("", Err(CallbackUriError::Malformed)),
            ("/webhook", Err(CallbackUriError::Malformed)),
            ("https://", Err(CallbackUriError::Malformed)),
            (" https://example.net/", Err(CallbackUriError::Malformed)),
            ("https://example.net/\n", Err(CallbackUriError::Malformed)),
            ("ftp://example.net/", Err(CallbackUriError::Scheme)),
            ("example.net:443", Err(CallbackUriError::Scheme)),
            (
                "https://a:b@example.net/",
                Err(CallbackUriError::Credentials),
            ),
            ("https://a@example.net/", Err(CallbackUriError::Credentials)),
            ("https://example.net/#x", Err(CallbackUriError::Fragment)),
            (&*long, Err(CallbackUriError::TooLong)),
        ] {
            assert_eq!(check(uri), expected, "{uri}");
        }
    }
}
