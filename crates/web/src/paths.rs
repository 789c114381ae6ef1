//! Paths in their one written form, before routing.
//!
//! SDKs send trailing slashes and double ones (contract connect-oauth, 0 consequence 3), and they
//! mean the same path. Nothing is redirected: a client that posts would lose its body.

use axum::http::{Method, Request, Uri};

/// Starts of the routes that applications and owners use: the vehicle API, OAuth and Connect. Pages,
/// assets and health are not among them.
const API: [&str; 6] = [
    "/v2.0",
    "/v-unknown",
    "/oauth/",
    "/connect/",
    "/battery-capacity",
    "/.well-known/oauth-",
];
/// An alias of the token endpoint; its GET is a page's.
const TOKEN_ALIAS: &str = "/";

/// Whether a route is one of the vehicle API, OAuth or Connect.
#[must_use]
pub fn is_api(route: &str, method: &Method) -> bool {
    API.iter().any(|start| route.starts_with(start))
        || (route == TOKEN_ALIAS && *method == Method::POST)
}

/// `uri` with runs of slashes collapsed and one trailing slash dropped (not the one of `/`), its
/// query untouched; `None` when it has that form already or is not a path (`*`).
#[must_use]
pub fn normalise(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !path.starts_with('/') || !(path.contains("//") || (path.len() > 1 && path.ends_with('/'))) {
        return None;
    }
    let mut clean = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        clean.push('/');
        clean.push_str(segment);
    }
    if clean.is_empty() {
        clean.push('/');
    }
    if let Some(query) = uri.query() {
        clean.push('?');
        clean.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(clean.parse().ok()?);
    Uri::from_parts(parts).ok()
}

/// The request with its path normalised; what the listener calls before it routes.
#[must_use]
pub fn normalised<B>(mut request: Request<B>) -> Request<B> {
    if let Some(uri) = normalise(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slashes() {
        for (sent, clean) in [
            ("/v2.0/user/", Some("/v2.0/user")),
            ("//v2.0//vehicles", Some("/v2.0/vehicles")),
            ("/oauth/token/", Some("/oauth/token")),
            ("/x/?q=a//b/", Some("/x?q=a//b/")),
            ("//", Some("/")),
            ("/", None),
            ("/x?y=/", None),
            ("*", None),
        ] {
            let uri: Uri = sent.parse().unwrap();
            let got = normalise(&uri).map(|uri| uri.to_string());
            assert_eq!(got.as_deref(), clean, "{sent}");
        }
    }

    proptest! {
        #[test]
        fn once_is_enough(path in "/[a-z/%.]{0,20}", query in "[a-z/=&]{0,10}") {
            if let Ok(uri) = format!("{path}?{query}").parse::<Uri>() {
                let once = normalise(&uri).unwrap_or_else(|| uri.clone());
                prop_assert_eq!(normalise(&once), None);
                prop_assert_eq!(once.query(), uri.query());
            }
        }
    }
}
