//! Points in time that not every maker writes in full.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};

/// An instant, a bare day (its beginning in UTC), or null.
pub(crate) fn lenient_instant<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)? else {
        return Ok(None);
    };
    let day = || {
        let day: Date = text.parse().ok()?;
        format!("{day}T00:00:00Z").parse().ok()
    };
    let instant = text.parse().ok().or_else(day);
    instant
        .map(Some)
        .ok_or_else(|| de::Error::custom("this is neither an instant nor a day"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Option<String>, serde_json::Error> {
        let instant = lenient_instant(&mut serde_json::Deserializer::from_str(json))?;
        Ok(instant.map(|instant| instant.to_string()))
    }

    #[test]
    fn instants_days_and_nothing() {
        for (json, expected) in [
            (
                r#""2026-02-11T08:00:00.000Z""#,
                Some("2026-02-11T08:00:00Z"),
            ),
            (
                r#""2026-02-11T08:00:00+02:00""#,
                Some("2026-02-11T06:00:00Z"),
            ),
            (r#""2026-02-11""#, Some("2026-02-11T00:00:00Z")),
            ("null", None),
        ] {
            assert_eq!(read(json).unwrap().as_deref(), expected, "{json}");
        }
        assert!(read(r#""last week""#).is_err());
        assert!(read("7").is_err());
    }
}
