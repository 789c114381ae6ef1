//! What a crate offers, read from its source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

/// A public function.
pub struct Function {
    /// With the type it belongs to, for example `Vehicle::odometer`.
    pub name: String,
    /// Whether its signature says so.
    pub can_fail: bool,
}

/// The public functions of a dependency, one of a name.
pub fn of(package: &str) -> anyhow::Result<Vec<Function>> {
    let files = files(&source(package)?)?;
    let texts: Vec<_> = files
        .iter()
        .map(fs::read_to_string)
        .collect::<Result<_, _>>()?;
    let inner = texts
        .iter()
        .flat_map(|text| inner_modules(text))
        .collect::<Vec<_>>();
    let mut functions: Vec<Function> = Vec::new();
    for (file, text) in files.iter().zip(&texts) {
        let stem = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        if !inner.contains(&stem) {
            functions.extend(read(text));
        }
    }
    functions.sort_by(|one, other| one.name.cmp(&other.name));
    functions.dedup_by(|one, other| one.name == other.name);
    ensure!(!functions.is_empty(), "{package} offers nothing");
    Ok(functions)
}

/// Modules that the crate says are its own business.
fn inner_modules(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim);
    lines.filter_map(|line| line.strip_prefix("pub(crate) mod ")?.strip_suffix(';'))
}

/// The folder `src` of the version that is locked.
fn source(package: &str) -> anyhow::Result<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let metadata = Command::new("cargo")
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--manifest-path",
        ])
        .arg(manifest)
        .output()?;
    let metadata: Value = serde_json::from_slice(&metadata.stdout).context("cargo metadata")?;
    let packages = metadata["packages"]
        .as_array()
        .context("there are packages")?;
    let found = packages.iter().find(|found| found["name"] == package);
    let manifest = found.and_then(|found| found["manifest_path"].as_str());
    let manifest = Path::new(manifest.with_context(|| format!("{package} is not used"))?);
    Ok(manifest.with_file_name("src"))
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Formatted code is enough: an `impl` begins and ends at the margin.
fn read(source: &str) -> Vec<Function> {
    let mut functions = Vec::new();
    let mut owner = None;
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("impl") {
            owner = owner_of(&until_brace(line, &mut lines));
        } else if line == "}" {
            owner = None;
        }
        let Some(begin) = ["pub async fn ", "pub fn "]
            .into_iter()
            .find_map(|word| line.trim().strip_prefix(word))
        else {
            continue;
        };
        let name = begin.split(['(', '<']).next().unwrap_or_default();
        functions.push(Function {
            name: owner
                .as_ref()
                .map_or(name.to_owned(), |owner| format!("{owner}::{name}")),
            can_fail: until_brace(begin, &mut lines).contains("Result<"),
        });
    }
    functions
}

/// What stands before the body.
fn until_brace<'a>(begin: &str, lines: &mut impl Iterator<Item = &'a str>) -> String {
    let mut head = begin.to_owned();
    while !head.contains('{') {
        let Some(more) = lines.next() else { break };
        head.push(' ');
        head.push_str(more.trim());
    }
    head
}

/// The type of an inherent `impl`; what a trait asks for is public with the trait.
fn owner_of(head: &str) -> Option<String> {
    let mut rest = head.strip_prefix("impl")?;
    if rest.starts_with('<') {
        let mut depth = 0;
        let end = rest.find(|letter| {
            depth += match letter {
                '<' => 1,
                '>' => -1,
                _ => 0,
            };
            depth == 0
        })?;
        rest = &rest[end + 1..];
    }
    if rest.contains(" for ") {
        return None;
    }
    let name = rest.trim().split([' ', '<', '{']).next()?;
    (!name.is_empty()).then(|| name.to_owned())
}
