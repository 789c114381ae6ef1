//! Which redirect URIs an application may register. Source: contract connect-oauth, C.

use carport_model::ApplicationId;
use url::{Host, Url};

/// Longest URI, in bytes.
pub const MAX_LENGTH: usize = 2000;
/// Most URIs of one application.
pub const MAX_COUNT: usize = 50;

/// A redirect URI cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// Not an absolute URI.
    #[error("This is not an address. Write it in full, for example https://cars.example.net/back.")]
    NotAUri,
    /// More than 2000 bytes.
    #[error("The address is longer than 2000 characters.")]
    TooLong,
    /// Plain http for a host that is not this machine.
    #[error("Use https. Plain http is allowed for localhost only.")]
    PlainHttp,
    /// A `#` part.
    #[error("Leave out everything from # on: Connect adds its answer to the query.")]
    Fragment,
    /// `user:password@`.
    #[error("Leave out the user name and password before @.")]
    UserInfo,
    /// A `*`.
    #[error(
        "Addresses are compared letter by letter, so a * stands for itself. Name each address."
    )]
    Wildcard,
    /// Neither https, http for localhost, nor `sc` + client id.
    #[error("Use https://…, http://localhost…, or sc followed by the client id for a phone app.")]
    Scheme,
}

/// Checks a URI for `application`.
///
/// # Errors
/// [`RedirectUriError`] says what to change.
pub fn check(uri: &str, application: ApplicationId) -> Result<(), RedirectUriError> {
    if uri.len() > MAX_LENGTH {
        return Err(RedirectUriError::TooLong);
    }
    if uri
        .bytes()
        .any(|byte| byte.is_ascii_control() || byte == b' ')
    {
        return Err(RedirectUriError::NotAUri);
    }
    let parsed = Url::parse(uri).map_err(|_| RedirectUriError::NotAUri)?;
    if parsed.fragment().is_some() {
        return Err(RedirectUriError::Fragment);
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(RedirectUriError::UserInfo);
    }
    if uri.contains('*') {
        return Err(RedirectUriError::Wildcard);
    }
    match parsed.scheme() {
        "https" => Ok(()),
        "http" if is_this_machine(parsed.host().as_ref()) => Ok(()),
        "http" => Err(RedirectUriError::PlainHttp),
        scheme if scheme == format!("sc{application}") && parsed.host().is_some() => Ok(()),
        _ => Err(RedirectUriError::Scheme),
    }
}

fn is_this_machine(host: Option<&Host<&str>>) -> bool {
    match host {
        Some(Host::Domain(name)) => *name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    #[test]
    fn formats() {
        let id = ApplicationId::draw(&SeededRng::new(0, 0));
        let ok = [
            "https://example.com/auth".to_owned(),
            "http://localhost:8000/exchange".to_owned(),
            "http://127.0.0.1:9/x".to_owned(),
            "http://[::1]/x".to_owned(),
            "https://javascript-sdk.smartcar.com/v2/redirect?app_origin=http://localhost:3000"
                .into(),
            format!("sc{id}://exchange"),
        ];
        for uri in ok {
            assert_eq!(check(&uri, id), Ok(()), "{uri}");
        }
        let refused = [
            ("exchange", RedirectUriError::NotAUri),
            ("http://example.com/", RedirectUriError::PlainHttp),
            ("https://example.com/#x", RedirectUriError::Fragment),
            ("https://me:pw@example.com/", RedirectUriError::UserInfo),
            ("https://*.example.com/", RedirectUriError::Wildcard),
            ("javascript:alert(1)", RedirectUriError::Scheme),
            ("scother://exchange", RedirectUriError::Scheme),
            ("https://example.com/a b", RedirectUriError::NotAUri),
        ];
        for (uri, error) in refused {
            assert_eq!(check(uri, id), Err(error), "{uri}");
        }
        let long = format!("https://example.com/{}", "x".repeat(2000));
        assert_eq!(check(&long, id), Err(RedirectUriError::TooLong));
    }
}
