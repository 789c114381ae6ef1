//! Sealing what must be readable again, under the installation's key.
//! Source: data model, "Secrets and tokens".

use std::fmt;

use carport_model::{Rng, Secret};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

/// Length of the nonce in front of a sealed text.
const NONCE: usize = 24;

/// The text was sealed under another key, for another row, or is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret cannot be opened; is carport.key the one of this database?")]
pub struct UnsealError;

/// Seals and opens with XChaCha20-Poly1305.
#[derive(Clone)]
pub struct Sealer(XChaCha20Poly1305);

impl Sealer {
    /// A sealer under a key of 32 random bytes.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&Key::from(*key)))
    }

    /// Seals `secret` for one place: `place` (table, row) is needed to open it again, so that a
    /// sealed text copied to another row is worth nothing.
    #[must_use]
    pub fn seal(&self, secret: &Secret<String>, place: &str, rng: &dyn Rng) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        rng.fill(&mut nonce);
        let payload = Payload {
            msg: secret.expose().as_bytes(),
            aad: place.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .expect("secrets are far below the limit");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed for `place`.
    ///
    /// # Errors
    /// [`UnsealError`] when key, place or text is not the one of sealing.
    pub fn open(&self, sealed: &[u8], place: &str) -> Result<Secret<String>, UnsealError> {
        let (nonce, text) = sealed.split_at_checked(NONCE).ok_or(UnsealError)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| UnsealError)?;
        let payload = Payload {
            msg: text,
            aad: place.as_bytes(),
        };
        let opened = self
            .0
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| UnsealError)?;
        String::from_utf8(opened)
            .map(Secret::new)
            .map_err(|_| UnsealError)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(********)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    #[test]
    fn opens_at_its_place_with_its_key_only() {
        let rng = SeededRng::new(0, 0);
        let secret = Secret::new("token".to_owned());
        let sealed = Sealer::new(&[1; 32]).seal(&secret, "applications/1", &rng);
        assert_eq!(
            Sealer::new(&[1; 32]).open(&sealed, "applications/1"),
            Ok(secret)
        );
        assert_eq!(
            Sealer::new(&[1; 32]).open(&sealed, "applications/2"),
            Err(UnsealError)
        );
        assert_eq!(
            Sealer::new(&[2; 32]).open(&sealed, "applications/1"),
            Err(UnsealError)
        );
        assert_eq!(
            Sealer::new(&[1; 32]).open(&sealed[..10], "applications/1"),
            Err(UnsealError)
        );
    }
}
