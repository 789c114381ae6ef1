//! Proof key for code exchange.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::Secret;

/// A verifier and its S256 challenge (RFC 7636): only who started the run can use its code.
///
/// Optional; an addition of Carport (contract connect-oauth, B.7), ignored elsewhere.
///
/// ```
/// // Take the bytes from the operating system's randomness and keep them with the user's session.
/// let pkce = carport_sdk::Pkce::new([7; 32]);
/// assert_eq!(pkce.challenge().len(), 43);
/// ```
#[derive(Clone, Debug)]
pub struct Pkce {
    verifier: Secret,
}

impl Pkce {
    /// Makes the pair from 32 random bytes, used once and known to nobody else.
    ///
    /// ```
    /// let (one, other) = (carport_sdk::Pkce::new([1; 32]), carport_sdk::Pkce::new([2; 32]));
    /// assert_ne!(one.challenge(), other.challenge());
    /// ```
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self {
            verifier: Secret::from(URL_SAFE_NO_PAD.encode(random)),
        }
    }

    /// What [`AuthUrl::pkce`](crate::AuthUrl::pkce) puts in the link: 43 characters.
    ///
    /// ```
    /// assert!(!carport_sdk::Pkce::new([7; 32]).challenge().contains('='));
    /// ```
    #[must_use]
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.expose()))
    }

    pub(crate) fn verifier(&self) -> &Secret {
        &self.verifier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The octets and both strings of RFC 7636, appendix B.
    #[test]
    fn the_challenge_is_the_one_of_the_standard() {
        let pkce = Pkce::new([
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212,
            37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ]);
        assert_eq!(
            pkce.verifier().expose(),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
        assert_eq!(
            pkce.challenge(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
