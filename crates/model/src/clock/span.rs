//! Reads dates and instants as callers write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::Timestamp;

impl Timestamp {
    /// What a written date or instant covers: its first instant and the first one after it. A date
    /// covers its day in UTC; an instant without a zone is UTC. `None` when it is neither.
    ///
    /// A space stands for the plus of a zone that was sent unescaped.
    #[must_use]
    pub fn read(text: &str) -> Option<(Self, Self)> {
        let text = text.trim().replace(' ', "+");
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            let first = instant.as_millisecond();
            return Some((Self(first), Self(first + 1)));
        }
        let at = |time: DateTime| {
            let instant = Offset::UTC.to_timestamp(time).ok()?;
            Some(instant.as_millisecond())
        };
        // A date and time parses as a date too, which would lose the time.
        if text.contains('T') {
            let first = at(text.parse().ok()?)?;
            return Some((Self(first), Self(first + 1)));
        }
        let day: Date = text.parse().ok()?;
        let next = day.tomorrow().ok()?;
        Some((
            Self(at(day.to_datetime(jiff::civil::Time::midnight()))?),
            Self(at(next.to_datetime(jiff::civil::Time::midnight()))?),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_instants() {
        let read = |text| {
            Timestamp::read(text)
                .map(|(first, after)| (first.to_string(), after.millis() - first.millis()))
        };
        let some = |text: &str, millis| Some((text.to_owned(), millis));
        assert_eq!(
            read("2026-02-01"),
            some("2026-02-01T00:00:00.000Z", 86_400_000)
        );
        assert_eq!(
            read("2026-02-01T10:00:00 02:00"),
            some("2026-02-01T08:00:00.000Z", 1)
        );
        assert_eq!(
            read("2026-02-01T10:00"),
            some("2026-02-01T10:00:00.000Z", 1)
        );
        for text in ["undefined", "", "2026-02-30", "2026-02-01?", "9999-12-31"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
