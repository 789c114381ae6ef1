//! Pages and the headers they carry.

use askama::Template;
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::words::t;

/// A rendered template with status and headers.
#[derive(Debug, Clone)]
pub struct Page<T> {
    template: T,
    status: StatusCode,
    policy: Policy,
}

/// What the page may do besides showing its own style and icons.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent permissions")]
struct Policy {
    leaves: bool,
    scripts: Vec<String>,
    is_live: bool,
    names_itself: bool,
    frames: bool,
    is_preview: bool,
}

impl<T: Template> Page<T> {
    /// A page with status 200 and the strictest policy.
    #[must_use]
    pub fn new(template: T) -> Self {
        Self {
            template,
            status: StatusCode::OK,
            policy: Policy::default(),
        }
    }

    /// With another status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// A post from this page may end in a redirect to another site, so `form-action` is left out:
    /// Chromium applies it to every later hop, the application's own included (house style, 10).
    #[must_use]
    pub fn leaves(mut self) -> Self {
        self.policy.leaves = true;
        self
    }

    /// Forms of this page name the page's origin when they are posted, so that the server can tell
    /// its own from those of strangers: with no referrer at all, browsers send `Origin: null`.
    #[must_use]
    pub fn names_itself(mut self) -> Self {
        self.policy.names_itself = true;
        self
    }

    /// Shows previews of other pages of this server. Of those only a [`Page::preview`] lets itself be
    /// framed.
    #[must_use]
    pub fn frames(mut self) -> Self {
        self.policy.frames = true;
        self
    }

    /// A page to look at within another one: pages of this server may frame it, and nothing on it
    /// works. It keeps its origin, or it would not see its own icons.
    #[must_use]
    pub fn preview(mut self) -> Self {
        self.policy.is_preview = true;
        self
    }

    /// Allows one inline script, by the hash of the text between its tags.
    #[must_use]
    pub fn script(mut self, text: &str) -> Self {
        let digest = STANDARD.encode(Sha256::digest(text.as_bytes()));
        self.policy.scripts.push(format!("'sha256-{digest}'"));
        self
    }

    /// Allows scripts of our own origin and live updates from it (Dashboard).
    #[must_use]
    pub fn live(mut self) -> Self {
        self.policy.is_live = true;
        self
    }
}

impl Policy {
    fn header(&self) -> String {
        let mut csp =
            String::from("default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; ");
        if self.is_preview {
            csp.push_str("frame-ancestors 'self'; form-action 'none'; sandbox allow-same-origin");
            return csp;
        }
        csp.push_str("frame-ancestors 'none'");
        if !self.leaves {
            csp.push_str("; form-action 'self'");
        }
        if self.frames {
            csp.push_str("; frame-src 'self'");
        }
        if self.is_live || !self.scripts.is_empty() {
            csp.push_str("; script-src");
            for source in self.scripts.iter().map(String::as_str) {
                csp.push(' ');
                csp.push_str(source);
            }
            if self.is_live {
                csp.push_str(" 'self'");
            }
        }
        if self.is_live {
            csp.push_str("; connect-src 'self'");
        }
        csp
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let html = match self.template.render() {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                return (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    t("This page could not be made.").plain(),
                )
                    .into_response();
            }
        };
        let mut response = (self.status, html).into_response();
        let headers = response.headers_mut();
        secure(headers);
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        if self.policy.is_preview {
            let policy = HeaderValue::from_static("SAMEORIGIN");
            headers.insert(header::X_FRAME_OPTIONS, policy);
        }
        if self.policy.names_itself {
            let policy = HeaderValue::from_static("same-origin");
            headers.insert(header::REFERRER_POLICY, policy);
        }
        if let Ok(csp) = HeaderValue::try_from(self.policy.header()) {
            headers.insert(header::CONTENT_SECURITY_POLICY, csp);
        }
        response
    }
}

/// Headers of every answer a browser shows or follows: never framed, never kept, never telling
/// where it came from. `unsafe-none` keeps `window.opener`, which the browser SDK needs
/// (contract connect-oauth, B.7 RFC 9700 and B.8).
pub fn secure(headers: &mut HeaderMap) {
    const HEADERS: [(HeaderName, &str); 5] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "unsafe-none",
        ),
    ];
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Template)]
    #[template(ext = "html", source = "<p>{{ text }}</p>")]
    struct Plain<'a> {
        text: &'a str,
    }

    fn csp<T: Template>(page: Page<T>) -> String {
        let response = page.into_response();
        let csp = &response.headers()[header::CONTENT_SECURITY_POLICY];
        csp.to_str().unwrap().to_owned()
    }

    #[test]
    fn headers_and_policies() {
        let page = Page::new(Plain { text: "<b>" });
        let response = page.clone().status(StatusCode::NOT_FOUND).into_response();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(
            response.headers()["cross-origin-opener-policy"],
            "unsafe-none"
        );
        insta::assert_snapshot!(csp(page.clone()), @"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'");
        insta::assert_snapshot!(csp(page.clone().leaves()), @"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'");
        assert!(csp(page.clone().script("1")).ends_with(
            "form-action 'self'; script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"
        ));
        assert!(csp(page.clone().live()).ends_with("script-src 'self'; connect-src 'self'"));
        assert!(csp(page.clone().frames()).ends_with("form-action 'self'; frame-src 'self'"));
        let preview = page.clone().preview();
        insta::assert_snapshot!(csp(preview.clone()), @"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'; form-action 'none'; sandbox allow-same-origin");
        let preview = preview.into_response();
        assert_eq!(preview.headers()[header::X_FRAME_OPTIONS], "SAMEORIGIN");
        let named = page.names_itself().into_response();
        assert_eq!(named.headers()[header::REFERRER_POLICY], "same-origin");
    }
}
