//! An instant on a page: UTC as it is written, and the reader's own time where the script runs.

use carport_model::Timestamp;
use carport_web::words::{Text, t};

/// An instant as a template writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// For programs: ISO 8601.
    pub iso: String,
    /// For people: `29 Nov 2026, 10:05 UTC`.
    pub text: String,
}

impl Moment {
    /// Of an instant.
    pub(crate) fn of(at: Timestamp) -> Self {
        let iso = at.to_string();
        let text = jiff::Timestamp::from_millisecond(at.millis())
            .map(|at| written(jiff::tz::Offset::UTC.to_datetime(at)));
        Self {
            text: text.unwrap_or_else(|_| iso.clone()),
            iso,
        }
    }
}

fn written(at: jiff::civil::DateTime) -> String {
    const MONTHS: [Text; 12] = [
        t("Jan"),
        t("Feb"),
        t("Mar"),
        t("Apr"),
        t("May"),
        t("Jun"),
        t("Jul"),
        t("Aug"),
        t("Sep"),
        t("Oct"),
        t("Nov"),
        t("Dec"),
    ];
    t("{day} {month} {year}, {time} UTC")
        .with("day", at.day())
        .with("month", MONTHS[usize::from(at.month().unsigned_abs()) - 1])
        .with("year", at.year())
        .with("time", at.strftime("%H:%M"))
        .plain()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_is_said() {
        let moment = Moment::of(Timestamp::from_millis(1_772_352_930_250));
        assert_eq!(moment.iso, "2026-03-01T08:15:30.250Z");
        assert_eq!(moment.text, "1 Mar 2026, 08:15 UTC");
    }
}
