//! A language that is English in brackets, which shows what has no key.

/// The list of all texts of the pages.
const LIST: &str = include_str!("../../../docs/strings.toml");

/// A catalogue in which `Sign out` is called `⟦Sign out⟧`, and so is every other text of the list.
#[must_use]
pub fn bracketed() -> String {
    let keys = LIST
        .lines()
        .filter_map(|line| line.strip_suffix("\" = \"\"")?.strip_prefix('"'));
    keys.map(|key| format!("\"{key}\" = \"⟦{key}⟧\"\n"))
        .collect()
}
