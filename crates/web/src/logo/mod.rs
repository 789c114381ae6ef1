//! Logos of applications: taken in clean, given out so that they can do nothing.
//!
//! Whoever opens Connect trusts the page with a password, so nothing of an uploaded file is kept
//! that a picture does not need: a PNG is decoded whole and written anew, an SVG is written anew
//! from lists of what is allowed. What is given out may load, run and frame nothing all the same.

mod png;
mod svg;

use std::fmt::Write as _;

use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

use crate::words::{Sentence, t};

/// The largest file that is taken, in bytes. Source: contract connect-oauth, C, "Connect
/// appearance".
pub const LARGEST: usize = 256 * 1024;
/// The widest and highest PNG, in pixels: Connect shows it about 50 wide.
pub const WIDEST: u32 = 1024;

/// A clean logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// File name: a hash of the content and what it is.
    pub name: String,
    /// The file.
    pub content: Vec<u8>,
    /// How many parts a logo must not have were left out.
    pub left_out: usize,
}

/// A file is no logo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Nothing was sent.
    #[error("{}", t("Choose a file first."))]
    Empty,
    /// More than [`LARGEST`] bytes.
    #[error("{}", t("The file is larger than 256 KiB. Save it smaller."))]
    TooLarge,
    /// Neither format.
    #[error("{}", t("The file is neither a PNG nor an SVG."))]
    Format,
    /// Wider or higher than [`WIDEST`].
    #[error("{}", t("The picture is larger than {most} × {most} pixels. Save it smaller.").with("most", WIDEST))]
    TooWide,
    /// A PNG that cannot be decoded.
    #[error("{}", t("The PNG is damaged: it cannot be decoded to its end."))]
    DamagedPng,
    /// Not well-formed XML, or too much of it.
    #[error("{}", t("The SVG cannot be read: {problem}.").with("problem", _0))]
    DamagedSvg(Sentence),
}

impl Logo {
    /// Reads a PNG or an SVG and writes it anew. Takes up to a tenth of a second: not for a thread
    /// that serves others.
    ///
    /// # Errors
    /// [`LogoError`] says what to change.
    pub fn of(file: &[u8]) -> Result<Self, LogoError> {
        if file.is_empty() {
            return Err(LogoError::Empty);
        }
        if file.len() > LARGEST {
            return Err(LogoError::TooLarge);
        }
        if png::is_png(file) {
            return png::rewritten(file).map(|content| Self::named("png", content, 0));
        }
        let text = std::str::from_utf8(file).map_err(|_| LogoError::Format)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if !text.trim_start().starts_with('<') {
            return Err(LogoError::Format);
        }
        let (content, left_out) = svg::cleaned(text)?;
        Ok(Self::named("svg", content.into_bytes(), left_out))
    }

    fn named(kind: &str, content: Vec<u8>, left_out: usize) -> Self {
        let digest = Sha256::digest(&content);
        let mut name = digest
            .iter()
            .take(10)
            .fold(String::new(), |mut hash, byte| {
                // Writing to a String cannot fail.
                let _ = write!(hash, "{byte:02x}");
                hash
            });
        name.push('.');
        name.push_str(kind);
        Self {
            name,
            content,
            left_out,
        }
    }
}

/// A logo as an answer, which never changes: its name says what is in it.
#[must_use]
pub fn given(name: &str, content: Vec<u8>) -> Response {
    const HEADERS: [(header::HeaderName, &str); 4] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    let kind = match name.rsplit_once('.') {
        Some((_, "svg")) => "image/svg+xml",
        _ => "image/png",
    };
    let mut response = content.into_response();
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests;
