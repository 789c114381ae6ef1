//! Codes to be kept on paper, for when the authenticator app is lost.

use carport_model::{Digest, Rng};

use super::totp::base32;

/// Codes that a member gets.
const COUNT: usize = 10;
/// Bytes of a code: 80 random bits, so a fast digest is enough.
const BYTES: usize = 10;

/// Draws codes in groups of four.
pub(crate) fn draw(rng: &dyn Rng) -> Vec<String> {
    let one = || {
        let mut bytes = [0; BYTES];
        rng.fill(&mut bytes);
        let code = base32(&bytes).to_lowercase();
        let groups = code.as_bytes().chunks(4).map(String::from_utf8_lossy);
        groups.collect::<Vec<_>>().join("-")
    };
    (0..COUNT).map(|_| one()).collect()
}

/// The digest of a code however it is typed.
pub(crate) fn digest(code: &str) -> Digest {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Digest::of(&format!("recovery {}", plain.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    #[test]
    fn ten_that_differ_and_are_read_however_typed() {
        let codes = draw(&SeededRng::new(0, 0));
        let distinct: std::collections::BTreeSet<&String> = codes.iter().collect();
        assert_eq!((codes.len(), distinct.len()), (10, 10));
        assert_eq!(codes[0].len(), 19);
        let typed = format!(" {} ", codes[0].to_uppercase().replace('-', " "));
        assert!(digest(&typed).matches(&digest(&codes[0])));
        assert!(!digest(&codes[1]).matches(&digest(&codes[0])));
    }
}
