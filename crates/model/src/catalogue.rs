//! Files of the catalogue: TOML, embedded in the binary; those of an overlay folder add to them or
//! take their place.

use std::borrow::Cow;
use std::ops::Range;

use include_dir::Dir;
use serde::de::DeserializeOwned;

/// A file of the catalogue cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}, column {column}: {problem}")]
pub struct CatalogueError {
    /// Name of the file, as it was handed in.
    pub file: String,
    /// Line of the mistake, from 1.
    pub line: usize,
    /// Column of the mistake, in characters from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: String,
}

/// One file: its name and its text.
#[derive(Debug, Clone)]
pub struct File<'a> {
    name: Cow<'a, str>,
    text: &'a str,
}

/// The files of an embedded folder, then those of an overlay (name, text).
pub fn files<'a>(
    embedded: &'a Dir<'_>,
    overlay: &'a [(String, String)],
) -> impl Iterator<Item = File<'a>> {
    let embedded = embedded.files().map(|file| File {
        name: file.path().to_string_lossy(),
        text: file.contents_utf8().unwrap_or_default(),
    });
    embedded.chain(overlay.iter().map(|(name, text)| File {
        name: name.into(),
        text,
    }))
}

impl<'a> File<'a> {
    /// A file that came from elsewhere.
    #[must_use]
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self {
            name: name.into(),
            text,
        }
    }

    /// Its name, as it was handed in.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// What the file says.
    ///
    /// # Errors
    /// [`CatalogueError`] with the place of the first mistake.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, CatalogueError> {
        toml::from_str(self.text)
            .map_err(|error| self.mistake(error.span().unwrap_or_default(), error.message()))
    }

    /// A mistake at a place of the text.
    #[must_use]
    pub fn mistake(&self, at: Range<usize>, problem: impl Into<String>) -> CatalogueError {
        let before = self.text.get(..at.start).unwrap_or_default();
        let last = before.rsplit('\n').next().unwrap_or_default();
        CatalogueError {
            file: self.name.to_string(),
            line: before.matches('\n').count() + 1,
            column: last.chars().count() + 1,
            problem: problem.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_with_their_place() {
        let file = File {
            name: "é.toml".into(),
            text: "a = 1\né = 2\nb = 'x'",
        };
        let mistake = file.mistake(12..13, "no");
        assert_eq!(mistake.to_string(), "é.toml, line 2, column 6: no");
        let mistake = file.read::<std::collections::BTreeMap<String, i32>>();
        let mistake = mistake.unwrap_err();
        // A bare key has no accents.
        assert_eq!((mistake.line, mistake.column), (2, 1));
    }
}
