//! Days and instants as people write them, in UTC.

use carport_model::Timestamp;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
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
        (Some(year), Some(month), Some(day)) => format!("{day} {month} {year}"),
        _ => written,
    }
}

/// "23 November 2026, 09:14:05 UTC".
pub(crate) fn instant(at: Timestamp) -> String {
    let written = at.to_string();
    let time = written.split_once('T').and_then(|(_, time)| {
        let (time, _) = time.split_once('.')?;
        Some(format!("{}, {time} UTC", date(at)))
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
