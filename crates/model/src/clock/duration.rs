//! Reads lengths of time as people write them.

use std::time::Duration;

use jiff::{Span, SpanRelativeTo};

/// A text is no length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadDurationError {
    /// It is less than nothing.
    #[error("a length of time is not negative")]
    Negative,
    /// Months and years are longer or shorter by where they begin.
    #[error("months and years differ in length; write days, such as 30d")]
    Calendar,
    /// Anything else.
    #[error("write a length of time such as 90s, 2h, 1h30m, 7d, P1D, or a number of seconds")]
    Malformed,
}

/// Reads `90s`, `2h`, `1h30m`, `7d`, `2w`, the form of ISO 8601 (`PT2H`, `P1D`), or a number of
/// seconds. A day has 24 hours.
///
/// # Errors
/// [`ReadDurationError`] says what to write.
pub fn read_duration(text: &str) -> Result<Duration, ReadDurationError> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        if seconds < 0.0 {
            return Err(ReadDurationError::Negative);
        }
        return Duration::try_from_secs_f64(seconds).map_err(|_| ReadDurationError::Malformed);
    }
    let span: Span = text.parse().map_err(|_| ReadDurationError::Malformed)?;
    if span.is_negative() {
        return Err(ReadDurationError::Negative);
    }
    if span.get_years() != 0 || span.get_months() != 0 {
        return Err(ReadDurationError::Calendar);
    }
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours());
    let length = length.map_err(|_| ReadDurationError::Malformed)?;
    Duration::try_from(length).map_err(|_| ReadDurationError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        let seconds = |text: &str| read_duration(text).map(|length| length.as_secs_f64());
        for (text, expected) in [
            ("90s", 90.0),
            ("2h", 7200.0),
            ("1h30m", 5400.0),
            ("2h 1s", 7201.0),
            ("500ms", 0.5),
            ("7d", 604_800.0),
            ("1w", 604_800.0),
            ("P1D", 86_400.0),
            ("PT2H", 7200.0),
            ("3650d", 315_360_000.0),
            ("0", 0.0),
            ("7200", 7200.0),
            (" 0.25 ", 0.25),
        ] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for (text, expected) in [
            ("-2h", ReadDurationError::Negative),
            ("-1", ReadDurationError::Negative),
            ("2h ago", ReadDurationError::Negative),
            ("1y", ReadDurationError::Calendar),
            ("P1M", ReadDurationError::Calendar),
            ("", ReadDurationError::Malformed),
            ("soon", ReadDurationError::Malformed),
            ("inf", ReadDurationError::Malformed),
            ("NaN", ReadDurationError::Malformed),
            ("2 fortnights", ReadDurationError::Malformed),
        ] {
            assert_eq!(seconds(text), Err(expected), "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,20}", count in any::<i64>()) {
            let _ = read_duration(&text);
            for unit in ["s", "h", "d", "w"] {
                let _ = read_duration(&format!("{count}{unit}"));
            }
        }
    }
}
