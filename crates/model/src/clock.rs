//! Time. Everything that needs the time is handed a [`Clock`], so that tests repeat exactly and a
//! `dev` server can move its own clock.

mod duration;
mod forward;
mod month;
mod movable;
mod span;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use self::duration::{ReadDurationError, read_duration};
use self::forward::Forward;
pub use self::month::Month;
pub use self::movable::{ClockRefused, Hold, MovableClock, Pace, PaceOutOfRange, Shown};
use serde::{Deserialize, Serialize};

/// An instant: whole milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch; what the store keeps.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as OAuth introspection spells `exp` and `iat`.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The year in UTC; those beyond -9999 and 9999 are clamped.
    #[must_use]
    pub fn year(self) -> i32 {
        jiff::tz::Offset::UTC
            .to_datetime(self.jiffs())
            .year()
            .into()
    }

    fn jiffs(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// This instant moved forward; saturates at the end of time.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// This instant moved back; saturates at the beginning of time.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// The end of time as `jiff` knows it, in the last days of the year 9999.
const END: i64 = 253_402_207_200_001;

/// ISO 8601 in UTC with exactly three digits of milliseconds and `Z`, the only form that every
/// SDK parses (contract rest-v2, 1.5). Instants outside the years -9999 to 9999 are clamped.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written().as_str())
    }
}

/// The written form of an instant.
#[derive(Debug, Clone)]
pub enum Written {
    /// From 1970 to 9999.
    Usual([u8; 24]),
    /// Before and after.
    Other(String),
}

impl Written {
    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Usual(text) => str::from_utf8(text).expect("digits are ASCII"),
            Self::Other(text) => text,
        }
    }

    /// As bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Usual(text) => text,
            Self::Other(text) => text.as_bytes(),
        }
    }
}

impl Timestamp {
    /// As `Display` writes it. Each answer of the vehicle API carries two instants, so the usual
    /// ones are written by hand: a tenth of the time and no allocation.
    #[must_use]
    pub fn written(self) -> Written {
        if (0..END).contains(&self.0) {
            return Written::Usual(usual(self.0));
        }
        Written::Other(format!("{:.3}", self.jiffs()))
    }
}

/// Source of the calendar: Hinnant, "chrono-Compatible Low-Level Date Algorithms",
/// `civil_from_days`, for days since 1970. Years begin in March, so that the leap day is the last.
fn usual(millis: i64) -> [u8; 24] {
    let days = millis / DAY + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let time = millis % DAY;
    let mut text = *b"0000-00-00T00:00:00.000Z";
    let mut put = |last: usize, digits: usize, mut number: i64| {
        for place in 0..digits {
            text[last - place] = b'0' + u8::try_from(number % 10).expect("a digit");
            number /= 10;
        }
    };
    put(3, 4, year);
    put(6, 2, month);
    put(9, 2, day);
    put(12, 2, time / 3_600_000);
    put(15, 2, time / 60_000 % 60);
    put(18, 2, time / 1000 % 60);
    put(22, 3, time % 1000);
    text
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> Timestamp;
}

/// The computer's clock, except that within a process it does not run backwards: what has expired
/// stays expired when the machine's clock is set back.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine"
    )]
    fn now(&self) -> Timestamp {
        static FORWARD: Forward = Forward::new();
        let since_epoch = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        let reading = Timestamp::default().plus(since_epoch);
        Timestamp(FORWARD.time(reading.0, Instant::now))
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_three_fraction_digits() {
        assert_eq!(
            Timestamp::from_millis(0).to_string(),
            "1970-01-01T00:00:00.000Z"
        );
        assert_eq!(
            Timestamp::from_millis(1_772_352_930_250).to_string(),
            "2026-03-01T08:15:30.250Z"
        );
        assert_eq!(
            Timestamp::from_millis(4_292_352_930_007).to_string(),
            "2106-01-08T00:15:30.007Z"
        );
    }

    #[test]
    fn days_until_the_end_are_written_as_jiff_writes_them() {
        let jiffs = |millis| {
            let instant = jiff::Timestamp::from_millisecond(millis).unwrap();
            format!("{instant:.3}")
        };
        // Every day of the cycle of 400 years, spread over all cycles, each at another time of day.
        for day in (0..END / DAY).step_by(19) {
            let millis = (day * DAY + day * 7_919_993 % DAY).min(END - 1);
            assert_eq!(Timestamp::from_millis(millis).to_string(), jiffs(millis));
        }
        let jiff_only = [-1, -DAY, END - 1, -62_167_219_200_001];
        for millis in jiff_only {
            assert_eq!(Timestamp::from_millis(millis).to_string(), jiffs(millis));
        }
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.to_string(), format!("{:.3}", jiff::Timestamp::MAX));
    }

    #[test]
    fn years_begin_in_utc() {
        let year = |millis| Timestamp::from_millis(millis).year();
        assert_eq!((year(0), year(-1)), (1970, 1969));
        assert_eq!(
            (year(1_767_225_599_999), year(1_767_225_600_000)),
            (2025, 2026)
        );
        assert_eq!((year(i64::MIN), year(i64::MAX)), (-9999, 9999));
    }

    #[test]
    fn arithmetic_saturates() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.plus(Duration::from_secs(1)), end);
        assert_eq!(Timestamp::from_millis(5).since(end), Duration::ZERO);
    }
}
