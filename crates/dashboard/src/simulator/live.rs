//! What changes on a page while it is looked at: texts and attributes by the id of their element.
//! A stream tells only those that are not as they were told last.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Everything on a page that may change, as it is at an instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Live {
    texts: BTreeMap<String, String>,
    /// By element and attribute; `None` where the element has no such attribute.
    attributes: BTreeMap<(String, &'static str), Option<String>>,
}

impl Live {
    /// The text of an element.
    pub(crate) fn text(&mut self, id: impl Into<String>, text: impl Into<String>) {
        self.texts.insert(id.into(), text.into());
    }

    /// An attribute of an element.
    pub(crate) fn set(
        &mut self,
        id: impl Into<String>,
        attribute: &'static str,
        value: impl Into<String>,
    ) {
        let value = Some(value.into());
        self.attributes.insert((id.into(), attribute), value);
    }

    /// An attribute that an element has only sometimes.
    pub(crate) fn set_if(
        &mut self,
        id: impl Into<String>,
        attribute: &'static str,
        value: Option<&str>,
    ) {
        let value = value.map(str::to_owned);
        self.attributes.insert((id.into(), attribute), value);
    }

    /// What is not as it was, as the script of the page reads it; `None` when nothing is.
    pub(crate) fn since(&self, before: &Self) -> Option<String> {
        let texts: Map<String, Value> = self
            .texts
            .iter()
            .filter(|(id, text)| before.texts.get(*id) != Some(text))
            .map(|(id, text)| (id.clone(), Value::from(text.as_str())))
            .collect();
        let mut attributes: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for (key, value) in &self.attributes {
            if before.attributes.get(key) != Some(value) {
                let (id, name) = key;
                let element = attributes.entry(id).or_default();
                element.insert((*name).to_owned(), Value::from(value.as_deref()));
            }
        }
        let is_same = texts.is_empty() && attributes.is_empty();
        (!is_same).then(|| json!({ "t": texts, "a": attributes }).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let mut before = Live::default();
        before.text("clock-time", "08:06:10");
        before.text("full-1", "76 %");
        before.set("at-1", "transform", "translate(1 2)");
        before.set_if("stage-0", "aria-current", Some("step"));
        assert_eq!(before.since(&before), None);
        let whole = before.since(&Live::default()).unwrap();
        assert_eq!(
            whole,
            r#"{"t":{"clock-time":"08:06:10","full-1":"76 %"},"a":{"at-1":{"transform":"translate(1 2)"},"stage-0":{"aria-current":"step"}}}"#
        );
        let mut after = before.clone();
        after.text("clock-time", "08:06:11");
        after.set_if("stage-0", "aria-current", None);
        assert_eq!(
            after.since(&before).unwrap(),
            r#"{"t":{"clock-time":"08:06:11"},"a":{"stage-0":{"aria-current":null}}}"#
        );
    }
}
