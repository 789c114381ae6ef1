//! Faults on demand: rules that say which requests go wrong, and how.
//!
//! [`Faults`] keeps the rules of a server and judges occasions; it does nothing by itself. The
//! rooms that know who asks ask it ([`Room`]), and do what it says. It is pure: the time is handed
//! in, and what is drawn comes from the seed of the rule.

mod effect;
mod latency;
mod rule;
mod struck;
mod switch;

pub use effect::{Effect, OAuthFailure, Room};
pub use latency::Latency;
pub use rule::{Matcher, Rule, RuleId, is_same};
pub use struck::{Answer, Struck};
pub use switch::{Faults, Occasion, Standing, TooMany};
