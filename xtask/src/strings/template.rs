//! Keys in templates, and words there that have none.

use super::Found;
use super::key::{after_word, literal, wrong_values};

/// Attributes that people see or hear.
const VISIBLE: [&str; 8] = [
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "label",
    "placeholder",
    "title",
];

/// Elements whose content is for machines, or is the same in every language.
const UNTRANSLATED: [&str; 3] = ["code", "script", "style"];

/// Stands for a piece of template code in the HTML around it: the n-th is this character and n more.
const CODE: u32 = 0xF_0000;

/// Reads a template.
pub(super) fn scan(text: &str) -> Found {
    let (html, codes) = apart(text);
    let mut found = Found::default();
    let mut keys = Vec::new();
    for (line, code) in &codes {
        let (of_code, problems) = keys_of(code);
        found
            .problems
            .extend(problems.into_iter().map(|it| (*line, it)));
        found.keys.extend(of_code.iter().cloned());
        keys.push(of_code);
    }
    let mut page = Page {
        html: &html,
        codes: &codes,
        keys: &keys,
        problems: Vec::new(),
    };
    page.read();
    found.problems.extend(page.problems);
    found.problems.sort();
    found
}

/// The HTML with a mark in the place of each piece of code, and the pieces with their lines. Comments
/// vanish.
fn apart(text: &str) -> (String, Vec<(usize, &str)>) {
    let mut html = String::new();
    let mut codes = Vec::new();
    let mut rest = text;
    while let Some(at) = ["{{", "{%", "{#"]
        .iter()
        .filter_map(|it| rest.find(it))
        .min()
    {
        html.push_str(&rest[..at]);
        let line = text[..text.len() - rest.len() + at].matches('\n').count() + 1;
        rest = &rest[at + 2..];
        let end = match text.as_bytes()[text.len() - rest.len() - 1] {
            b'{' => "}}",
            b'%' => "%}",
            _ => {
                rest = rest.find("#}").map_or("", |end| &rest[end + 2..]);
                continue;
            }
        };
        let code = rest;
        while !rest.is_empty() && !rest.starts_with(end) {
            let next = rest.chars().next().map_or(0, char::len_utf8);
            rest = literal(rest).map_or(&rest[next..], |(_, behind)| behind);
        }
        html.extend(
            u32::try_from(codes.len())
                .ok()
                .and_then(|nth| char::from_u32(CODE + nth)),
        );
        codes.push((line, &code[..code.len() - rest.len()]));
        rest = rest.get(2..).unwrap_or_default();
    }
    html.push_str(rest);
    (html, codes)
}

/// Keys in a piece of code, and what is wrong with texts in it.
fn keys_of(code: &str) -> (Vec<String>, Vec<String>) {
    let (mut keys, mut problems) = (Vec::new(), Vec::new());
    let mut rest = code;
    while let Some(next) = rest.chars().next() {
        let Some((text, behind)) = literal(rest) else {
            rest = &rest[next.len_utf8()..];
            continue;
        };
        if let Some(chain) = behind.strip_prefix('|').and_then(|it| after_word(it, "t")) {
            problems.extend(wrong_values(&text, chain, '|'));
            keys.push(text);
        } else if is_wording(&text) {
            problems.push(format!("{text:?} has no key: write {text:?}|t"));
        }
        rest = behind;
    }
    (keys, problems)
}

/// Whether a literal looks like words for people rather than for the template.
fn is_wording(text: &str) -> bool {
    let mut chars = text.chars();
    let begins = chars.next().is_some_and(char::is_uppercase);
    let goes_on = chars.next().is_some_and(char::is_lowercase);
    (begins && goes_on) || text.trim().contains(' ')
}

struct Page<'a> {
    html: &'a str,
    codes: &'a [(usize, &'a str)],
    keys: &'a [Vec<String>],
    problems: Vec<(usize, String)>,
}

impl<'a> Page<'a> {
    fn read(&mut self) {
        let mut rest = self.html;
        // The element whose content is left out, and how often it is open.
        let mut left_out: Option<(&str, usize)> = None;
        while !rest.is_empty() {
            let Some((words, tag, behind)) = next_tag(rest) else {
                self.words(rest, left_out.is_some());
                return;
            };
            self.words(words, left_out.is_some());
            let (name, attributes) = name(tag);
            left_out = match left_out {
                Some((open, depth)) if name == open => Some((open, depth + 1)),
                Some((open, 1)) if name.strip_prefix('/') == Some(open) => None,
                Some((open, depth)) if name.strip_prefix('/') == Some(open) => {
                    Some((open, depth - 1))
                }
                None if is_left_out(name, attributes) => Some((name, 1)),
                other => other,
            };
            self.attributes(attributes);
            rest = behind;
        }
    }

    fn words(&mut self, words: &'a str, left_out: bool) {
        if is_attributes(words) {
            self.attributes(words);
        } else if !left_out && has_letters(words) {
            let shown = words.trim().replace(|it| self.nth(it).is_some(), "…");
            self.problem(words, format!("{shown:?} has no key"));
        }
    }

    fn attributes(&mut self, attributes: &'a str) {
        for (name, value) in pairs(attributes) {
            if VISIBLE.contains(&name) && has_letters(value) {
                let what = format!("{name}={value:?} has no key");
                self.problem(value, what);
            }
            let codes: Vec<usize> = value.chars().filter_map(|it| self.nth(it)).collect();
            for nth in codes {
                for key in self.keys[nth].iter().filter(|key| key.contains(['"', '<'])) {
                    let what = format!("{key:?} is no text for an attribute");
                    self.problems.push((self.codes[nth].0, what));
                }
            }
        }
    }

    /// Which piece of code a character stands for.
    fn nth(&self, character: char) -> Option<usize> {
        let nth = u32::from(character).checked_sub(CODE)? as usize;
        (nth < self.codes.len()).then_some(nth)
    }

    /// Notes a problem with a part of the HTML. Its line is that of the code before it and the lines
    /// since.
    fn problem(&mut self, part: &'a str, what: String) {
        let blank = part.len() - part.trim_start().len();
        let before = part.as_ptr() as usize - self.html.as_ptr() as usize + blank;
        let before = &self.html[..before];
        let last = before
            .char_indices()
            .rev()
            .find_map(|(at, it)| Some((at, self.nth(it)?)));
        let line = match last {
            Some((at, nth)) => {
                let (line, code) = self.codes[nth];
                line + code.matches('\n').count() + before[at..].matches('\n').count()
            }
            None => before.matches('\n').count() + 1,
        };
        self.problems.push((line, what));
    }
}

/// What stands before the next tag, the tag without its brackets, and what stands behind it.
fn next_tag(html: &str) -> Option<(&str, &str, &str)> {
    let starts = html.match_indices('<').map(|(at, _)| at);
    let at = starts.into_iter().find(|at| {
        let next = html[at + 1..].chars().next();
        next.is_some_and(|it| it.is_ascii_alphabetic() || "/!".contains(it))
    })?;
    let mut quote = None;
    for (end, character) in html[at..].char_indices() {
        match (quote, character) {
            (None, '>') => {
                return Some((&html[..at], &html[at + 1..at + end], &html[at + end + 1..]));
            }
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

fn name(tag: &str) -> (&str, &str) {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "/!-".contains(it);
    tag.split_at(tag.find(|it| !is_part(it)).unwrap_or(tag.len()))
}

fn is_left_out(name: &str, attributes: &str) -> bool {
    UNTRANSLATED.contains(&name) || pairs(attributes).contains(&("translate", "no"))
}

/// Attributes and their values.
fn pairs(attributes: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once("=\"") {
        let Some((value, behind)) = after.split_once('"') else {
            break;
        };
        let is_part = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == ':';
        let start = before.rfind(|it| !is_part(it));
        let start = start.map_or(0, |at| {
            at + before[at..].chars().next().map_or(0, char::len_utf8)
        });
        pairs.push((&before[start..], value));
        rest = behind;
    }
    pairs
}

/// Whether a text between tags is nothing but attributes: a macro or a block, which stands within a tag
/// elsewhere.
fn is_attributes(text: &str) -> bool {
    let mut rest: String = text.chars().filter(|it| u32::from(*it) < CODE).collect();
    let pairs = pairs(text);
    for (name, value) in &pairs {
        let value: String = value.chars().filter(|it| u32::from(*it) < CODE).collect();
        rest = rest.replacen(&format!("{name}=\"{value}\""), "", 1);
    }
    !pairs.is_empty() && rest.trim().is_empty()
}

/// Whether a text has letters besides those of entities such as `&nbsp;`.
fn has_letters(text: &str) -> bool {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        if before.contains(char::is_alphabetic) {
            return true;
        }
        rest = after.split_once(';').map_or(after, |(_, behind)| behind);
    }
    rest.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_wherever_they_stand() {
        let found = scan(
            "{# \"No\"|t #}\n{% call f(\"One\"|t, \"id\") %}{% endcall %}\n\
             <p title=\"{{ \"Two\"|t }}\"{% if a > b %} class=\"x\"{% endif %}>{{ \"{n} <b class='x'>%} }}</b>\"|t|with(\"n\", n) }}</p>\
             <code>curl -X</code> &nbsp;<span translate=\"no\">a<span>b</span>c</span> – 3\n<html lang=\"{{ \"en\"|language }}\">",
        );
        assert_eq!(found.keys, ["One", "Two", "{n} <b class='x'>%} }}</b>"]);
        assert!(found.problems.is_empty(), "{found:?}");
    }

    #[test]
    fn words_without_a_key_are_told() {
        let problems = |text: &str| scan(text).problems;
        let told = |line, what: &str| vec![(line, what.to_owned())];
        assert_eq!(
            problems("<p>\n  Words {{ x }}</p>"),
            told(2, "\"Words …\" has no key")
        );
        assert_eq!(problems("{{ a }}\n<p\n>\na"), told(4, "\"a\" has no key"));
        assert_eq!(problems("<code>a</code>b"), told(1, "\"b\" has no key"));
        assert_eq!(
            problems("{% if a %}\n<img alt=\"a\">"),
            told(2, "alt=\"a\" has no key")
        );
        assert_eq!(
            problems("{% call f(\"Two words\") %}"),
            told(1, "\"Two words\" has no key: write \"Two words\"|t")
        );
        assert_eq!(
            problems("<a title=\"{{ \"<b>\"|t }}\">"),
            told(1, "\"<b>\" is no text for an attribute")
        );
        assert_eq!(problems("{{ \"{n}\"|t }}").len(), 1);
        assert_eq!(problems(" title=\"b\" "), told(1, "title=\"b\" has no key"));
        assert!(problems("{% if i %} id=\"{{ i }}-a\" class=\"b\"{% endif %}").is_empty());
        assert_eq!(problems("say id=\"b\"").len(), 1);
    }
}
