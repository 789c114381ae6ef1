//! Names that very many cars share, kept once.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use serde::{Deserialize, Serialize};

/// Names that are remembered. Brands, profiles, scenarios and cities are some hundreds; whatever else
/// may be brought is not worth remembering for ever.
const REMEMBERED: usize = 4_096;

/// Names that were met. A million cars of a brand point at one text: less memory, and what a read
/// looks at is in the processor's cache.
static MET: LazyLock<RwLock<HashSet<Arc<str>>>> = LazyLock::new(RwLock::default);

/// The name of something in the catalogue. Equal names share their text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Box<str>", into = "Box<str>")]
pub struct Name(Arc<str>);

impl Name {
    /// A name as it is written.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let known = MET.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(text) {
            return Self(Arc::clone(known));
        }
        drop(known);
        let mut met = MET.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have met it in between.
        let shared = met.get(text).map_or_else(|| text.into(), Arc::clone);
        if met.len() < REMEMBERED {
            met.insert(Arc::clone(&shared));
        }
        Self(shared)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<Box<str>> for Name {
    fn from(text: Box<str>) -> Self {
        Self::new(&text)
    }
}

impl From<Name> for Box<str> {
    fn from(name: Name) -> Self {
        name.as_str().into()
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_share_their_text_until_too_many_were_met() {
        let (one, two) = (Name::new("day-commute"), Name::new("day-commute"));
        assert!(Arc::ptr_eq(&one.0, &two.0));
        for number in 0..=REMEMBERED {
            assert_eq!(
                Name::new(&format!("s{number}")).as_str(),
                format!("s{number}")
            );
        }
        assert!(MET.read().unwrap().len() <= REMEMBERED);
        assert!(Arc::ptr_eq(&one.0, &Name::new("day-commute").0));
    }
}
