//! Tokens, codes and client secrets, and the digests under which they are kept.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use crate::{Rng, RunId, Secret};

/// SHA-256 of a code or client secret: the only form that reaches the disk. Access and refresh
/// tokens have their place in front of it ([`crate::TokenMint`]).
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

    /// The beginning of this digest behind `place`, 32 bytes together.
    pub(crate) fn behind(mut self, place: &[u8]) -> Self {
        self.0.copy_within(..32 - place.len(), place.len());
        self.0[..place.len()].copy_from_slice(place);
        self
    }

    /// The beginning of the digest as a number: digests sort by it first, and those of tokens that
    /// [`crate::TokenMint`] made grow with the order of issue.
    #[must_use]
    pub fn place(&self) -> u64 {
        let beginning = std::array::from_fn(|index| self.0[index]);
        u64::from_be_bytes(beginning)
    }

    /// The digest of a secret, short: it names the secret in lists and in the audit log, and opens
    /// nothing. 16 hex digits.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{:016x}", self.place())
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

/// Draws an authorization code: 128 random bits as 32 hex digits in the
/// 8-4-4-4-12 layout, 36 characters. Source: contract connect-oauth, B.7 "Token format".
#[must_use]
pub fn draw_token(rng: &(impl Rng + ?Sized)) -> Secret<String> {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    Secret::new(uuid::Uuid::from_bytes(bytes).as_hyphenated().to_string())
}

/// The authorization code of a run, derived from the secret in its cookie: 36 characters, as
/// [`draw_token`] lays them out. The same run always has the same code, so that a form sent twice
/// can be answered twice although only the digest of the code is kept.
///
/// As good as a drawn one: the secret has 256 random bits ([`draw_secret`]), and SHA-256 over a
/// label of its own and that secret gives 128 bits that nobody without the secret can tell from
/// random ones, not even from the digests of cookie and code on the disk or from a page's form
/// field. Who has the secret is the browser that the code is sent to. docs/adr/0006 weighs it.
#[must_use]
pub fn derive_code(run: RunId, secret: &Secret<String>) -> Secret<String> {
    let digest = Sha256::new()
        .chain_update(b"carport code\0")
        .chain_update(run.to_string())
        .chain_update(b"\0")
        .chain_update(secret.expose())
        .finalize();
    let bytes = std::array::from_fn(|index| digest[index]);
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
    fn a_code_belongs_to_its_run_and_secret() {
        let rng = SeededRng::new(0, 0);
        let (run, other) = (RunId::draw(&rng), RunId::draw(&rng));
        let secret = draw_secret(&rng);
        let code = derive_code(run, &secret);
        assert_eq!(code.expose().len(), 36);
        assert!(
            code.expose()
                .chars()
                .all(|c| c == '-' || c.is_ascii_hexdigit())
        );
        assert_eq!(code, derive_code(run, &secret));
        assert_ne!(code, derive_code(other, &secret));
        assert_ne!(code, derive_code(run, &draw_secret(&rng)));
        // Nothing of the digest that lies on the disk beside it.
        let cookie = Digest::of(secret.expose());
        let beginning: String = cookie.as_bytes()[..4]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert!(!code.expose().starts_with(&beginning));
    }

    #[test]
    fn digests_match_their_secret_only() {
        assert!(Digest::of("a").matches(&Digest::of("a")));
        assert!(!Digest::of("a").matches(&Digest::of("b")));
        assert!(Digest::from_bytes(&[0; 31]).is_none());
    }
}
