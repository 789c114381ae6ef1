//! Values of signals as people write them in JSON: a number is a number, a position has latitude and
//! longitude. The signal tells which kind of value is meant.

use carport_model::signal::TestValue;
use carport_model::{Signal, SignalValue};
use serde_json::{Map, Value, json};

/// A value without the name of its kind.
#[must_use]
pub fn written(value: &SignalValue) -> Value {
    match json!(value) {
        Value::Object(kinds) => kinds.into_iter().next().map_or(Value::Null, |(_, it)| it),
        other => other,
    }
}

/// The value that is meant, if `signal` can have it; `like` is one that it has had, which tells the
/// kind. A word is one of the signal's, where it has a list.
#[must_use]
pub fn read(signal: Signal, sent: &Value, like: &SignalValue) -> Option<SignalValue> {
    let Value::Object(kinds) = json!(like) else {
        return None;
    };
    let (kind, _) = kinds.into_iter().next()?;
    let meant = Map::from_iter([(kind, sent.clone())]);
    let value: SignalValue = serde_json::from_value(Value::Object(meant)).ok()?;
    match (&signal.spec().test, &value) {
        (TestValue::OneOf(words), SignalValue::Text(word)) => words.contains(&word.as_str()),
        (test, value) => test.fits(value),
    }
    .then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::reading::Opening;
    use carport_model::signal::charge::DETAILED_CHARGING_STATUS;
    use carport_model::signal::closure::{IS_LOCKED, REAR_TRUNK};
    use carport_model::signal::location::PRECISE_LOCATION;
    use carport_model::signal::odometer::TRAVELED_DISTANCE;

    #[test]
    fn what_people_write_is_what_is_kept() {
        let position = SignalValue::Position {
            latitude: 0.0,
            longitude: 0.0,
            heading: Some(7.0),
        };
        let lid = SignalValue::Opening(Opening::SHUT);
        let (number, word) = (SignalValue::Number(0.0), SignalValue::Text(String::new()));
        for (signal, like, sent) in [
            (TRAVELED_DISTANCE, &number, json!(1234.5)),
            (IS_LOCKED, &SignalValue::Flag(false), json!(true)),
            (
                PRECISE_LOCATION,
                &position,
                json!({ "latitude": 1.5, "longitude": -2.0, "heading": null }),
            ),
            (
                REAR_TRUNK,
                &lid,
                json!({ "isOpen": true, "isLocked": null }),
            ),
            (DETAILED_CHARGING_STATUS, &word, json!("CHARGING")),
        ] {
            let value = read(signal, &sent, like).unwrap_or_else(|| panic!("{signal}"));
            assert_eq!(written(&value), sent, "{signal}");
        }
        assert_eq!(read(TRAVELED_DISTANCE, &json!("far"), &number), None);
        assert_eq!(read(IS_LOCKED, &json!(1), &SignalValue::Flag(true)), None);
        assert_eq!(read(REAR_TRUNK, &json!(true), &lid), None);
        assert_eq!(
            read(DETAILED_CHARGING_STATUS, &json!("SLOWLY"), &word),
            None
        );
    }
}
