//! Times of the clock and days of the week, as schedules of charging name them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Timestamp;

/// A time of the clock, to the second, from 00:00:00 to 23:59:59. Of which zone, its user says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u32);

/// The text is no time of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time of the clock is written HH:mm or HH:mm:ss")]
pub struct ParseTimeOfDayError;

impl TimeOfDay {
    /// A full minute; `None` past 23:59.
    #[must_use]
    pub const fn new(hour: u32, minute: u32) -> Option<Self> {
        Self::exact(hour, minute, 0)
    }

    /// A full hour, modulo 24: for constants.
    #[must_use]
    pub const fn of_hour(hour: u32) -> Self {
        Self(hour % 24 * 3600)
    }

    const fn exact(hour: u32, minute: u32, second: u32) -> Option<Self> {
        if hour < 24 && minute < 60 && second < 60 {
            Some(Self(hour * 3600 + minute * 60 + second))
        } else {
            None
        }
    }

    /// That of an instant, in UTC.
    #[must_use]
    pub fn of(instant: Timestamp) -> Self {
        let second = instant.seconds().rem_euclid(24 * 3600);
        Self(u32::try_from(second).expect("less than a day"))
    }

    /// Hours and minutes, `HH:mm`: the form of v2.0 (contract rest-v2, 2.25, conflict 8).
    #[must_use]
    pub fn to_minute(self) -> String {
        format!("{:02}:{:02}", self.hour(), self.minute())
    }

    /// 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u32 {
        self.0 / 3600
    }

    /// 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u32 {
        self.0 / 60 % 60
    }
}

/// `HH:mm:ss`, the form of API v3 and of the store.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0 % 60;
        write!(f, "{:02}:{:02}:{second:02}", self.hour(), self.minute())
    }
}

impl FromStr for TimeOfDay {
    type Err = ParseTimeOfDayError;

    fn from_str(text: &str) -> Result<Self, ParseTimeOfDayError> {
        let mut parts = text.split(':');
        let mut number = || match parts.next() {
            Some(part) if part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()) => {
                part.parse().map_err(|_| ParseTimeOfDayError)
            }
            Some(_) => Err(ParseTimeOfDayError),
            None => Ok(0),
        };
        let (hour, minute, second) = (number()?, number()?, number()?);
        if text.len() < 5 || parts.next().is_some() {
            return Err(ParseTimeOfDayError);
        }
        Self::exact(hour, minute, second).ok_or(ParseTimeOfDayError)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "names of days")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// The text is not `MONDAY` to `SUNDAY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a day is one of MONDAY to SUNDAY")]
pub struct ParseWeekdayError;

impl Weekday {
    /// The week, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
    /// Monday to Friday.
    pub const WORKING: [Self; 5] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
    ];
    /// Saturday and Sunday.
    pub const WEEKEND: [Self; 2] = [Self::Saturday, Self::Sunday];

    /// The wire spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "MONDAY",
            Self::Tuesday => "TUESDAY",
            Self::Wednesday => "WEDNESDAY",
            Self::Thursday => "THURSDAY",
            Self::Friday => "FRIDAY",
            Self::Saturday => "SATURDAY",
            Self::Sunday => "SUNDAY",
        }
    }
}

impl FromStr for Weekday {
    type Err = ParseWeekdayError;

    fn from_str(text: &str) -> Result<Self, ParseWeekdayError> {
        let found = Self::ALL.into_iter().find(|day| day.as_str() == text);
        found.ok_or(ParseWeekdayError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        let time: TimeOfDay = "07:30".parse().unwrap();
        assert_eq!(Some(time), TimeOfDay::new(7, 30));
        assert_eq!(time.to_string(), "07:30:00");
        assert_eq!(time.to_minute(), "07:30");
        let exact: TimeOfDay = "23:59:58".parse().unwrap();
        assert_eq!(
            serde_json::to_string(&exact).unwrap(),
            "\"23:59:58\"",
            "the form of the store"
        );
        assert_eq!(
            serde_json::from_str::<TimeOfDay>("\"23:59:58\"").unwrap(),
            exact
        );
        assert_eq!(TimeOfDay::of_hour(25), TimeOfDay::of_hour(1));
        // 2026-03-01T08:15:30.250Z and the last second before 1970.
        let of = |millis| TimeOfDay::of(Timestamp::from_millis(millis)).to_string();
        assert_eq!(
            (of(1_772_352_930_250), of(-1)),
            ("08:15:30".to_owned(), "23:59:59".to_owned())
        );
        for wrong in [
            "",
            "7:30",
            "07",
            "24:00",
            "07:60",
            "07:3",
            "07:30:60",
            "07:30:00:00",
            "+7:30",
            "ab:cd",
        ] {
            assert_eq!(
                wrong.parse::<TimeOfDay>(),
                Err(ParseTimeOfDayError),
                "{wrong}"
            );
        }
    }

    #[test]
    fn days_have_one_spelling() {
        for day in Weekday::ALL {
            assert_eq!(day.as_str().parse(), Ok(day));
            let quoted = format!("\"{}\"", day.as_str());
            assert_eq!(serde_json::to_string(&day).unwrap(), quoted);
        }
        assert!("monday".parse::<Weekday>().is_err());
        let halves = Weekday::WORKING.into_iter().chain(Weekday::WEEKEND);
        assert_eq!(halves.collect::<Vec<_>>(), Weekday::ALL);
    }
}
