//! Style sheets, icons, the favicon and the script of the Dashboard: embedded, with a hash of their content in the name, so
//! that browsers keep them for good.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use crate::accent::Accent;
use crate::layers;
use crate::problem::Problem;

/// A door with a style sheet of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Consent pages.
    Connect,
    /// Developer pages and documentation.
    Dashboard,
}

struct Asset {
    name: String,
    url: String,
    kind: &'static str,
    text: String,
}

/// Files of `assets/` joined into one text, in the order of the cascade layers.
macro_rules! sheet {
    ($($file:literal)*) => {
        concat!($(include_str!(concat!("../../../assets/", $file))),*)
    };
}

static ASSETS: LazyLock<[Asset; 5]> = LazyLock::new(|| {
    const CSS: &str = "text/css; charset=utf-8";
    const SVG: &str = "image/svg+xml";
    const JS: &str = "text/javascript; charset=utf-8";
    let connect = sheet!("tokens.css" "base.css" "parts.css" "connect.css");
    let dashboard = sheet!("tokens.css" "base.css" "parts.css" "instruments.css" "dashboard.css");
    [
        Asset::new("connect", "css", CSS, &without_comments(connect)),
        Asset::new("dashboard", "css", CSS, &without_comments(dashboard)),
        Asset::new("icons", "svg", SVG, sheet!("icons.svg")),
        Asset::new("favicon", "svg", SVG, sheet!("favicon.svg")),
        Asset::new("dashboard", "js", JS, sheet!("dashboard.js")),
    ]
});

impl Asset {
    fn new(stem: &str, suffix: &str, kind: &'static str, text: &str) -> Self {
        Self {
            name: format!("{stem}.{suffix}"),
            url: format!("/assets/{stem}-{}.{suffix}", hash(text)),
            kind,
            text: text.to_owned(),
        }
    }
}

/// A sheet as browsers need it: what is said to readers of the file is not sent with each first page.
fn without_comments(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once("*/").map_or("", |(_, after)| after)
    })
}

/// Ten hex digits that change with `text`.
fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(5).fold(String::new(), |mut hash, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

/// URL of a door's style sheet.
#[must_use]
pub fn sheet(door: Door) -> &'static str {
    match door {
        Door::Connect => &ASSETS[0].url,
        Door::Dashboard => &ASSETS[1].url,
    }
}

/// URL of the icon sprite; an icon is this with `#name` behind.
#[must_use]
pub fn sprite() -> &'static str {
    &ASSETS[2].url
}

/// URL of the favicon.
#[must_use]
pub fn favicon() -> &'static str {
    &ASSETS[3].url
}

/// URL of the script of the Dashboard: live values and copying.
#[must_use]
pub fn script() -> &'static str {
    &ASSETS[4].url
}

/// Addresses of the style, the icons and the favicon, for a page's head.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Style sheet of the door.
    pub sheet: &'static str,
    /// Icon sprite.
    pub sprite: &'static str,
    /// Favicon.
    pub favicon: &'static str,
}

impl Look {
    /// How pages of a door look.
    #[must_use]
    pub fn of(door: Door) -> Self {
        Self {
            sheet: sheet(door),
            sprite: sprite(),
            favicon: favicon(),
        }
    }
}

/// `html` with the hashes taken out of asset URLs: snapshots of pages then change with the page
/// and not with every touch of a sheet.
#[must_use]
pub fn unhashed(html: &str) -> String {
    ASSETS.iter().fold(html.to_owned(), |html, asset| {
        html.replace(&asset.url, &format!("/assets/{}", asset.name))
    })
}

/// `/assets/…`, compressed, and the favicon where browsers look unasked. Mounted once, whatever
/// doors there are.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{file}", get(get_asset))
        .route(
            "/favicon.ico",
            get(async || axum::response::Redirect::permanent(favicon())),
        )
        .layer(layers::compression())
}

async fn get_asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let known = ASSETS
        .iter()
        .find(|asset| asset.url.strip_prefix("/assets/") == Some(file.as_str()));
    if let Some(asset) = known {
        return kept(&file, asset.kind, asset.text.clone(), &headers);
    }
    match Accent::of_file(&file) {
        Some(accent) => kept(&file, "text/css; charset=utf-8", accent.sheet(), &headers),
        None => Problem::not_found().into_response(),
    }
}

/// An `ETag` that changes with `text`.
#[must_use]
pub fn tag(text: &str) -> String {
    format!("\"{}\"", hash(text))
}

/// Whether the client holds what has this `ETag` already.
#[must_use]
pub fn is_held(tag: &str, asked: &HeaderMap) -> bool {
    let held = asked.get(header::IF_NONE_MATCH);
    held.and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .any(|held| held.trim().trim_start_matches("W/") == tag)
        })
}

/// An answer that never changes: its name says what is in it, so the name is its `ETag` too.
fn kept(file: &str, kind: &'static str, text: String, asked: &HeaderMap) -> Response {
    let tag = format!("\"{file}\"");
    let mut response = if is_held(&tag, asked) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        text.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    async fn fetch(path: &str, held: &str) -> Response {
        let request = Request::get(path).header(header::IF_NONE_MATCH, held);
        let request = request.body(Body::empty()).unwrap();
        routes::<()>().oneshot(request).await.unwrap()
    }

    #[test]
    fn sheets_are_sent_without_comments() {
        assert_eq!(without_comments("a {} /* b */c {}/* d"), "a {} c {}");
        let sheets = ASSETS.iter().filter(|asset| asset.name.ends_with("css"));
        for sheet in sheets {
            assert!(!sheet.text.contains("/*") && sheet.text.contains("@layer"));
        }
    }

    #[tokio::test]
    async fn kept_for_good_under_a_name_with_a_hash() {
        let urls = [
            sheet(Door::Connect),
            sheet(Door::Dashboard),
            sprite(),
            favicon(),
            script(),
        ];
        for url in urls {
            let answer = fetch(url, "").await;
            assert_eq!(answer.status(), StatusCode::OK, "{url}");
            let headers = answer.headers();
            assert!(
                headers[header::CACHE_CONTROL]
                    .to_str()
                    .unwrap()
                    .contains("immutable")
            );
            let tag = headers[header::ETAG].to_str().unwrap().to_owned();
            assert_eq!(fetch(url, &tag).await.status(), StatusCode::NOT_MODIFIED);
        }
        let missing = fetch("/assets/connect-0000000000.css", "").await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND);
        let accent = fetch("/assets/accent-00819d.css", "").await;
        assert_eq!(
            accent.headers()[header::CONTENT_TYPE],
            "text/css; charset=utf-8"
        );
    }

    #[test]
    fn connect_stays_under_its_weight() {
        assert!(ASSETS[0].text.len() < 9_400, "{}", ASSETS[0].text.len());
        // The order of the layers comes before any rule.
        assert!(ASSETS[0].text.trim_start().starts_with("@layer tokens,"));
    }

    #[test]
    fn the_script_stays_small() {
        assert!(ASSETS[4].text.len() < 5_000, "{}", ASSETS[4].text.len());
    }
}
