//! Days and instants as people write them, in UTC.

use carport_model::{Timestamp, worded};
use carport_web::words::{say, t};

/// A day of each month: some languages bend its name in a date.
const MONTHS: [&str; 12] = [
    worded("{day} January {year}"),
    worded("{day} February {year}"),
    worded("{day} March {year}"),
    worded("{day} April {year}"),
    worded("{day} May {year}"),
    worded("{day} June {year}"),
    worded("{day} July {year}"),
    worded("{day} August {year}"),
    worded("{day} September {year}"),
    worded("{day} October {year}"),
    worded("{day} November {year}"),
    worded("{day} December {year}"),
];

/// "3 March 2026".
pub(crate) fn date(at: Timestamp) -> String {
    let written = at.to_string();
    let mut parts = written.split(['-', 'T']);
    let mut next = || parts.next().and_then(|part| part.parse::<usize>().ok());
    let (year, month, day) = (next(), next(), next());
    match (
        year,
        month.and_then(|month| MONTHS.get(month.wrapping_sub(1))),
        day,
    ) {
        (Some(year), Some(month), Some(day)) => {
            say(month).with("day", day).with("year", year).plain()
        }
        _ => written,
    }
}

/// "23 November 2026, 09:14:05 UTC".
pub(crate) fn instant(at: Timestamp) -> String {
    let written = at.to_string();
    let time = written.split_once('T').and_then(|(_, time)| {
        let (time, _) = time.split_once('.')?;
        let said = t("{date}, {time} UTC")
            .with("date", date(at))
            .with("time", time);
        Some(said.plain())
    });
    time.unwrap_or(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        let time = Timestamp::from_millis(1_772_352_930_250);
        assert_eq!(date(time), "1 March 2026");
        assert_eq!(instant(time), "1 March 2026, 08:15:30 UTC");
        let end = Timestamp::from_millis(i64::MIN);
        assert!(!instant(end).is_empty());
    }
}
