//! A rule: which requests go wrong, how, and how often.

use std::fmt;
use std::str::FromStr;

use super::{Effect, Occasion};
use crate::{ApplicationId, Timestamp, VehicleId};

/// Name of a rule, counted from the server's start and never used again: `fault-1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(super) u64);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault-{}", self.0)
    }
}

impl FromStr for RuleId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = text.strip_prefix("fault-").ok_or(())?;
        let is_plain = !number.starts_with(['0', '+']);
        let number = number.parse().map_err(|_| ())?;
        is_plain.then_some(Self(number)).ok_or(())
    }
}

/// A rule. What it does not say is as good as anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Which requests it is about.
    pub matches: Matcher,
    /// What goes wrong with them.
    pub effect: Effect,
    /// How many it lets go well first.
    pub after: u64,
    /// With how many it goes wrong at most.
    pub times: Option<u64>,
    /// How probable it is each time: above 0, 1 at most.
    pub probability: f64,
    /// What is drawn from; the rule's number when not said.
    pub seed: Option<u64>,
    /// From when on, by the server's clock.
    pub from: Option<Timestamp>,
    /// Until when; at this instant it is over.
    pub until: Option<Timestamp>,
}

/// Which requests a rule is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matcher {
    /// Those of one application.
    pub application: Option<ApplicationId>,
    /// Those about one vehicle.
    pub vehicle: Option<VehicleId>,
    /// Those to one route, as a pattern.
    pub route: Option<String>,
    /// Those of one method.
    pub method: Option<String>,
}

impl Matcher {
    /// Whether it is about this occasion.
    pub(super) fn is_about(&self, occasion: &Occasion<'_>) -> bool {
        let route = self.route.as_deref();
        (self.application.is_none() || self.application == occasion.application)
            && (self.vehicle.is_none() || self.vehicle == occasion.vehicle)
            && route.is_none_or(|route| is_same(route, occasion.route))
            && self.method.as_deref().is_none_or(|method| method == occasion.method)
            // What happens to its reads happens to a batch, unless the batch itself is meant.
            && (!occasion.is_batch || route.is_some())
    }
}

/// Whether two patterns are the same, however their parameters are called.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let same =
        |(one, other): (&str, &str)| one == other || (is_parameter(one) && is_parameter(other));
    one.split('/').count() == other.split('/').count()
        && one.split('/').zip(other.split('/')).all(same)
}

impl Rule {
    /// Whether its time has come and is not over.
    pub(super) fn is_on(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back() {
        assert_eq!("fault-12".parse(), Ok(RuleId(12)));
        assert_eq!(RuleId(12).to_string(), "fault-12");
        for text in [
            "",
            "12",
            "fault-",
            "fault-x",
            "fault--1",
            "fault-+1",
            "fault-012",
        ] {
            assert_eq!(text.parse::<RuleId>(), Err(()), "{text}");
        }
    }

    #[test]
    fn parameters_may_be_called_anything() {
        assert!(is_same("/v/{id}/w/{webhookId}", "/v/{id}/w/{webhook_id}"));
        assert!(!is_same("/v/{id}", "/v/{id}/w"));
        assert!(!is_same("/v/{id}", "/v/w"));
    }
}
