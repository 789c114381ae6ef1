//! Proof that a form was posted from our own page.
//!
//! `SameSite=Lax` keeps a foreign page's posts without the cookie already; the hidden field also
//! stops pages of the same site. It is derived from the cookie, so nothing is kept for it, and it
//! is masked anew for each page, so that compression tells nothing about it (BREACH).

use std::fmt::Write as _;

use carport_model::Rng;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// Name of the hidden field.
pub const FIELD: &str = "csrf";

const HALF: usize = 16;

/// A field value for a page bound to the cookie `secret`: 64 hex digits, different each time.
#[must_use]
pub fn draw(secret: &str, rng: &(impl Rng + ?Sized)) -> String {
    let mut mask = [0; HALF];
    rng.fill(&mut mask);
    let key = key(secret);
    let masked = mask.iter().zip(key).map(|(mask, key)| mask ^ key);
    let mut text = String::with_capacity(4 * HALF);
    for byte in mask.iter().copied().chain(masked) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Whether `sent` was drawn for `secret`; compared in constant time.
#[must_use]
pub fn is_met(sent: Option<&str>, secret: &str) -> bool {
    let Some(bytes) = sent.and_then(unhex) else {
        return false;
    };
    let (mask, masked) = bytes.split_at(HALF);
    let key: Vec<u8> = mask.iter().zip(masked).map(|(a, b)| a ^ b).collect();
    key.ct_eq(&self::key(secret)).into()
}

fn key(secret: &str) -> [u8; HALF] {
    let digest = Sha256::new()
        .chain_update(b"carport csrf\0")
        .chain_update(secret)
        .finalize();
    std::array::from_fn(|index| digest[index])
}

fn unhex(text: &str) -> Option<[u8; 2 * HALF]> {
    let digits: &[u8; 4 * HALF] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 2 * HALF];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    #[test]
    fn bound_to_its_secret_and_never_the_same_twice() {
        let rng = SeededRng::new(0, 0);
        let (one, two) = (draw("cookie", &rng), draw("cookie", &rng));
        assert_ne!(one, two);
        assert!(is_met(Some(&one), "cookie") && is_met(Some(&two), "cookie"));
        assert!(!is_met(Some(&one), "other"));
        assert!(!is_met(None, "cookie") && !is_met(Some("zz"), "cookie"));
        assert!(!is_met(Some(&"é".repeat(32)), "cookie"));
    }
}
