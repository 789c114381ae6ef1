//! `cargo xtask strings`: every text of the pages that can be translated, and those that cannot.
//!
//! `template.rs` reads templates, `rust.rs` reads Rust, `key.rs` what both know of a text.

mod key;
mod names;
mod rust;
mod template;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::run::Tally;
use crate::workspace::Workspace;

/// The list, a catalogue in which nothing is translated.
const LIST: &str = "docs/strings.toml";

/// Where texts of pages are: folder, kind of file.
const PLACES: [(&str, &str); 10] = [
    ("catalogue/cities", "toml"),
    ("catalogue/scenarios", "toml"),
    ("crates/carport/src", "rs"),
    ("crates/connect/src", "rs"),
    ("crates/dashboard/src", "rs"),
    ("crates/model/src", "rs"),
    ("crates/oauth/src", "rs"),
    ("crates/simulator/src", "rs"),
    ("crates/web/src", "rs"),
    ("templates", "html"),
];

/// Pages about the API, which are as English as its errors.
const DOCS: &str = "templates/docs/";

/// Where every sentence is for people.
const PAGES: [&str; 5] = [
    "crates/connect/src/",
    "crates/dashboard/src/",
    "crates/oauth/src/applications",
    "crates/simulator/src/control",
    "crates/web/src/",
];

/// What is there for applications, which speak English.
const WIRE: [&str; 5] = [
    "crates/connect/src/authorize/validate.rs",
    "crates/connect/src/error.rs",
    "crates/connect/src/redirect.rs",
    "crates/connect/src/vehicle_link.rs",
    "crates/web/src/refusal.rs",
];

const HEAD: &str = "\
# Every text of the pages, in English. Made by `cargo xtask strings`.
# How to translate: docs/guide/translating.md.
";

/// What a file has.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// Keys in their order.
    keys: Vec<String>,
    /// What is wrong: line, what.
    problems: Vec<(usize, String)>,
    /// Sentences without a key: line, which.
    sentences: Vec<(usize, String)>,
}

/// Writes the list.
///
/// # Errors
/// When a file cannot be read or written.
pub fn run() -> anyhow::Result<Tally> {
    let root = Workspace::find()?.root;
    let files = scan(&root)?;
    fs::write(root.join(LIST), list(&files))?;
    let mut tally = Tally::default();
    tally.check("strings", problems)?;
    Ok(tally)
}

/// Texts that have no key, keys that lack a value, and whether the list is current; one line each.
///
/// # Errors
/// When a file cannot be read.
pub fn problems() -> anyhow::Result<Vec<String>> {
    let root = Workspace::find()?.root;
    let files = scan(&root)?;
    let mut problems = Vec::new();
    for (file, found) in &files {
        let told = found.problems.iter();
        problems.extend(told.map(|(line, what)| format!("{file}:{line}: {what}")));
        let is_page = PAGES.iter().any(|it| file.starts_with(it));
        if is_page && !WIRE.iter().any(|it| file.starts_with(it)) {
            let told = found.sentences.iter();
            let what = "has no key; write t(…)";
            problems.extend(told.map(|(line, text)| format!("{file}:{line}: {text:?} {what}")));
        }
    }
    let written = fs::read_to_string(root.join(LIST)).unwrap_or_default();
    if written != list(&files) {
        problems.push(format!("{LIST} is not current; run cargo xtask strings"));
    }
    Ok(problems)
}

/// What every file has, by its path.
fn scan(root: &Path) -> anyhow::Result<BTreeMap<String, Found>> {
    let mut files = BTreeMap::new();
    for (folder, kind) in PLACES {
        for path in files_below(&root.join(folder))? {
            let name = path.strip_prefix(root)?.display().to_string();
            if path.extension().is_none_or(|it| it != kind) || name.starts_with(DOCS) {
                continue;
            }
            let text = fs::read_to_string(&path).with_context(|| name.clone())?;
            let found = match kind {
                "rs" if is_test(&name) => continue,
                "rs" => rust::scan(&text),
                "toml" => names::scan(&text),
                _ => template::scan(&text),
            };
            files.insert(name, found);
        }
    }
    Ok(files)
}

/// Whether a file of Rust is for tests alone.
fn is_test(name: &str) -> bool {
    ["/tests/", "/tests.rs", "/testing.rs"]
        .iter()
        .any(|part| name.contains(part))
}

fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// The list as a file: each key once, where it comes first.
fn list(files: &BTreeMap<String, Found>) -> String {
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (file, found) in files {
        for key in &found.keys {
            let places = places.entry(key).or_default();
            if places.last() != Some(&file.as_str()) {
                places.push(file);
            }
        }
    }
    let mut text = HEAD.to_owned();
    for (file, found) in files {
        let mut written: Vec<&str> = Vec::new();
        for key in &found.keys {
            let places = &places[key.as_str()];
            if places[0] != file || written.contains(&key.as_str()) {
                continue;
            }
            if written.is_empty() {
                text.push_str(&format!("\n# {file}\n"));
            }
            if places.len() > 1 {
                text.push_str(&format!("# also in {}\n", places[1..].join(", ")));
            }
            text.push_str(&format!("{} = \"\"\n", key::quoted(key)));
            written.push(key);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_on_the_pages_can_be_translated() {
        let problems = problems().unwrap();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn the_list_names_each_key_once() {
        let found = |keys: &[&str]| Found {
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            ..Found::default()
        };
        let files = [
            ("b".to_owned(), found(&["Two", "One", "Two"])),
            ("a".to_owned(), found(&["One \"x\"", "One"])),
        ];
        let text = list(&files.into());
        let expected =
            "\n# a\n\"One \\\"x\\\"\" = \"\"\n# also in b\n\"One\" = \"\"\n\n# b\n\"Two\" = \"\"\n";
        assert_eq!(text.strip_prefix(HEAD), Some(expected));
    }
}
