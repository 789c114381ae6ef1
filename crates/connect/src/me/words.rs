//! Times, cars and permissions in the words of a page.

use carport_model::permission::Permissions;
use carport_model::{Timestamp, worded};
use carport_store::owners::Shared;
use carport_web::words::{say, t};

use crate::Services;
use crate::spoken::date;

/// "12 minutes ago"; the date when that is more than a month ago.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    const UNITS: [(u64, u64, &str, &str); 3] = [
        (
            3600,
            60,
            worded("1 minute ago"),
            worded("{count} minutes ago"),
        ),
        (
            86_400,
            3600,
            worded("1 hour ago"),
            worded("{count} hours ago"),
        ),
        (
            31 * 86_400,
            86_400,
            worded("1 day ago"),
            worded("{count} days ago"),
        ),
    ];
    let seconds = now.since(at).as_secs();
    if seconds < 60 {
        return t("just now").plain();
    }
    match UNITS.iter().find(|(below, ..)| seconds < *below) {
        Some((_, unit, one, several)) => {
            let count = seconds / unit;
            let words = if count == 1 { one } else { several };
            say(words).with("count", count).plain()
        }
        None => t("on {date}").with("date", date(at)).plain(),
    }
}

/// "2023 Volvo XC40 Recharge".
pub(crate) fn car(services: &Services, shared: &Shared) -> String {
    let car = &shared.car;
    let brand = services.catalogue.brands.get(&car.make);
    let brand = brand.map_or(car.make.as_str(), |brand| brand.name.as_str());
    format!("{} {brand} {}", car.year, car.model)
}

/// What is granted, as the permission page calls it: "Location, battery, charging".
pub(crate) fn permissions(permissions: &Permissions) -> String {
    let titles = permissions.as_slice().iter();
    let titles = titles.map(|it| say(it.spec().title).plain());
    titles.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_in_words() {
        // 2026-03-01T08:28:50Z.
        let now = Timestamp::from_millis(1_772_353_730_000);
        let before = |seconds| ago(now.minus(Duration::from_secs(seconds)), now);
        assert_eq!(before(0), "just now");
        assert_eq!(before(60), "1 minute ago");
        assert_eq!(before(3599), "59 minutes ago");
        assert_eq!(before(7300), "2 hours ago");
        assert_eq!(before(30 * 86_400), "30 days ago");
        assert_eq!(before(40 * 86_400), "on 20 January 2026");
        // A clock that was set back.
        assert_eq!(ago(now.plus(Duration::from_secs(5)), now), "just now");
    }
}
