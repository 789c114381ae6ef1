//! What is in the text of a message besides words: tags, and places for values.

use std::fmt::{self, Display, Formatter, Write};

use askama::filters::{Escaper, Html};

/// Writes a text with its values: as HTML, or plain with `{:#}`.
pub(super) fn write<'v>(
    f: &mut Formatter<'_>,
    text: &str,
    find: &dyn Fn(&str) -> Option<&'v dyn Display>,
) -> fmt::Result {
    let mut rest = text;
    let mut in_tag = false;
    while let Some(at) = rest.find(['{', '<', '>', '\'']) {
        f.write_str(&rest[..at])?;
        rest = &rest[at..];
        if let Some(name) = place(rest) {
            let value = find(name);
            debug_assert!(value.is_some(), "no value for {{{name}}} in {text:?}");
            if let Some(value) = value {
                write_value(f, value)?;
                rest = &rest[name.len() + 2..];
                continue;
            }
        }
        let (mark, after) = rest.split_at(1);
        in_tag = match mark {
            "<" => starts_tag(rest),
            ">" => false,
            _ => in_tag,
        };
        f.write_str(if in_tag && mark == "'" { "\"" } else { mark })?;
        rest = after;
    }
    f.write_str(rest)
}

/// A value in the form of the text around it. Messages among values write themselves plain, so that they
/// are escaped once.
fn write_value(f: &mut Formatter<'_>, value: &dyn Display) -> fmt::Result {
    if f.alternate() {
        return write!(f, "{value:#}");
    }
    write!(Escaping(f), "{value:#}")
}

struct Escaping<'a, 'f>(&'a mut Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        Html.write_escaped_str(&mut *self.0, text)
    }
}

/// Names of the values of a text, sorted.
pub(super) fn places(text: &str) -> Vec<&str> {
    let starts = text.match_indices('{').map(|(at, _)| &text[at..]);
    let mut names: Vec<&str> = starts.filter_map(place).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Tags of a text with their attributes, sorted.
pub(super) fn tags(text: &str) -> Vec<&str> {
    let starts = text.match_indices('<').map(|(at, _)| &text[at..]);
    let mut tags: Vec<&str> = starts
        .filter(|rest| starts_tag(rest))
        .map(|rest| &rest[..rest.find('>').map_or(rest.len(), |end| end + 1)])
        .collect();
    tags.sort_unstable();
    tags
}

/// The name, if a place for a value begins the text.
fn place(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('{')?.split_once('}')?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|it| it.is_ascii_lowercase() || it == b'_' || it.is_ascii_digit());
    is_name.then_some(name)
}

fn starts_tag(text: &str) -> bool {
    let next = text.as_bytes().get(1);
    next.is_some_and(|it| it.is_ascii_alphabetic() || *it == b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_tags_of_a_text() {
        let text = "<a href='{to}'>{n} of {to}</a>, {not a name} {} < 3<br>";
        assert_eq!(places(text), ["n", "to"]);
        assert_eq!(tags(text), ["</a>", "<a href='{to}'>", "<br>"]);
        assert_eq!(tags("<b"), ["<b"]);
        assert!(places("}{").is_empty());
    }
}
