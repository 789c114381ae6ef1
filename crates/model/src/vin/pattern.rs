//! The beginning that VINs of a brand or a model have in common.

use serde::Deserialize;

use super::Vin;

/// The first characters of VINs; a `.` stands for any one: `5YJ` is a maker, `...S` a model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct VinPattern(String);

/// The text is no beginning of a VIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the beginning of a VIN is 1 to 17 digits and capital letters without I, O and Q, or a dot for \
     any one; one of them is no dot"
)]
pub struct NoVinPattern;

impl VinPattern {
    /// Whether `vin` begins like this.
    #[must_use]
    pub fn matches(&self, vin: &Vin) -> bool {
        let mut places = self.0.bytes().zip(vin.as_str().bytes());
        places.all(|(wanted, found)| wanted == b'.' || wanted == found)
    }

    /// The text, dots included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many characters it demands: of two that match, the one that demands more is nearer.
    #[must_use]
    pub fn precision(&self) -> usize {
        self.0.bytes().filter(|wanted| *wanted != b'.').count()
    }
}

impl TryFrom<String> for VinPattern {
    type Error = NoVinPattern;

    fn try_from(text: String) -> Result<Self, NoVinPattern> {
        let known = |byte: u8| match byte {
            b'I' | b'O' | b'Q' => false,
            other => matches!(other, b'0'..=b'9' | b'A'..=b'Z' | b'.'),
        };
        if text.len() <= 17 && text.bytes().all(known) && text.bytes().any(|byte| byte != b'.') {
            Ok(Self(text))
        } else {
            Err(NoVinPattern)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Result<VinPattern, NoVinPattern> {
        VinPattern::try_from(text.to_owned())
    }

    #[test]
    fn dots_match_any_one() {
        let vin: Vin = "5YJSA1E29LF403082".parse().unwrap();
        for (text, matches) in [
            ("5YJ", true),
            ("...S", true),
            ("...X", false),
            ("5YJS.2", false),
        ] {
            assert_eq!(pattern(text).unwrap().matches(&vin), matches, "{text}");
        }
        assert_eq!(pattern("WAU...FL").unwrap().precision(), 5);
    }

    #[test]
    fn what_no_vin_begins_with() {
        for text in ["", "...", "ion", "1IO", "12345678901234567.", "é"] {
            assert_eq!(pattern(text), Err(NoVinPattern), "{text}");
        }
    }
}
