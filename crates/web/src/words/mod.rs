//! Words of the pages in the reader's language.
//!
//! The English text is the key ([`t`], in templates `{{ "Sign out"|t }}`); a [`Catalogue`] holds what
//! it is called elsewhere. [`spoken`] finds the language of a request, and what is said is
//! looked up when it is written: HTML in templates ([`Message`]), plain in Rust ([`Text`]). Why: docs/adr/0015-words.md.

mod accept;
mod catalogue;
pub mod choice;
pub mod filters;
mod language;
mod layer;
mod markup;
mod message;
mod sentence;

pub use catalogue::{Catalogue, CatalogueError, Catalogues};
pub use language::{Language, called};
pub use layer::spoken;
pub use message::{And, Message, Text, Values, say, t};
pub use sentence::Sentence;
