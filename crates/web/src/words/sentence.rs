//! A text on its way: for errors, which are often made where nobody reads.

use std::fmt::{self, Display, Formatter};

use super::message::{Text, Values};

/// A text with its values ready. Its words are looked up when it is written, so it may be made in a
/// unit of work, which has no reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Keyed(Text<Ready>),
    /// What others have said in their own words, such as a library.
    Said(String),
}

/// Values by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ready(Box<[(&'static str, String)]>);

impl Values for Ready {
    fn find(&self, name: &str) -> Option<&dyn Display> {
        let (_, value) = self.0.iter().find(|(known, _)| *known == name)?;
        Some(value)
    }

    fn each(&self, take: &mut dyn FnMut(&'static str, &dyn Display)) {
        for (name, value) in &self.0 {
            take(name, value);
        }
    }
}

impl<V: Values> From<Text<V>> for Sentence {
    fn from(text: Text<V>) -> Self {
        Self(Kind::Keyed(text.keeping(|values| {
            let mut ready = Vec::new();
            values.each(&mut |name, value| ready.push((name, value.to_string())));
            Ready(ready.into())
        })))
    }
}

impl From<String> for Sentence {
    fn from(said: String) -> Self {
        Self(Kind::Said(said))
    }
}

impl From<&str> for Sentence {
    fn from(said: &str) -> Self {
        said.to_owned().into()
    }
}

impl Display for Sentence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Keyed(text) => text.fmt(f),
            Kind::Said(said) => f.write_str(said),
        }
    }
}

impl From<Sentence> for String {
    fn from(sentence: Sentence) -> Self {
        sentence.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::Catalogues;
    use super::super::t;
    use super::*;

    #[test]
    fn it_speaks_the_language_of_its_reader() {
        let swedish = "\"{name} has {count} cars.\" = \"{count} bilar: {name}.\"";
        let files = [("sv.toml".to_owned(), swedish.to_owned())];
        let swedish = Catalogues::read(&files).unwrap().find("sv").unwrap();
        let text = t("{name} has {count} cars.");
        let made = Sentence::from(text.with("name", "A & B").with("count", 2));
        assert_eq!(made.to_string(), "A & B has 2 cars.");
        assert_eq!(swedish.speak(|| made.to_string()), "2 bilar: A & B.");
        let said = Sentence::from("line 1: {count}");
        assert_eq!(swedish.speak(|| said.to_string()), "line 1: {count}");
    }
}
