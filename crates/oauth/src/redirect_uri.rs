//! Which redirect URIs an application may register. Source: contract connect-oauth, C.

use carport_model::ApplicationId;
use carport_web::origin::origin_of;
use carport_web::words::t;
use url::{Host, Url};

/// Longest URI, in bytes.
pub const MAX_LENGTH: usize = 2000;
/// Most URIs of one application.
pub const MAX_COUNT: usize = 50;
/// Path of the page that passes Connect's answer on to the window that opened it. Source: contract
/// connect-oauth, B.8 step 7.
pub const REDIRECT_PAGE: &str = "/v2/redirect";
/// Where the real service serves that page, and Carport in a closed network that maps the name.
pub const ORIGINAL_REDIRECT_HOST: &str = "javascript-sdk.smartcar.com";
/// Query parameter of a redirect URI: the origin of the page that opened the window.
const APP_ORIGIN: &str = "app_origin";

/// What no URI holds as it is (RFC 3986, 2); browsers read a backslash as a slash.
const NO_URI: &[u8] = b" \"<>\\^`{|}";

/// A redirect URI cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// Not an absolute URI.
    #[error(
        "{}",
        t("This is not an address. Write it in full, for example https://cars.example.net/back.")
    )]
    NotAUri,
    /// More than 2000 bytes.
    #[error("{}", t("The address is longer than 2000 characters."))]
    TooLong,
    /// Plain http for a host that is not this machine.
    #[error("{}", t("Use https. Plain http is allowed for localhost only."))]
    PlainHttp,
    /// A `#` part.
    #[error(
        "{}",
        t("Leave out everything from # on: Connect adds its answer to the query.")
    )]
    Fragment,
    /// `user:password@`.
    #[error("{}", t("Leave out the user name and password before @."))]
    UserInfo,
    /// A `*`.
    #[error(
        "{}",
        t("Addresses are compared letter by letter, so a * stands for itself. Name each address.")
    )]
    Wildcard,
    /// Neither https, http for localhost, nor `sc` + client id.
    #[error(
        "{}",
        t("Use https://…, http://localhost…, or sc followed by the client id for a phone app.")
    )]
    Scheme,
    /// `app_origin` is no origin, or one that nobody may use.
    #[error(
        "{}",
        t(
            "app_origin is scheme, host and port of your page and nothing more, sent once: \
         ?app_origin=https://app.example.net. Plain http is allowed for localhost only."
        )
    )]
    AppOrigin,
    /// The redirect page without `app_origin`, or with more than that.
    #[error(
        "{}",
        t(
            "The redirect page takes app_origin and nothing else: \
         …/v2/redirect?app_origin=https://app.example.net."
        )
    )]
    RedirectPage,
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
        .any(|byte| byte.is_ascii_control() || NO_URI.contains(&byte))
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
        "https" => app_origin(&parsed),
        "http" if is_this_machine(parsed.host().as_ref()) => app_origin(&parsed),
        "http" => Err(RedirectUriError::PlainHttp),
        scheme if scheme == format!("sc{application}") && parsed.host().is_some() => Ok(()),
        _ => Err(RedirectUriError::Scheme),
    }
}

/// Checks the `app_origin` of a web address: whoever may hear Connect's answer is registered with
/// it. The redirect page looks its own address up letter by letter, so nothing else may be there.
fn app_origin(uri: &Url) -> Result<(), RedirectUriError> {
    let mut names = uri.query_pairs().filter(|(name, _)| name == APP_ORIGIN);
    let named = names.next();
    if named.is_some() && names.next().is_some() {
        return Err(RedirectUriError::AppOrigin);
    }
    if uri.path() == REDIRECT_PAGE {
        let is_original = uri.host_str() == Some(ORIGINAL_REDIRECT_HOST);
        let is_alone = uri.query_pairs().count() == 1;
        match &named {
            None if is_original => return Err(RedirectUriError::RedirectPage),
            Some(_) if !is_alone => return Err(RedirectUriError::RedirectPage),
            _ => {}
        }
    }
    match named {
        Some((_, origin)) if !is_origin(&origin) => Err(RedirectUriError::AppOrigin),
        _ => Ok(()),
    }
}

/// Scheme, host and port: https, or http of this machine.
fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    // Browsers would write other letters in another way than they were registered.
    let is_bare = text.is_ascii()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && !text.ends_with(['/', '?', '#', '@', ' '])
        && !text.contains('*');
    match url.scheme() {
        "https" => is_bare,
        "http" => is_bare && is_this_machine(url.host().as_ref()),
        _ => false,
    }
}

/// The origin whose pages may hear what goes back to this redirect URI: the one it names in
/// `app_origin`, otherwise its own. `None` for a scheme of an application's own.
///
/// Registering the address is what registers the origin. A list of its own would say the same
/// twice: a page at the address gets the code anyway, and `app_origin` is where it passes it on.
#[must_use]
pub fn browser_origin(uri: &str) -> Option<String> {
    let parsed = Url::parse(uri).ok()?;
    let named = parsed.query_pairs().find(|(name, _)| name == APP_ORIGIN);
    match named {
        Some((_, origin)) => origin_of(&origin),
        None => origin_of(uri),
    }
}

/// Whether a host is the machine that asks.
pub(crate) fn is_this_machine(host: Option<&Host<&str>>) -> bool {
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
            "http://localhost:2277/v2/redirect?app_origin=http%3A%2F%2F[::1]:3000".into(),
            "https://app.example.org/back?app_origin=https://app.example.org:8443&x=1".into(),
            "https://app.example.org/v2/redirect".into(),
            format!("sc{id}://exchange"),
            // The query of an application's own scheme is its own affair.
            format!("sc{id}://exchange?app_origin=x"),
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
            (
                "https://example.com\\@evil.example/",
                RedirectUriError::NotAUri,
            ),
            ("https://example.com/<b>", RedirectUriError::NotAUri),
            ("https://example.com/a\nb", RedirectUriError::NotAUri),
        ];
        for (uri, error) in refused {
            assert_eq!(check(uri, id), Err(error), "{uri}");
        }
        let page = "https://javascript-sdk.smartcar.com/v2/redirect";
        let other = "https://cars.example.net/v2/redirect";
        for (page, query, error) in [
            (page, "", RedirectUriError::RedirectPage),
            (page, "?x=1", RedirectUriError::RedirectPage),
            (
                other,
                "?app_origin=https://a.example&x=1",
                RedirectUriError::RedirectPage,
            ),
            (other, "?app_origin=", RedirectUriError::AppOrigin),
            (
                other,
                "?app_origin=https://a.example&app_origin=https://b.example",
                RedirectUriError::AppOrigin,
            ),
        ] {
            let uri = format!("{page}{query}");
            assert_eq!(check(&uri, id), Err(error), "{uri}");
        }
        for origin in [
            "localhost:3000",
            "null",
            "http://app.example.org",
            "https://app.example.org/",
            "https://app.example.org/some/path",
            "https://app.example.org?foo=bar",
            "https://app.example.org%23baz",
            "https://me@app.example.org",
            "https://büro.example",
            "sc1://exchange",
            "javascript:alert(1)",
        ] {
            for page in ["https://app.example.org/back", other] {
                let uri = format!("{page}?app_origin={origin}");
                assert_eq!(check(&uri, id), Err(RedirectUriError::AppOrigin), "{uri}");
            }
        }
        let long = format!("https://example.com/{}", "x".repeat(2000));
        assert_eq!(check(&long, id), Err(RedirectUriError::TooLong));
    }
    #[test]
    fn origins() {
        for (uri, origin) in [
            (
                "https://app.example.org/back?x=1",
                Some("https://app.example.org"),
            ),
            (
                "https://cars.example.net/v2/redirect?app_origin=http://localhost:3000",
                Some("http://localhost:3000"),
            ),
            (
                "https://cars.example.net/v2/redirect?app_origin=https%3A%2F%2FA.example%3A443",
                Some("https://a.example"),
            ),
            // Not checked at the registration of an older version.
            ("https://cars.example.net/v2/redirect?app_origin=x", None),
            ("sc1://exchange", None),
            ("nothing", None),
        ] {
            assert_eq!(browser_origin(uri).as_deref(), origin, "{uri}");
        }
    }
}
