//! Query strings and form bodies as ordered pairs.
//!
//! axum's own extractor cannot tell repeated names or undecoded values, and Connect needs both
//! (contract connect-oauth, A.2, parsing rules).

use std::fmt;

use percent_encoding::percent_decode_str;

/// One `name=value`.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// Name, decoded.
    pub name: String,
    /// Value, decoded; `+` is a space.
    pub value: String,
    /// Value as it was sent.
    pub raw: String,
}

/// The name only: forms carry passwords.
impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=…", self.name)
    }
}

/// A name or value is not UTF-8 once decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name or value is not UTF-8 once percent-decoded")]
pub struct NotUtf8;

/// Pairs in the order they were sent, repeats included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairs(Vec<Pair>);

impl Pairs {
    /// Reads `application/x-www-form-urlencoded` text. A name without `=` has an empty value; a
    /// `%` that starts no escape stands for itself, as browsers read it.
    ///
    /// # Errors
    /// [`NotUtf8`].
    pub fn parse(text: &str) -> Result<Self, NotUtf8> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
            Ok(Pair {
                name: decode(name)?,
                value: decode(raw)?,
                raw: raw.to_owned(),
            })
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// The first value of `name`; an empty one counts as absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().filter(|pair| pair.name == name);
        named
            .map(|pair| pair.value.as_str())
            .find(|value| !value.is_empty())
    }

    /// Every name, in the order they were sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|pair| pair.name.as_str())
    }

    /// Every value of `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.of(name).map(|pair| pair.value.as_str())
    }

    /// Every pair of `name`, with its raw value.
    pub fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Pair> {
        self.0.iter().filter(move |pair| pair.name == name)
    }
}

fn decode(text: &str) -> Result<String, NotUtf8> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded.map(Into::into).map_err(|_| NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn order_repeats_and_raw_values_are_kept() {
        let pairs = Pairs::parse("a=1&b=x+y%2Bz&a=2&&flag&c=%zz&=v").unwrap();
        assert_eq!(pairs.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(pairs.get("b"), Some("x y+z"));
        assert_eq!(pairs.of("b").next().unwrap().raw, "x+y%2Bz");
        assert_eq!((pairs.get("flag"), pairs.get("d")), (None, None));
        assert_eq!(pairs.get("c"), Some("%zz"));
        assert_eq!(Pairs::parse("a=%ff"), Err(NotUtf8));
        let secret = Pairs::parse("password=hunter2").unwrap();
        assert_eq!(format!("{secret:?}"), "Pairs([password=…])");
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,80}") {
            let _ = Pairs::parse(&text);
        }
    }
}
