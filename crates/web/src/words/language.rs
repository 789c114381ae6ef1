//! The language of the request that is answered.

use std::sync::Arc;

use tokio::task::futures::TaskLocalFuture;
use tokio::task_local;

use super::catalogue::{Catalogue, Catalogues};
use super::choice::ENGLISH;

task_local! {
    /// Set by the layer, and by streams that go on after it.
    pub(super) static SPOKEN: Language;
}

/// Languages written from right to left, without their scripts.
const LEFTWARD: [&str; 7] = ["ar", "dv", "fa", "he", "ps", "ur", "yi"];

/// A language of the pages: English, or the one of a catalogue. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Language {
    /// None for English.
    pub(super) catalogue: Option<Arc<Catalogue>>,
    /// Those that a reader may choose from.
    pub(super) among: Catalogues,
}

impl Language {
    /// The language of the request that is answered. For what outlives its handler, such as a stream.
    #[must_use]
    pub fn current() -> Self {
        SPOKEN.try_with(Clone::clone).unwrap_or_default()
    }

    /// Its tag.
    pub(super) fn tag(&self) -> &str {
        self.catalogue
            .as_deref()
            .map_or(ENGLISH, Catalogue::language)
    }

    /// Does what says something in this language.
    pub fn speak<T>(&self, words: impl FnOnce() -> T) -> T {
        SPOKEN.sync_scope(self.clone(), words)
    }

    /// As [`Language::speak`], for what takes a while.
    pub fn speak_while<F: Future>(&self, words: F) -> TaskLocalFuture<Self, F> {
        SPOKEN.scope(self.clone(), words)
    }
}

/// What `text` is called in the current language.
pub(super) fn translated<T>(text: &str, write: impl FnOnce(&str) -> T) -> T {
    // Either of two closures would move `write`, so it waits in a place of its own.
    let mut write = Some(write);
    let mut once = |text: &str| write.take().map(|write| write(text));
    let written = SPOKEN.try_with(|language| {
        let catalogue = language.catalogue.as_deref();
        once(catalogue.and_then(|it| it.find(text)).unwrap_or(text))
    });
    written
        .unwrap_or_else(|_| once(text))
        .expect("a text is written once")
}

/// What a name from the files of the catalogue, such as a stage of a trip, is called in the current
/// language. `cargo xtask strings` reads those files.
#[must_use]
pub fn called(name: &str) -> String {
    translated(name, str::to_owned)
}

/// Looks at the current language's tag; none for English.
pub(super) fn current<T>(look: impl FnOnce(Option<&str>) -> T) -> T {
    let language = Language::current();
    look(language.catalogue.as_deref().map(Catalogue::language))
}

/// Whether a language is written from right to left.
pub(super) fn is_written_leftward(tag: &str) -> bool {
    tag.split('-')
        .next()
        .is_some_and(|primary| LEFTWARD.contains(&primary))
}
