//! What the documents name exists.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The texts between single backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn files_and_crates_of_the_architecture() {
    let text = document("ARCHITECTURE.md");
    let beginnings = [
        "crates/",
        "docs/",
        "templates/",
        "catalogue/",
        "examples/",
        "conformance/",
    ];
    for path in quoted(&text) {
        let is_path = beginnings
            .iter()
            .any(|beginning| path.starts_with(beginning));
        if is_path && !path.contains('<') {
            assert!(root().join(path).exists(), "ARCHITECTURE.md names {path}");
        }
    }
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(
            text.contains(&name),
            "ARCHITECTURE.md does not name crate {name}"
        );
        assert!(
            entry.path().join("README.md").exists(),
            "{name} has no README.md"
        );
    }
}

#[test]
fn links_and_quirks() {
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "docs/acceptance.md",
        "docs/guide/applications.md",
        "docs/guide/browser-sdk.md",
        "docs/guide/clock-and-faults.md",
        "docs/guide/getting-started.md",
        "docs/guide/original-hosts.md",
        "docs/adr/0008-original-hosts.md",
        "docs/limits.md",
    ] {
        let text = document(name);
        let folder = root().join(name);
        let folder = folder.parent().unwrap();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let file = link.split('#').next().unwrap();
            if !link.starts_with("http") && !file.is_empty() {
                assert!(folder.join(file).exists(), "{name} links to {link}");
            }
        }
    }
    let quirks = document("docs/quirks.md");
    let sources = walk(&root().join("crates"));
    assert!(sources.len() > 100);
    for file in sources {
        let text = fs::read_to_string(&file).unwrap();
        for anchor in text.split("docs/quirks.md#").skip(1) {
            let anchor: String = anchor
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '-')
                .collect();
            let heading = format!("## {anchor}\n");
            assert!(
                anchor.is_empty() || quirks.contains(&heading),
                "{} points to quirk {anchor}",
                file.display()
            );
        }
    }
}

#[test]
fn tests_that_the_acceptance_page_names() {
    let text = document("docs/acceptance.md");
    let rows = text.lines().filter_map(|line| line.rsplit(" | ").next());
    let mut names = 0;
    for held_by in rows.filter(|cell| cell.contains('`')) {
        let mut file = String::new();
        for quote in quoted(held_by) {
            if root().join(quote).is_file() {
                file = document(quote);
            } else {
                assert!(file.contains(quote), "docs/acceptance.md: {quote}");
                names += 1;
            }
        }
    }
    assert!(names > 30);
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
