//! Figures as people read them: few digits, groups of thousands, the unit apart.

use std::time::Duration;

use carport_web::words::t;

/// A share as whole percents, with the sign.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A whole number with a comma between thousands.
pub(crate) fn whole(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && digits != "0" {
        text.insert(0, '−');
    }
    text
}

/// A length of time by its two largest units: `8 h 45 min`, `2 d 6 h`, `40 s`; seconds only of what
/// is short.
pub(crate) fn span(length: Duration) -> String {
    let seconds = match length.as_secs() {
        short @ 0..600 => short,
        long => (long + 30) / 60 * 60,
    };
    let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    // A day is 24 hours; only several are counted as days.
    let largest = units
        .iter()
        .position(|(unit, size)| seconds >= *size && (*unit != "d" || seconds >= 2 * size));
    let parts: Vec<String> = units[largest.unwrap_or(3)..]
        .iter()
        .take(2)
        .scan(seconds, |left, (unit, size)| {
            let number = *left / size;
            *left %= size;
            Some((number, unit))
        })
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| match *unit {
            "d" => t("{n} d").with("n", number).plain(),
            "h" => t("{n} h").with("n", number).plain(),
            "min" => t("{n} min").with("n", number).plain(),
            _ => t("{n} s").with("n", number).plain(),
        })
        .collect();
    if parts.is_empty() {
        t("{n} s").with("n", 0).plain()
    } else {
        parts.join(" ")
    }
}

/// A length of time since midnight as a clock shows it: `08:06`.
pub(crate) fn time_of_day(since_midnight: Duration) -> String {
    let minutes = since_midnight.as_secs() / 60;
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// How many decimals a step needs to be told from its neighbours.
pub(crate) fn places_of(step: f64) -> usize {
    (0..6)
        .find(|places| {
            let scaled = step * 10_f64.powi(i32::try_from(*places).unwrap_or(6));
            (scaled - scaled.round()).abs() < 1e-6
        })
        .unwrap_or(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_at_a_glance() {
        assert_eq!(percent(0.756), "76 %");
        assert_eq!(
            [0.0, 81.4, 31_408.2, 1_000_000.0, -1200.0, -0.2].map(whole),
            ["0", "81", "31,408", "1,000,000", "−1,200", "0"]
        );
        let spans = [0, 40, 60, 90, 1370, 2700, 31_500, 86_400, 194_400].map(Duration::from_secs);
        assert_eq!(
            spans.map(span),
            [
                "0 s",
                "40 s",
                "1 min",
                "1 min 30 s",
                "23 min",
                "45 min",
                "8 h 45 min",
                "24 h",
                "2 d 6 h"
            ]
        );
        assert_eq!(time_of_day(Duration::from_secs(29_170)), "08:06");
        assert_eq!(time_of_day(Duration::from_hours(25)), "01:00");
        assert_eq!(
            [0.05, 0.2, 1.0, 20.0, 0.001].map(places_of),
            [2, 1, 0, 0, 3]
        );
    }
}
