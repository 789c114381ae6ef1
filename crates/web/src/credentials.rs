//! What a caller proves itself with: the header `Authorization`, read and not yet judged.
//! Source: contract rest-v2, 1.2.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carport_model::Secret;

/// The two halves of Basic credentials, as they were sent: SDKs do not percent-encode them, strict
/// clients of OAuth do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basic {
    /// What stands before the first colon.
    pub name: String,
    /// What stands after it; may be empty.
    pub secret: Secret<String>,
}

impl Basic {
    /// The halves out of what stands behind the scheme; `None` when it is not base64 of UTF-8 with
    /// a colon.
    #[must_use]
    pub fn read(encoded: &str) -> Option<Self> {
        let bytes = STANDARD.decode(encoded.trim()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (name, secret) = text.split_once(':')?;
        Some(Self {
            name: name.to_owned(),
            secret: Secret::new(secret.to_owned()),
        })
    }
}

/// The token of `Authorization: Bearer`; `None` when there is none.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    of_scheme(headers, "bearer")
}

/// The halves of `Authorization: Basic`; `None` when there are none that [`Basic::read`] reads.
#[must_use]
pub fn basic(headers: &HeaderMap) -> Option<Basic> {
    Basic::read(of_scheme(headers, "basic")?)
}

/// What follows the scheme, which is compared in any letter case.
fn of_scheme<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (sent, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    sent.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn sent(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn each_scheme_gives_its_own_and_nothing_of_the_other() {
        assert_eq!(bearer(&sent("bearer  abc ")), Some("abc"));
        assert_eq!(basic(&sent("Bearer abc")), None);
        let found = basic(&sent(&format!("BASIC {}", STANDARD.encode("default:a:b")))).unwrap();
        assert_eq!(found.name, "default");
        assert_eq!(found.secret.expose(), "a:b");
        assert!(!format!("{found:?}").contains("a:b"));
        assert_eq!(bearer(&sent("Basic YTpi")), None);
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        let no_colon = format!("Basic {}", STANDARD.encode("default"));
        let no_text = format!("Basic {}", STANDARD.encode([0xff, b':', 0xff]));
        for wrong in ["", "Basic", "Bearer", "Basic ???", &no_colon, &no_text] {
            assert_eq!(basic(&sent(wrong)), None, "{wrong}");
            assert_eq!(bearer(&sent(wrong)), None, "{wrong}");
        }
        assert_eq!(basic(&HeaderMap::new()), None);
    }
}
