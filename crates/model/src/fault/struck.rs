//! What the rules do to one request, together.

use std::num::NonZeroU32;
use std::time::Duration;

use super::{Effect, Latency, OAuthFailure, RuleId};
use crate::{ErrorSpec, Rng};

/// An answer that a rule gives instead of the true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// An error of the vehicle API, and when to come back.
    Error(&'static ErrorSpec, Option<Duration>),
    /// A refusal of the token endpoint, and when to come back.
    OAuth(OAuthFailure, Option<Duration>),
}

/// What the rules do to a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Struck {
    /// The rules that had a part in it.
    pub rules: Vec<RuleId>,
    /// The answer, if a rule gives one.
    pub answer: Option<Answer>,
    /// How much later than it could the answer comes.
    pub latency: Duration,
    /// How much older than it is what was read is.
    pub stale: Duration,
    /// Whether the connection is cut instead of an answer.
    pub is_dropped: bool,
    /// How many bytes of the body come in a second.
    pub bytes_per_second: Option<NonZeroU32>,
}

impl Struck {
    /// Adds what one more rule does.
    pub(super) fn add(&mut self, rule: RuleId, effect: &Effect, rng: &dyn Rng) {
        self.rules.push(rule);
        match *effect {
            Effect::Error { spec, retry_after } => {
                self.answer = Some(Answer::Error(spec, retry_after));
            }
            Effect::OAuth {
                failure,
                retry_after,
            } => {
                self.answer = Some(Answer::OAuth(failure, retry_after));
            }
            Effect::Latency(latency) => self.wait(latency.draw(rng)),
            Effect::Stale(by) => self.stale = self.stale.saturating_add(by),
            Effect::Drop => self.is_dropped = true,
            Effect::SlowBody(bytes) => self.slow_down(Some(bytes)),
        }
    }

    /// Adds what was done to another part of the same request: of the reads of a batch each has an
    /// answer and an age of its own.
    pub fn join(&mut self, other: Self) {
        for rule in other.rules {
            if !self.rules.contains(&rule) {
                self.rules.push(rule);
            }
        }
        self.wait(other.latency);
        self.is_dropped |= other.is_dropped;
        self.slow_down(other.bytes_per_second);
    }

    fn wait(&mut self, more: Duration) {
        self.latency = self.latency.saturating_add(more).min(Latency::MOST);
    }

    fn slow_down(&mut self, bytes: Option<NonZeroU32>) {
        self.bytes_per_second = self.bytes_per_second.into_iter().chain(bytes).min();
    }
}
