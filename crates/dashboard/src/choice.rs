//! Parts of forms that filter lists, and the addresses they lead to.

use carport_web::Pairs;

/// An option of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What is sent.
    pub value: String,
    /// What it says.
    pub title: String,
    /// Whether it is chosen.
    pub selected: bool,
}

impl Choice {
    /// Options of which the address chooses one.
    pub(crate) fn of<'a>(
        options: impl IntoIterator<Item = (&'a str, impl Into<String>)>,
        chosen: &str,
    ) -> Vec<Self> {
        let choice = |(value, title): (&str, _)| Self {
            value: value.to_owned(),
            title: Into::into(title),
            selected: value == chosen,
        };
        options.into_iter().map(choice).collect()
    }
}

/// Ways from one page of a list to the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pager {
    /// To the page before.
    pub newer: Option<String>,
    /// To the page behind.
    pub older: Option<String>,
    /// Where the search goes on, when it was not over after looking at so much.
    pub onward: Option<String>,
}

/// What an address asks for: a page, and the fields of its query that are set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    page: &'static str,
    fields: Vec<(&'static str, String)>,
}

/// The longest value of a field that is taken, in characters.
const LONGEST: usize = 200;

impl Asked {
    /// Reads the fields of these names.
    pub(crate) fn read(page: &'static str, names: &[&'static str], query: Option<&str>) -> Self {
        let pairs = pairs(query);
        let field = |name: &&'static str| {
            let value = pairs.get(name)?.trim();
            let value: String = value.chars().take(LONGEST).collect();
            (!value.is_empty()).then_some((*name, value))
        };
        Self {
            page,
            fields: names.iter().filter_map(field).collect(),
        }
    }

    /// A field; empty when it is not set.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether one of these fields is set.
    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| !self.get(name).is_empty())
    }

    /// This page with other values of some fields; an empty one takes the field away.
    pub(crate) fn with(&self, changes: &[(&'static str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
        for (name, value) in &self.fields {
            if !is_changed(name) {
                query.append_pair(name, value);
            }
        }
        for (name, value) in changes {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{mark}{query}", self.page)
    }
}

/// A query as pairs; what cannot be read is as if it were not there.
pub(crate) fn pairs(query: Option<&str>) -> Pairs {
    Pairs::parse(query.unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_is_not_changed() {
        let query = Some("a=1&b=x%26y&c=+&d=9");
        let asked = Asked::read("/p", &["a", "b", "c"], query);
        assert_eq!(
            (asked.get("b"), asked.get("c"), asked.get("d")),
            ("x&y", "", "")
        );
        assert_eq!(asked.with(&[("a", ""), ("z", "2")]), "/p?b=x%26y&z=2");
        assert_eq!(asked.with(&[("a", ""), ("b", "")]), "/p");
        assert!(asked.has_any(&["c", "a"]) && !asked.has_any(&["c"]));
    }
}
