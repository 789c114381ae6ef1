//! Hides what differs between runs, and only where it has the shape it must have: anything else
//! stays visible and breaks the snapshot.

use serde_json::Value;

/// Replaces ids and tokens (36 characters, 8-4-4-4-12 hex digits) by `[id]` and instants
/// (ISO 8601 in UTC with milliseconds) by `[time]`.
#[must_use]
pub fn redacted(value: Value) -> Value {
    match value {
        Value::String(text) if has_shape(&text, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh") => {
            "[id]".into()
        }
        Value::String(text) if has_shape(&text, "dddd-dd-ddTdd:dd:dd.dddZ") => "[time]".into(),
        Value::Array(items) => items.into_iter().map(redacted).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, redacted(value)))
            .collect(),
        other => other,
    }
}

/// Whether a text follows a pattern: `h` is a lower-case hex digit, `d` a digit, anything else
/// itself.
fn has_shape(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(found, wanted)| match wanted {
                b'h' => matches!(found, b'0'..=b'9' | b'a'..=b'f'),
                b'd' => found.is_ascii_digit(),
                other => found == other,
            })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_has_its_shape_is_hidden() {
        let found = redacted(json!({
            "id": "36ab27d0-fd9d-4455-823a-ce30af709ffc",
            "short": "36ab27d0-fd9d-4455-823a-ce30af709ff",
            "times": ["2026-03-01T08:15:30.250Z", "2026-03-01T08:15:30Z"],
            "number": 7,
        }));
        let expected = json!({
            "id": "[id]",
            "short": "36ab27d0-fd9d-4455-823a-ce30af709ff",
            "times": ["[time]", "2026-03-01T08:15:30Z"],
            "number": 7,
        });
        assert_eq!(found, expected);
    }
}
