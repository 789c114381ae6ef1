//! Times as pages show them: in UTC, with how long ago that was.

use std::time::Duration;

use carport_model::Timestamp;
use carport_web::words::t;

/// An instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct When {
    /// For machines.
    pub iso: String,
    /// Day and time of day.
    pub text: String,
    /// Time of day, with the day where it is not today.
    pub short: String,
    /// How long ago.
    pub ago: String,
}

impl When {
    /// The instant, as seen from `now`.
    pub(crate) fn of(at: Timestamp, now: Timestamp) -> Self {
        let iso = at.to_string();
        let (day, time) = iso.split_once('T').unwrap_or_default();
        let time = time.split('.').next().unwrap_or_default();
        let text = format!("{day} {time}");
        let is_today = now.to_string().starts_with(day);
        Self {
            short: if is_today {
                time.to_owned()
            } else {
                text.clone()
            },
            text,
            ago: ago(at, now),
            iso,
        }
    }
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    if at > now.plus(Duration::from_secs(1)) {
        return t("in {span}").with("span", span(at.since(now))).plain();
    }
    match now.since(at) {
        short if short < Duration::from_secs(2) => t("just now").plain(),
        long => t("{span} ago").with("span", span(long)).plain(),
    }
}

/// A span in the largest unit of which it has two.
pub(crate) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..120 => t("{n} s").with("n", seconds).plain(),
        120..7_200 => t("{n} min").with("n", seconds / 60).plain(),
        7_200..172_800 => t("{n} h").with("n", seconds / 3_600).plain(),
        _ => t("{n} days").with("n", seconds / 86_400).plain(),
    }
}

/// How long something took, in milliseconds.
pub(crate) fn took(micros: u32) -> String {
    match micros {
        0..1_000 => t("{n} ms")
            .with("n", format!("{:.2}", f64::from(micros) / 1000.0))
            .plain(),
        1_000..10_000 => t("{n} ms")
            .with("n", format!("{:.1}", f64::from(micros) / 1000.0))
            .plain(),
        _ => t("{n} ms")
            .with("n", grouped(u64::from(micros / 1000)))
            .plain(),
    }
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time of day as a form sends it, in UTC.
pub(crate) fn read_local(text: &str) -> Option<Timestamp> {
    let local: jiff::civil::DateTime = text.parse().ok()?;
    let at = jiff::tz::Offset::UTC.to_timestamp(local).ok()?;
    Some(Timestamp::from_millis(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_772_352_930_250);

    #[test]
    fn times_are_told_with_their_age() {
        let of = |seconds| When::of(NOW.minus(Duration::from_secs(seconds)), NOW);
        assert_eq!(of(0).ago, "just now");
        assert_eq!(of(90).ago, "90 s ago");
        assert_eq!(of(600).ago, "10 min ago");
        assert_eq!(of(600).short, "08:05:30");
        assert_eq!(of(86_400 * 3).ago, "3 days ago");
        assert_eq!(of(86_400 * 3).short, "2026-02-26 08:15:30");
        assert_eq!(
            When::of(NOW.plus(Duration::from_mins(1)), NOW).ago,
            "in 60 s"
        );
    }

    #[test]
    fn numbers_and_times_of_forms() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
        assert_eq!(took(2_004_000), "2,004 ms");
        assert_eq!(took(340), "0.34 ms");
        let at = read_local("2026-03-01T08:15").unwrap();
        assert_eq!(at.to_string(), "2026-03-01T08:15:00.000Z");
        assert_eq!(read_local("yesterday"), None);
    }
}
