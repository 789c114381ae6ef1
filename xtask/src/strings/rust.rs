//! Keys in Rust: the texts of `t("…")`, and of `worded("…")` in tables of crates that know no pages.

use super::Found;
use super::key::{after_word, literal, wrong_values};

/// Makes a message of its text.
const TEXT: &str = "t";

/// Marks a text of a table.
const WORDED: &str = "worded";

/// Where tests begin, which translate made-up texts.
const TESTS: &str = "\n#[cfg(test)]\nmod ";

/// Reads a file.
pub(super) fn scan(text: &str) -> Found {
    let tests = text.match_indices(TESTS).map(|(at, _)| at);
    // Tests in a file of their own are named at the head of this one.
    let mut tests = tests.filter(|at| is_block(&text[at + TESTS.len()..]));
    let text = &text[..tests.next().unwrap_or(text.len())];
    let mut found = Found::default();
    let line_of = |rest: &str| text[..text.len() - rest.len()].matches('\n').count() + 1;
    let mut rest = text;
    let mut before = ' ';
    while let Some(next) = rest.chars().next() {
        if let Some(behind) = passed_over(rest) {
            if let Some((text, _)) = literal(rest).filter(|(text, _)| is_sentence(text)) {
                found.sentences.push((line_of(rest), text));
            }
            rest = behind;
        } else if let Some((name, call)) = call(rest, before) {
            let line = line_of(rest);
            if let Some((key, behind)) = literal(call.trim_start()) {
                let behind = behind.trim_start().trim_start_matches(',').trim_start();
                let chain = behind.strip_prefix(')').unwrap_or_default();
                // What a table says gets its values from whoever says it.
                let wrong = wrong_values(&key, chain, '.').filter(|_| name == TEXT);
                found.problems.extend(wrong.map(|what| (line, what)));
                found.keys.push(key);
                rest = behind;
            } else {
                let what = "is not given the text itself, so it is on no list";
                found.problems.push((line, format!("{name}(…) {what}")));
                rest = call;
            }
        } else {
            rest = &rest[next.len_utf8()..];
        }
        before = next;
    }
    found
}

/// Whether a text is there to be read: "Choose a file.", but not "text/html" or "never poisoned".
fn is_sentence(text: &str) -> bool {
    let begins = text.starts_with(char::is_uppercase) || text.starts_with('{');
    begins && text.trim_end().ends_with(['.', '?', '!']) && text.matches(' ').count() > 1
}

/// Whether a module whose name begins here is in this file.
fn is_block(text: &str) -> bool {
    text.split([';', '{'])
        .next()
        .is_some_and(|name| text[name.len()..].starts_with('{'))
}

/// What is behind a comment, a text or a character that begins here.
fn passed_over(rest: &str) -> Option<&str> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').map_or("", |end| &rest[end..]));
    }
    if let Some(raw) = rest.strip_prefix("r#\"") {
        return raw.find("\"#").map(|end| &raw[end + 2..]);
    }
    if let Some(character) = ["'\"'", "'\\\"'"].iter().find(|it| rest.starts_with(**it)) {
        return Some(&rest[character.len()..]);
    }
    literal(rest).map(|(_, behind)| behind)
}

/// A call that begins here, and what stands in its parentheses. Not its definition, and no method of that
/// name.
fn call(rest: &str, before: char) -> Option<(&'static str, &str)> {
    if before.is_alphanumeric() || "_.".contains(before) {
        return None;
    }
    let found = [TEXT, WORDED].into_iter();
    let mut found = found.filter_map(|name| Some((name, after_word(rest, name)?)));
    let (name, call) = found.next()?;
    let call = call.strip_prefix('(')?;
    let passes_on = ["text: &'static str", "text)", "$"];
    (!passes_on.iter().any(|it| call.starts_with(it))).then_some((name, call))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_and_nothing_else() {
        let found = scan(
            "// t(\"No\")\nlet a = (t(\"One\"), words::t(\n  \"Two \\\n   three\",\n), '\"', \"t(\\\"No\\\")\");\n\
             let b = it.t(\"No\") + at(\"No\"); const fn t(text: &'static str) {}\n\
             #[cfg(test)]\nmod tests;\nt(\"{n} cars\").with(\"n\", n.len()); r#\" t(\"No\") \"#\n\
             #[cfg(test)]\nmod tests { t(\"No\") }",
        );
        assert_eq!(found.keys, ["One", "Two three", "{n} cars"]);
        assert!(found.problems.is_empty(), "{found:?}");
    }

    #[test]
    fn sentences_without_a_key_are_found() {
        let text = "a(\"Choose a file.\",\n\"{n} cars are here.\", t(\"It is well.\"), \"never poisoned\");";
        let found = scan(text).sentences;
        let found: Vec<(usize, &str)> = found.iter().map(|(at, it)| (*at, &**it)).collect();
        assert_eq!(found, [(1, "Choose a file."), (2, "{n} cars are here.")]);
    }

    #[test]
    fn what_cannot_be_listed_is_told() {
        let found = scan("t(name);\nt(\"{n} cars\");");
        let lines: Vec<usize> = found.problems.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2], "{found:?}");
    }
}
