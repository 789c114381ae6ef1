//! Tokens, codes and client secrets, and the digests under which they are kept.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use crate::{Rng, Secret};

/// SHA-256 of a token, code or client secret: the only form that reaches the disk.
///
/// A fast digest is enough because what it hides is random (data model, "Secrets and tokens").
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Digest of a secret as the client sends it.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// From the 32 bytes that the store kept; `None` for any other length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Compares without telling by its duration where the difference lies.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// Stars: a digest identifies its secret, so it stays out of logs too.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(********)")
    }
}

/// Draws an access token, refresh token or code: 128 random bits as 32 hex digits in the
/// 8-4-4-4-12 layout, 36 characters. Source: contract connect-oauth, B.7 "Token format".
#[must_use]
pub fn draw_token(rng: &(impl Rng + ?Sized)) -> Secret<String> {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    Secret::new(uuid::Uuid::from_bytes(bytes).as_hyphenated().to_string())
}

/// Draws a client secret or management token: 256 random bits, 43 characters of `A-Za-z0-9-_`,
/// which SDKs may put into Basic credentials unescaped (contract connect-oauth, B.1).
#[must_use]
pub fn draw_secret(rng: &(impl Rng + ?Sized)) -> Secret<String> {
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    Secret::new(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRng;

    #[test]
    fn lengths_and_alphabets() {
        let rng = SeededRng::new(0, 0);
        let token = draw_token(&rng);
        assert_eq!(token.expose().len(), 36);
        assert!(
            token
                .expose()
                .chars()
                .all(|c| c == '-' || c.is_ascii_hexdigit())
        );
        let secret = draw_secret(&rng);
        assert_eq!(secret.expose().len(), 43);
        assert!(
            secret
                .expose()
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        );
        assert_eq!(
            format!("{token:?} {:?}", Digest::of("x")),
            "******** Digest(********)"
        );
    }

    #[test]
    fn digests_match_their_secret_only() {
        assert!(Digest::of("a").matches(&Digest::of("a")));
        assert!(!Digest::of("a").matches(&Digest::of("b")));
        assert!(Digest::from_bytes(&[0; 31]).is_none());
    }
}
