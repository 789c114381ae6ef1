//! Times to charge in, as the bodies of several brands write them.

use carport_model::Timestamp;
use carport_model::time_of_day::TimeOfDay;
use serde_json::Value;

use crate::v2::error::V2Error;

/// A time of the clock in UTC: `HH:mm`, or the time of an instant (conflict 8).
pub(super) fn read(sent: Option<&Value>) -> Option<TimeOfDay> {
    let text = sent?.as_str()?.trim();
    let instant = || Timestamp::read(text).map(|(first, _)| TimeOfDay::of(first));
    // A date alone would be read as its midnight, which nobody means.
    let has_time = text.contains('T');
    text.parse()
        .ok()
        .or_else(|| has_time.then(instant).flatten())
}

/// The items of a list.
pub(super) fn list<'a>(
    name: &'static str,
    sent: Option<&'a Value>,
) -> Result<&'a [Value], V2Error> {
    match sent {
        Some(Value::Array(items)) => Ok(items),
        _ => Err(V2Error::validation(name, "Send a list.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_a_time() {
        let of = |text: &str| read(Some(&Value::from(text))).map(TimeOfDay::to_minute);
        assert_eq!(of("07:30"), Some("07:30".to_owned()));
        assert_eq!(of("2026-03-01T07:30:00.000Z"), Some("07:30".to_owned()));
        assert_eq!(of("2026-03-01T07:30:00+02:00"), Some("05:30".to_owned()));
        for wrong in ["7:30", "2026-03-01", "T", ""] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
        assert_eq!(read(Some(&Value::from(7))), None);
        assert_eq!(read(None), None);
    }
}
