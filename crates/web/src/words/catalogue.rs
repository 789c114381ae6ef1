//! Catalogues: what messages are called in other languages.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::Language;
use super::markup;

/// The texts of one language.
#[derive(Debug)]
pub struct Catalogue {
    language: String,
    texts: HashMap<String, String>,
}

/// Every catalogue of a server. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Catalogues(pub(super) Arc<[Arc<Catalogue>]>);

/// A catalogue cannot be used. The text names file and key.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The file is called something else than a language.
    #[error(
        "{file} is not named after a language: call it by its tag in small letters, such as sv.toml or pt-br.toml"
    )]
    Name {
        /// Its path.
        file: String,
    },
    /// The file is not TOML.
    #[error("{file} is not TOML: {told}")]
    Syntax {
        /// Its path.
        file: String,
        /// Where and why, in one line.
        told: String,
    },
    /// A key has something else than a text.
    #[error("{file}: the translation of {key:?} is not a text")]
    NotText {
        /// Its path.
        file: String,
        /// The English text.
        key: String,
    },
    /// A translation lacks a value of its key or has one more.
    #[error(
        "{file}: the translation of {key:?} must have the same {{values}} as it: {wanted}; it has {found}"
    )]
    Values {
        /// Its path.
        file: String,
        /// The English text.
        key: String,
        /// Names in the key.
        wanted: String,
        /// Names in the translation.
        found: String,
    },
    /// A translation has other tags than its key.
    #[error(
        "{file}: the translation of {key:?} must have the same tags as it: {wanted}; it has {found}"
    )]
    Tags {
        /// Its path.
        file: String,
        /// The English text.
        key: String,
        /// Tags of the key.
        wanted: String,
        /// Tags of the translation.
        found: String,
    },
    /// A translation would end the attribute that it is written into.
    #[error(
        "{file}: the translation of {key:?} has the mark \", which its key has not; write “ or ” instead"
    )]
    Quote {
        /// Its path.
        file: String,
        /// The English text.
        key: String,
    },
}

impl Catalogues {
    /// Reads files, each with its path and its text: `sv.toml` is a table of English texts and what they are
    /// called in Swedish. An empty text is one that nobody has translated yet.
    ///
    /// # Errors
    /// A file that cannot be used, as [`CatalogueError`] lists.
    pub fn read(files: &[(String, String)]) -> Result<Self, CatalogueError> {
        let catalogues = files
            .iter()
            .map(|(file, text)| Catalogue::read(file, text).map(Arc::new));
        Ok(Self(catalogues.collect::<Result<_, _>>()?))
    }

    /// The language of this tag, if it is among them.
    #[must_use]
    pub fn find(&self, tag: &str) -> Option<Language> {
        let found = self.0.iter().find(|catalogue| catalogue.language == tag)?;
        Some(Language {
            catalogue: Some(Arc::clone(found)),
            among: self.clone(),
        })
    }

    /// English, beside which there are these.
    pub(super) fn english(&self) -> Language {
        Language {
            catalogue: None,
            among: self.clone(),
        }
    }

    /// Tags of the languages there are besides English.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|catalogue| catalogue.language())
    }
}

impl Catalogue {
    /// Its language's tag, in small letters.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// What an English text is called.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&str> {
        self.texts.get(text).map(String::as_str)
    }

    fn read(file: &str, text: &str) -> Result<Self, CatalogueError> {
        let name = Path::new(file).file_stem().and_then(|name| name.to_str());
        let Some(language) = name.filter(|name| is_tag(name)) else {
            return Err(CatalogueError::Name { file: file.into() });
        };
        let table: toml::Table = text.parse().map_err(|error| syntax(file, text, &error))?;
        let mut texts = HashMap::with_capacity(table.len());
        for (key, translation) in table {
            let toml::Value::String(translation) = translation else {
                let file = file.to_owned();
                return Err(CatalogueError::NotText { file, key });
            };
            if translation.is_empty() {
                continue;
            }
            compare(file, &key, &translation)?;
            texts.insert(key, translation);
        }
        let language = language.to_owned();
        Ok(Self { language, texts })
    }
}

/// Whether a translation has all that its key has besides words, and no more.
fn compare(file: &str, key: &str, translation: &str) -> Result<(), CatalogueError> {
    let (file, named) = (file.to_owned(), key.to_owned());
    let (wanted, found) = (markup::places(key), markup::places(translation));
    if wanted != found {
        return Err(CatalogueError::Values {
            file,
            key: named,
            wanted: list(&wanted),
            found: list(&found),
        });
    }
    let (wanted, found) = (markup::tags(key), markup::tags(translation));
    if wanted != found {
        return Err(CatalogueError::Tags {
            file,
            key: named,
            wanted: list(&wanted),
            found: list(&found),
        });
    }
    if translation.contains('"') && !key.contains('"') {
        return Err(CatalogueError::Quote { file, key: named });
    }
    Ok(())
}

fn list(found: &[&str]) -> String {
    if found.is_empty() {
        "none".to_owned()
    } else {
        found.join(", ")
    }
}

/// `sv`, `pt-br`: what `lang` of a page may say (RFC 5646, 2.1, in small letters).
fn is_tag(name: &str) -> bool {
    let mut parts = name.split('-');
    let is_part = |part: &str, least| {
        (least..=8).contains(&part.len())
            && part
                .bytes()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    parts.next().is_some_and(|part| is_part(part, 2)) && parts.all(|part| is_part(part, 1))
}

fn syntax(file: &str, text: &str, error: &toml::de::Error) -> CatalogueError {
    let at = error.span().map_or(0, |span| span.start);
    let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    CatalogueError::Syntax {
        file: file.to_owned(),
        told: format!("line {line}: {}", error.message().replace('\n', ", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(file: &str, text: &str) -> String {
        let files = [(file.to_owned(), text.to_owned())];
        Catalogues::read(&files).unwrap_err().to_string()
    }

    #[test]
    fn a_catalogue_translates_what_it_has() {
        let text = "\"Sign out\" = 'Logga ut'\n\"Sign in\" = ''\n\"<b>{n}</b> cars\" = 'Bilar: <b>{n}</b>'";
        let read = Catalogues::read(&[("a/sv.toml".to_owned(), text.to_owned())]).unwrap();
        let swedish = &read.0[0];
        assert_eq!(swedish.language(), "sv");
        assert_eq!(swedish.find("Sign out"), Some("Logga ut"));
        assert_eq!(swedish.find("Sign in"), None);
        assert_eq!(swedish.find("<b>{n}</b> cars"), Some("Bilar: <b>{n}</b>"));
    }

    #[test]
    fn mistakes_are_named() {
        let errors = [
            error("x/Svenska.toml", ""),
            error("sv.toml", "\"a\" = 'b'\nc = ="),
            error("sv.toml", "\"a\" = 3"),
            error("sv.toml", "\"{n} of {all}\" = '{n} av {antal}'"),
            error("sv.toml", "\"a <b>b</b>\" = 'a b'"),
            error(
                "sv.toml",
                "\"a <a href='{x}'>b</a>\" = 'a <a href=\"{x}\">b</a>'",
            ),
            error("sv.toml", "\"a\" = 'a \" onclick'"),
        ];
        insta::assert_snapshot!(errors.join("\n"), @r#"
        x/Svenska.toml is not named after a language: call it by its tag in small letters, such as sv.toml or pt-br.toml
        sv.toml is not TOML: line 2: extra `=`, expected nothing
        sv.toml: the translation of "a" is not a text
        sv.toml: the translation of "{n} of {all}" must have the same {values} as it: all, n; it has antal, n
        sv.toml: the translation of "a <b>b</b>" must have the same tags as it: </b>, <b>; it has none
        sv.toml: the translation of "a <a href='{x}'>b</a>" must have the same tags as it: </a>, <a href='{x}'>; it has </a>, <a href="{x}">
        sv.toml: the translation of "a" has the mark ", which its key has not; write “ or ” instead
        "#);
    }
}
