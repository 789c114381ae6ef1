//! The address under which browsers and clients reach this Carport.

use std::fmt;
use std::str::FromStr;

use url::Url;

/// The public base URL: scheme, host, port; never a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

/// The text is not a public URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParsePublicUrlError {
    /// Not a URL at all.
    #[error("not a URL: {0}")]
    Malformed(#[from] url::ParseError),
    /// Another scheme than http and https.
    #[error("the public URL starts with http:// or https://")]
    Scheme,
    /// It carries a path, a query, a fragment or a user.
    #[error("the public URL is scheme, host and port only")]
    NotAnOrigin,
}

impl FromStr for PublicUrl {
    type Err = ParsePublicUrlError;

    fn from_str(text: &str) -> Result<Self, ParsePublicUrlError> {
        let url = Url::parse(text)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ParsePublicUrlError::Scheme);
        }
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(ParsePublicUrlError::NotAnOrigin);
        }
        Ok(Self(url))
    }
}

impl PublicUrl {
    /// Whether browsers arrive over TLS, so that cookies can be `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Host, with the port when it is not the scheme's own: what owners read at the foot of a page.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.authority()
    }

    /// The address of a path that starts with a slash.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{self}{path}")
    }
}

/// Without a trailing slash, as `iss` and metadata spell it.
impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// The origin of an http or https URL as browsers write it; `None` for other schemes and for
/// what is not a URL.
#[must_use]
pub fn origin_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let web = matches!(url.scheme(), "http" | "https");
    web.then(|| url.origin().ascii_serialization())
}

/// Whether a host, with or without a port, is this machine by a name that no other machine can
/// have: `localhost`, 127.0.0.0/8 or `[::1]`.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let Ok(url) = Url::parse(&format!("http://{host}")) else {
        return false;
    };
    // Nothing else may be smuggled in beside the name.
    let is_bare = url.path() == "/" && url.username().is_empty() && !host.contains(['/', '@']);
    is_bare
        && match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_and_nothing_more() {
        let url: PublicUrl = "https://cars.example.net:8443/".parse().unwrap();
        assert_eq!(url.to_string(), "https://cars.example.net:8443");
        assert_eq!(
            url.join("/connect"),
            "https://cars.example.net:8443/connect"
        );
        assert_eq!(
            (url.host(), url.is_https()),
            ("cars.example.net:8443", true)
        );
        for wrong in [
            "cars",
            "ftp://x",
            "http://x/y",
            "http://a@x",
            "http://x?y",
            "http://x#y",
        ] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn origins() {
        let origin = origin_of("https://A.example:443/x?y#z");
        assert_eq!(origin.as_deref(), Some("https://a.example"));
        assert_eq!(origin_of("sc123://exchange"), None);
        assert_eq!(origin_of("nothing"), None);
    }

    #[test]
    fn loopback_by_its_own_names_only() {
        for host in [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:2277",
            "127.255.0.9",
            "[::1]:1",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil@localhost",
            "localhost/x",
            "10.0.0.1",
            "0.0.0.0",
            "[::2]",
            "localhost:port",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
