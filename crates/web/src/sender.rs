//! Who sends a request, as far as browsers tell: pages of this server or those of strangers. For
//! servers that let callers in without credentials.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use crate::origin::{is_loopback, origin_of};

/// What proxies tell of whom they speak for.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What browsers tell of where a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The machine that sent a request, past the proxies that the operator trusts. The listener puts it
/// into the request's extensions where a door wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remote(pub IpAddr);

impl Remote {
    /// The machine that a connection from `peer` speaks for: the last address in `X-Forwarded-For`
    /// that is no trusted proxy, when the peer is one.
    #[must_use]
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> Self {
        let is_trusted = |address: &IpAddr| trusted.contains(address);
        if !is_trusted(&peer) {
            return Self(peer);
        }
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let hops = lines.filter_map(|line| line.to_str().ok());
        let hops = hops.flat_map(|line| line.rsplit(',').map(str::trim));
        let mut hops = hops.map_while(|hop| hop.parse::<IpAddr>().ok());
        Self(hops.find(|hop| !is_trusted(hop)).unwrap_or(peer))
    }

    /// Whom one subscriber's addresses belong to: the address, or the /64 of IPv6.
    #[must_use]
    pub fn subscriber(self) -> String {
        self.masked(32, 64)
    }

    /// Roughly where that is: the /24, or the /48 of IPv6.
    #[must_use]
    pub fn roughly(self) -> String {
        self.masked(24, 48)
    }

    fn masked(self, four: u32, six: u32) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => {
                let mask = u32::MAX << (32 - four);
                std::net::Ipv4Addr::from(u32::from(address) & mask).to_string()
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX << (128 - six);
                std::net::Ipv6Addr::from(u128::from(address) & mask).to_string()
            }
        }
    }
}

/// A server, called by a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// By its public address, and by the name in the request.
    origins: [Option<String>; 2],
}

impl Called {
    /// How a request calls the server with this public address; `None` when by a name that is
    /// neither its public one nor can only be this machine's: a page may have such a name lead here,
    /// and would then read the answers.
    #[must_use]
    pub fn of(head: &Parts, public_url: &str) -> Option<Self> {
        let host = match head.uri.authority() {
            Some(authority) => authority.as_str(),
            None => text(&head.headers, &HOST)?,
        };
        let [plain, secure] =
            ["http", "https"].map(|scheme| origin_of(&format!("{scheme}://{host}")));
        let public = origin_of(public_url);
        let is_public = public.is_some() && (public == plain || public == secure);
        let origins = [public, plain];
        (is_public || is_loopback(host)).then_some(Self { origins })
    }

    /// Whether the sender is no page of a stranger: the browser names our own origin and site, or
    /// it is no browser and names none.
    #[must_use]
    pub fn is_sent_by_own(&self, headers: &HeaderMap) -> bool {
        let is_ours = |origin: &str| self.origins.iter().flatten().any(|own| own == origin);
        let is_strange =
            headers.contains_key(ORIGIN) && !text(headers, &ORIGIN).is_some_and(is_ours);
        !is_strange && !matches!(text(headers, &FETCH_SITE), Some("cross-site" | "same-site"))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn head(headers: &[(&str, &str)]) -> Parts {
        let request = headers
            .iter()
            .fold(Request::post("/x"), |request, (name, value)| {
                request.header(*name, *value)
            });
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn proxies_are_believed_when_they_are_trusted() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let of = |peer: &str, forwarded: &str| {
            let head = head(&[("x-forwarded-for", forwarded)]);
            Remote::of(peer.parse().unwrap(), &head.headers, &[proxy]).subscriber()
        };
        assert_eq!(of("192.0.2.7", "203.0.113.9"), "192.0.2.7");
        assert_eq!(of("10.0.0.1", "198.51.100.1, 203.0.113.9"), "203.0.113.9");
        assert_eq!(of("10.0.0.1", "203.0.113.9, 10.0.0.1"), "203.0.113.9");
        assert_eq!(of("10.0.0.1", "203.0.113.9, nonsense"), "10.0.0.1");
        assert_eq!(of("10.0.0.1", ""), "10.0.0.1");
        let remote = |text: &str| Remote(text.parse().unwrap());
        assert_eq!(remote("192.0.2.7").roughly(), "192.0.2.0");
        assert_eq!(remote("::ffff:192.0.2.7").roughly(), "192.0.2.0");
        assert_eq!(remote("2001:db8:1:2:3::4").roughly(), "2001:db8:1::");
        assert_eq!(remote("2001:db8:1:2:3::4").subscriber(), "2001:db8:1:2::");
    }

    #[test]
    fn names_that_are_this_servers() {
        let known = |host| Called::of(&head(&[("host", host)]), "https://cars.example").is_some();
        assert!(known("localhost:2277") && known("127.0.0.1") && known("cars.example"));
        assert!(!known("evil.example") && !known("localhost.evil.example") && !known(""));
        assert!(Called::of(&head(&[]), "https://cars.example").is_none());
    }

    #[test]
    fn other_pages_are_told_by_their_origin() {
        let from = |headers: &[(&str, &str)]| {
            let mut all = vec![("host", "127.0.0.1:2277")];
            all.extend(headers);
            let head = head(&all);
            let called = Called::of(&head, "http://localhost:2277").unwrap();
            called.is_sent_by_own(&head.headers)
        };
        assert!(from(&[]));
        assert!(from(&[("origin", "http://localhost:2277")]));
        assert!(from(&[
            ("origin", "http://127.0.0.1:2277"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(!from(&[("origin", "http://localhost:3000")]));
        assert!(!from(&[("origin", "null")]));
        assert!(!from(&[("origin", "\u{e9}")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[
            ("origin", "http://localhost:2277"),
            ("sec-fetch-site", "cross-site")
        ]));
    }
}
