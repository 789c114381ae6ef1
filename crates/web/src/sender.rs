//! Who sends a request, as far as browsers tell: pages of this server or those of strangers. For
//! servers that let callers in without credentials.

use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use crate::origin::{is_loopback, origin_of};

/// What browsers tell of where a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

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
