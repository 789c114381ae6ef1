//! An instant on a page: UTC as it is written, and the reader's own time where the script runs.

use carport_model::Timestamp;

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
            .map(|at| at.strftime("%-d %b %Y, %H:%M UTC").to_string());
        Self {
            text: text.unwrap_or_else(|_| iso.clone()),
            iso,
        }
    }
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
