//! What of the log is wanted, as it stands in the address.

use carport_model::{ApplicationId, Timestamp};
use carport_store::audit_log::{Filter, NO_APPLICATION, Place};
use carport_web::Pairs;
use carport_web::words::{Text, t};

/// How the address calls entries that concern no application.
pub(super) const TEAM: &str = "team";

/// What is wanted, read and as it was written.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Read.
    pub filter: Filter,
    /// As it was written, for the form and for links.
    pub application: String,
    pub actor: String,
    pub action: String,
    pub from: String,
    pub to: String,
    /// Behind which entry.
    pub after: Option<Place>,
    /// A date that is none.
    pub trouble: Option<Text>,
}

impl Wanted {
    /// Reads an address.
    pub(super) fn read(pairs: &Pairs) -> Self {
        let text = |name| pairs.get(name).unwrap_or_default().to_owned();
        let mut wanted = Self {
            application: text("application"),
            actor: text("actor"),
            action: text("action"),
            from: text("from"),
            to: text("to"),
            after: pairs.get("after").and_then(place),
            ..Self::default()
        };
        let application = match wanted.application.as_str() {
            "" => None,
            TEAM => Some(NO_APPLICATION),
            // Of an application that is none there are no entries.
            id => Some(id.parse().unwrap_or(ApplicationId::from_bytes([255; 16]))),
        };
        let (from, to) = (day(&wanted.from, 0), day(&wanted.to, 1));
        if from.is_err() || to.is_err() {
            wanted.trouble = Some(t("A day is written as 2026-03-01."));
        }
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        wanted.filter = Filter {
            application,
            actor: given(&wanted.actor),
            action: given(&wanted.action),
            from: from.unwrap_or_default(),
            to: to.unwrap_or_default(),
        };
        wanted
    }

    /// The filter as a query, with something behind it.
    pub(super) fn query(&self, more: Option<(&str, &str)>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("application", &self.application),
            ("actor", &self.actor),
            ("action", &self.action),
            ("from", &self.from),
            ("to", &self.to),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some((name, value)) = more {
            query.append_pair(name, value);
        }
        query.finish()
    }
}

/// How an address writes a place.
pub(super) fn written(place: Place) -> String {
    format!("{}.{}", place.at.millis(), place.tie)
}

fn place(text: &str) -> Option<Place> {
    let (at, tie) = text.split_once('.')?;
    Some(Place {
        at: Timestamp::from_millis(at.parse().ok()?),
        tie: tie.parse().ok()?,
    })
}

/// The beginning, in UTC, of a day or of one some days later; `Ok(None)` when none is given.
fn day(text: &str, later: i64) -> Result<Option<Timestamp>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    let start: jiff::Timestamp = format!("{text}T00:00:00Z").parse().map_err(|_| ())?;
    let millis = start.as_millisecond() + later * 24 * 3_600_000;
    Ok(Some(Timestamp::from_millis(millis)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_written() {
        let pairs = Pairs::parse(
            "application=team&actor=member+a&from=2026-03-01&to=2026-03-01&after=5.-7",
        )
        .unwrap();
        let wanted = Wanted::read(&pairs);
        assert_eq!(wanted.filter.application, Some(NO_APPLICATION));
        assert_eq!(wanted.filter.actor.as_deref(), Some("member a"));
        let (from, to) = (wanted.filter.from.unwrap(), wanted.filter.to.unwrap());
        assert_eq!(from.to_string(), "2026-03-01T00:00:00.000Z");
        assert_eq!(to.to_string(), "2026-03-02T00:00:00.000Z");
        assert_eq!(wanted.after.map(written).as_deref(), Some("5.-7"));
        let query = wanted.query(Some(("after", "1.2")));
        assert_eq!(
            query,
            "application=team&actor=member+a&from=2026-03-01&to=2026-03-01&after=1.2"
        );
        let odd = Wanted::read(&Pairs::parse("from=tomorrow&after=x&application=x").unwrap());
        assert!(odd.trouble.is_some() && odd.after.is_none() && odd.filter.application.is_some());
    }
}
