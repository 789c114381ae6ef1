//! Ranges of time that a query asks for: past services, past charges.
//! Source: contract rest-v2, 2.18 and 2.25.

use std::time::Duration;

use carport_model::Timestamp;
use carport_web::query::Pairs;
use utoipa::openapi::schema::Type;

use super::endpoint::Parameter;

/// Where a range starts.
pub const START: Parameter = Parameter::optional(
    "startDate",
    Type::String,
    "First day, or instant; start_date will do.",
);

/// Where a range ends.
pub const END: Parameter = Parameter::optional(
    "endDate",
    Type::String,
    "Last day, or instant; end_date will do.",
);

/// How a query names a range.
pub const PARAMETERS: &[Parameter] = &[START, END];

/// The range of a query, from its first instant to the first after it. SDKs spell the names in two
/// ways, send words where they have no date, and one leaves a question mark behind
/// (docs/quirks.md#service-history): what is no date counts as absent.
///
/// Without an end the range ends now; without a start it is as long as `usual`.
#[must_use]
pub fn range(query: &Pairs, now: Timestamp, usual: Duration) -> (Timestamp, Timestamp) {
    let sent = |names: [&str; 2]| names.iter().find_map(|name| query.get(name));
    let covers = |text: &str| Timestamp::read(text.trim_end_matches('?'));
    let end = sent(["end_date", "endDate"])
        .and_then(covers)
        .map_or(now, |(_, after)| after);
    let start = sent(["start_date", "startDate"])
        .and_then(covers)
        .map_or_else(|| end.minus(usual), |(first, _)| first);
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: Duration = Duration::from_hours(365 * 24);

    #[test]
    fn five_spellings_of_a_range() {
        let now = Timestamp::from_millis(1_770_000_000_000); // 2026-02-02T02:40:00Z
        let of = |query: &str| {
            let (start, end) = range(&Pairs::parse(query).unwrap(), now, YEAR);
            (start.to_string(), end.to_string())
        };
        let dates = (
            "2026-01-01T00:00:00.000Z".to_owned(),
            "2026-02-02T00:00:00.000Z".to_owned(),
        );
        assert_eq!(of("start_date=2026-01-01&end_date=2026-02-01"), dates);
        assert_eq!(of("startDate=2026-01-01&endDate=2026-02-01"), dates);
        assert_eq!(of("start_date=2026-01-01&end_date=2026-02-01?"), dates);
        assert_eq!(
            of("start_date=2026-01-01T10:00:00%2B02:00&end_date=2026-02-01T00:00Z"),
            (
                "2026-01-01T08:00:00.000Z".to_owned(),
                "2026-02-01T00:00:00.001Z".to_owned()
            )
        );
        let year = (
            "2025-02-02T02:40:00.000Z".to_owned(),
            "2026-02-02T02:40:00.000Z".to_owned(),
        );
        assert_eq!(of("start_date=undefined&end_date=undefined"), year);
        assert_eq!(of(""), year);
    }
}
