//! Keys in the catalogue: names of scenarios, their stages and places. Pages call them
//! (`carport_web::words::called`).

use super::Found;
use super::key::{after_word, literal};

/// Reads a file of cities or scenarios.
pub(super) fn scan(text: &str) -> Found {
    let mut found = Found::default();
    let mut own_name = None;
    let mut is_top = true;
    for line in text.lines() {
        is_top &= !line.starts_with('[');
        if let Some(name) = value(line, "name") {
            if is_top {
                own_name = Some(name);
            } else {
                found.keys.push(name);
            }
        } else if let Some(about) = value(line, "about") {
            // A scenario. The name of a city is the same everywhere.
            found.keys.extend(own_name.take());
            found.keys.push(about);
        }
    }
    found
}

fn value(line: &str, name: &str) -> Option<String> {
    let rest = after_word(line, name)?.trim_start().strip_prefix('=')?;
    literal(rest.trim_start()).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_keep_their_name() {
        let city = "id = \"oslo\"\nname = \"Oslo\"\n[places.home]\nname = \"Home\"\n";
        assert_eq!(scan(city).keys, ["Home"]);
        let scenario = "name = \"Day\"\nabout = \"A day.\"\n[[stage]]\nname = \"Drive\"\n";
        assert_eq!(scan(scenario).keys, ["Day", "A day.", "Drive"]);
    }
}
