//! Access and refresh tokens whose digests sort by time.
//!
//! A token is looked up by its digest. Digests of random tokens are random, and a database that
//! must insert at random places touches a page of its own for each row and each index: at a
//! million tokens that is most of the cost of a refresh. So a token carries, encrypted, its place
//! in the order of issue, and its digest begins with that place. docs/adr/0007 weighs it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{Digest, FamilyId, Rng, Secret};

/// Bytes of a token, and of its digest, that tell its place; the others are random.
const PLACE: usize = 7;

/// Makes tokens and the digests under which they are kept.
///
/// All processes on one database share the key; with another key no token is found again. Places
/// need not be unique, they only bring neighbours together.
pub struct TokenMint {
    cipher: Aes128,
    next: AtomicU64,
}

impl TokenMint {
    /// A mint under the installation's key, whose first token has the place `first`.
    #[must_use]
    pub fn new(key: &[u8; 32], first: u64) -> Self {
        let digest = Sha256::new()
            .chain_update(b"carport tokens\0")
            .chain_update(key)
            .finalize();
        let key: [u8; 16] = std::array::from_fn(|index| digest[index]);
        Self {
            cipher: Aes128::new(&key.into()),
            next: AtomicU64::new(first),
        }
    }

    /// The place at which a process that starts now begins: later than all that earlier ones gave
    /// out, as long as they gave out no more than a million tokens a second.
    #[must_use]
    pub fn place_at(now: crate::Timestamp) -> u64 {
        u64::try_from(now.millis()).unwrap_or_default() << 10
    }

    /// Draws a token: 36 characters as [`crate::token::draw_token`] lays them out. To whoever has
    /// not the key all 128 bits are random; 72 of them are drawn.
    #[must_use]
    pub fn draw(&self, rng: &(impl Rng + ?Sized)) -> Secret<String> {
        let mut block = self.placed(rng).into();
        self.cipher.encrypt_block(&mut block);
        Secret::new(Uuid::from_bytes(block.into()).as_hyphenated().to_string())
    }

    /// Draws the id of a rotation family, which nobody but the database sees: families lie in the
    /// order of their first tokens.
    #[must_use]
    pub fn draw_family(&self, rng: &(impl Rng + ?Sized)) -> FamilyId {
        FamilyId::from_bytes(self.placed(rng))
    }

    /// The next place and 72 random bits.
    fn placed(&self, rng: &(impl Rng + ?Sized)) -> [u8; 16] {
        let place = self.next.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut bytes = [0; 16];
        bytes[..PLACE].copy_from_slice(&place[place.len() - PLACE..]);
        rng.fill(&mut bytes[PLACE..]);
        bytes
    }

    /// Digest of a token as a client sends it: its place, then the beginning of its SHA-256.
    #[must_use]
    pub fn digest(&self, token: &str) -> Digest {
        let digest = Digest::of(token);
        // Whatever is not laid out as a token is none of ours, and found under no digest.
        let Ok(id) = Uuid::try_parse(token) else {
            return digest;
        };
        let mut block = id.into_bytes().into();
        self.cipher.decrypt_block(&mut block);
        digest.behind(&block[..PLACE])
    }
}

/// Stars: whoever has the key sees when a token was issued.
impl fmt::Debug for TokenMint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenMint(********)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SeededRng, Timestamp};

    #[test]
    fn digests_sort_in_the_order_of_issue_and_tokens_do_not() {
        let (mint, rng) = (TokenMint::new(&[1; 32], 250), SeededRng::new(0, 0));
        let tokens: Vec<String> = (0..600).map(|_| mint.draw(&rng).expose().clone()).collect();
        let digests: Vec<[u8; 32]> = tokens
            .iter()
            .map(|token| *mint.digest(token).as_bytes())
            .collect();
        assert!(digests.is_sorted());
        assert!(!tokens.is_sorted());
        for token in &tokens {
            assert_eq!(token.len(), 36);
            assert!(token.chars().all(|c| c == '-' || c.is_ascii_hexdigit()));
        }
        // Every one of the 128 bits takes both values.
        let bits = tokens
            .iter()
            .map(|token| Uuid::try_parse(token).unwrap().as_u128());
        let (ones, zeros) = bits.fold((0, 0), |(ones, zeros), bits| (ones | bits, zeros | !bits));
        assert_eq!((ones, zeros), (u128::MAX, u128::MAX));
    }

    #[test]
    fn a_digest_needs_the_key_and_every_character() {
        let (mint, rng) = (TokenMint::new(&[1; 32], 0), SeededRng::new(0, 0));
        let token = mint.draw(&rng).expose().clone();
        assert_eq!(
            mint.digest(&token),
            TokenMint::new(&[1; 32], 9).digest(&token)
        );
        assert_ne!(
            mint.digest(&token),
            TokenMint::new(&[2; 32], 0).digest(&token)
        );
        for other in [
            token.to_uppercase(),
            token.replace('-', ""),
            format!("{token} "),
        ] {
            assert_ne!(mint.digest(&other), mint.digest(&token), "{other}");
        }
        assert_ne!(mint.digest(&token), Digest::of(&token));
    }

    #[test]
    fn a_later_start_begins_at_a_later_place() {
        let (early, late) = (Timestamp::from_millis(1_000), Timestamp::from_millis(1_001));
        assert!(TokenMint::place_at(early) + 1_000 < TokenMint::place_at(late));
    }
}
