//! Calendar months, by which plans count.

use std::fmt;

use jiff::tz::Offset;

use super::{END, Timestamp};

/// The year 0 begins.
const FIRST: i64 = -62_167_219_200_000;

/// A calendar month in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i64);

impl Month {
    /// As a number that people can read: 202603 for March 2026.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The month before this one.
    #[must_use]
    pub const fn before(self) -> Self {
        if self.0 % 100 == 1 {
            Self(self.0 - 89)
        } else {
            Self(self.0 - 1)
        }
    }
}

/// `2026-03`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Timestamp {
    /// The month this instant lies in. Instants outside the years 0 to 9999 are clamped.
    #[must_use]
    pub fn month(self) -> Month {
        let millis = self.0.clamp(FIRST, END - 1);
        let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX);
        let date = Offset::UTC.to_datetime(instant);
        Month(i64::from(date.year()) * 100 + i64::from(date.month()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_with_its_last_millisecond() {
        let at = |text: &str| Timestamp::read(text).unwrap().0;
        for (instant, number, before) in [
            ("2026-03-01T08:15:30.250Z", 202_603, 202_602),
            ("2025-12-31T23:59:59.999Z", 202_512, 202_511),
            ("2026-01-01T00:00:00.000Z", 202_601, 202_512),
            ("2024-02-29T23:59:59.999Z", 202_402, 202_401),
        ] {
            let month = at(instant).month();
            assert_eq!(month.number(), number);
            assert_eq!(month.before().number(), before);
            assert!(month.before() < month);
        }
        assert_eq!(at("2026-03-01").month().to_string(), "2026-03");
        let far = Timestamp::from_millis(i64::MAX).month();
        assert_eq!(far.to_string(), "9999-12");
        let early = Timestamp::from_millis(i64::MIN).month();
        assert_eq!(early.to_string(), "0000-01");
    }
}
