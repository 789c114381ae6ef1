//! The key of an installation: what it seals and places tokens with.

use std::fmt;
use std::str::FromStr;

/// 32 random bytes, made at the first start and kept beside the database, never in it.
/// Source: data model, "Secrets and tokens".
#[derive(Clone, PartialEq, Eq)]
pub struct InstallationKey([u8; 32]);

/// The text is not 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the installation's key is not 64 hex digits")]
pub struct ParseKeyError;

impl InstallationKey {
    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Reads 64 hex digits; space around them is left out.
impl FromStr for InstallationKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let text = text.trim();
        let mut key = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ParseKeyError);
        }
        for (index, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16)
                .map_err(|_| ParseKeyError)?;
        }
        Ok(Self(key))
    }
}

impl fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InstallationKey(********)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_hex_digits_and_nothing_else() {
        let key: InstallationKey = format!("{}\n", "0f".repeat(32)).parse().unwrap();
        assert_eq!(key.as_bytes(), &[15; 32]);
        for text in [
            "",
            "0f",
            &"0g".repeat(32),
            &"+f".repeat(32),
            &"ü".repeat(32),
        ] {
            assert_eq!(
                text.parse::<InstallationKey>(),
                Err(ParseKeyError),
                "{text}"
            );
        }
    }
}
