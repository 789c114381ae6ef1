//! Reads a rule as it is sent.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use carport_model::clock::read_duration;
use carport_model::fault::{Effect, Latency, Matcher, OAuthFailure, Rule, is_same};
use carport_model::{ErrorSpec, ErrorType, Timestamp, error};
use serde_json::Value;

use super::{FaultEffect, FaultLatency, FaultMatch, NewFault};

/// When an answer says to come back whose rule does not.
const UNTOLD_WAIT: Duration = Duration::from_mins(1);
/// Methods that requests have.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// A rule is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The field, by its way down: `effect.code`.
    pub field: &'static str,
    /// What to send instead.
    pub reason: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason)
    }
}

impl Refused {
    pub(super) fn of(field: &'static str, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { field, reason }
    }
}

/// The rule that was sent; `routes` are those that it may name.
pub(super) fn rule(new: &NewFault, routes: &[String], now: Timestamp) -> Result<Rule, Refused> {
    let effect = effect(&new.effect)?;
    let matches = matcher(&new.matches, &effect, routes)?;
    let from = instant("from", new.from.as_deref(), now)?;
    let until = instant("until", new.until.as_deref(), now)?;
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        return Err(Refused::of("until", "Name an instant after from."));
    }
    Ok(Rule {
        matches,
        effect,
        after: whole("after", new.after, 0)?.unwrap_or(0),
        times: whole("times", new.times, 1)?,
        probability: probability(new.probability)?,
        seed: new.seed,
        from,
        until,
    })
}

fn matcher(sent: &FaultMatch, effect: &Effect, routes: &[String]) -> Result<Matcher, Refused> {
    let advice = "Send an id: a UUID of 36 characters.";
    let application = sent.application.as_deref().map(str::parse).transpose();
    let vehicle = sent.vehicle.as_deref().map(str::parse).transpose();
    let route = sent.route.as_deref();
    Ok(Matcher {
        application: application.map_err(|_| Refused::of("match.application", advice))?,
        vehicle: vehicle.map_err(|_| Refused::of("match.vehicle", advice))?,
        route: route
            .map(|route| known(route, effect, routes))
            .transpose()?,
        method: sent.method.as_deref().map(method).transpose()?,
    })
}

/// The route by its whole pattern. A short name may leave out what all routes of cars begin with.
fn known(sent: &str, effect: &Effect, routes: &[String]) -> Result<String, Refused> {
    let path = sent.trim().trim_matches('/');
    let full = ["", "/v2.0", "/v2.0/vehicles/{id}"].map(|front| format!("{front}/{path}"));
    let named = full
        .iter()
        .find_map(|full| routes.iter().find(|route| is_same(route, full)));
    let route = named.ok_or_else(|| {
        let advice = format!("{sent:?} is no route. Name one such as /odometer, /vehicles/{{id}}/battery or /oauth/token.");
        Refused::of("match.route", advice)
    })?;
    let is_token = route == "/oauth/token";
    let advice = match effect {
        Effect::OAuth { .. } if !is_token => {
            "This effect is the token endpoint's: name /oauth/token, or no route."
        }
        Effect::Error { .. } | Effect::Stale(_) if !route.starts_with("/v2.0") => {
            "This effect is the vehicle API's: name a route below /v2.0."
        }
        _ => return Ok(route.clone()),
    };
    Err(Refused::of("match.route", advice))
}

fn method(sent: &str) -> Result<String, Refused> {
    let method = sent.trim().to_ascii_uppercase();
    if METHODS.contains(&method.as_str()) {
        return Ok(method);
    }
    let advice = format!("Send one of {}.", METHODS.join(", "));
    Err(Refused::of("match.method", advice))
}

fn effect(sent: &FaultEffect) -> Result<Effect, Refused> {
    match sent {
        FaultEffect::Error {
            error_type,
            code,
            retry_after,
        } => error(error_type, code.as_deref(), retry_after.as_ref()),
        FaultEffect::Oauth { error, retry_after } => oauth(error, retry_after.as_ref()),
        FaultEffect::Latency(sent) => latency(sent).map(Effect::Latency),
        FaultEffect::Stale { by } => length("effect.by", by).map(Effect::Stale),
        FaultEffect::Drop {} => Ok(Effect::Drop),
        FaultEffect::SlowBody { bytes_per_second } => {
            let bytes = u32::try_from(*bytes_per_second)
                .ok()
                .and_then(NonZeroU32::new);
            let advice = "Send a whole number of 1 at least.";
            let bytes = bytes.ok_or_else(|| Refused::of("effect.bytesPerSecond", advice))?;
            Ok(Effect::SlowBody(bytes))
        }
    }
}

fn error(kind: &str, code: Option<&str>, retry_after: Option<&Value>) -> Result<Effect, Refused> {
    let kind = ErrorType::ALL
        .iter()
        .copied()
        .find(|known| known.as_str() == kind);
    let kind = kind.ok_or_else(|| {
        let known: Vec<_> = ErrorType::ALL.iter().map(|kind| kind.as_str()).collect();
        Refused::of("effect.type", format!("Send one of {}.", known.join(", ")))
    })?;
    let spec = ErrorSpec::of(kind).find(|spec| spec.code == code);
    let spec = spec.ok_or_else(|| {
        let known: Vec<_> = ErrorSpec::of(kind)
            .map(|spec| spec.code.unwrap_or("none"))
            .collect();
        let advice = format!("Codes of {} are: {}.", kind.as_str(), known.join(", "));
        Refused::of("effect.code", advice)
    })?;
    let says_when = *spec == error::RATE_LIMIT_VEHICLE;
    let retry_after = retry_after
        .map(|sent| length("effect.retryAfter", sent))
        .transpose()?;
    if retry_after.is_some() && !says_when {
        let advice = "RATE_LIMIT/VEHICLE alone says when to come back; leave it out.";
        return Err(Refused::of("effect.retryAfter", advice));
    }
    Ok(Effect::Error {
        spec,
        retry_after: says_when.then(|| retry_after.unwrap_or(UNTOLD_WAIT)),
    })
}

fn oauth(sent: &str, retry_after: Option<&Value>) -> Result<Effect, Refused> {
    let failure = OAuthFailure::find(sent).ok_or_else(|| {
        let known = OAuthFailure::ALL.map(|known| known.error);
        Refused::of("effect.error", format!("Send one of {}.", known.join(", ")))
    })?;
    let says_when = matches!(failure.status, 429 | 503);
    let retry_after = retry_after
        .map(|sent| length("effect.retryAfter", sent))
        .transpose()?;
    if retry_after.is_some() && !says_when {
        let advice =
            "slow_down and temporarily_unavailable alone say when to come back; leave it out.";
        return Err(Refused::of("effect.retryAfter", advice));
    }
    Ok(Effect::OAuth {
        failure,
        retry_after: says_when.then(|| retry_after.unwrap_or(UNTOLD_WAIT)),
    })
}

impl FaultLatency {
    /// The lengths of `named`, which a distribution has; it has no others.
    fn lengths<const N: usize>(&self, named: [&'static str; N]) -> Result<[Duration; N], Refused> {
        let all = [
            ("effect.by", &self.by),
            ("effect.from", &self.from),
            ("effect.to", &self.to),
            ("effect.mean", &self.mean),
            ("effect.deviation", &self.deviation),
        ];
        let stray = all
            .iter()
            .find(|(name, sent)| sent.is_some() && !named.contains(name));
        if let Some((name, _)) = stray {
            return Err(Refused::of(
                name,
                "This distribution has none; leave it out.",
            ));
        }
        let mut lengths = [Duration::ZERO; N];
        for (place, name) in lengths.iter_mut().zip(named) {
            let sent = all.iter().find(|(known, _)| *known == name);
            let sent = sent.and_then(|(_, sent)| sent.as_ref());
            let sent = sent.ok_or_else(|| Refused::of(name, "This distribution needs it."))?;
            *place = length(name, sent)?;
        }
        Ok(lengths)
    }
}

fn latency(sent: &FaultLatency) -> Result<Latency, Refused> {
    match sent.distribution.as_deref().unwrap_or("fixed") {
        "fixed" => sent
            .lengths(["effect.by"])
            .map(|[wait]| Latency::Fixed(wait)),
        "uniform" => {
            let [from, to] = sent.lengths(["effect.from", "effect.to"])?;
            if to < from {
                return Err(Refused::of("effect.to", "Send no less than from."));
            }
            Ok(Latency::Uniform { from, to })
        }
        "normal" => {
            let named = sent.lengths(["effect.mean", "effect.deviation"]);
            named.map(|[mean, deviation]| Latency::Normal { mean, deviation })
        }
        "exponential" => {
            let named = sent.lengths(["effect.mean"]);
            named.map(|[mean]| Latency::Exponential { mean })
        }
        _ => {
            let advice = "Send fixed, uniform, normal or exponential.";
            Err(Refused::of("effect.distribution", advice))
        }
    }
}

fn length(field: &'static str, sent: &Value) -> Result<Duration, Refused> {
    let written = match sent {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    read_duration(&written).map_err(|error| Refused::of(field, format!("It reads wrong: {error}.")))
}

/// An instant, or a length of time from now.
fn instant(
    field: &'static str,
    sent: Option<&str>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Refused> {
    let Some(text) = sent else {
        return Ok(None);
    };
    let instant = Timestamp::read(text).map(|(first, _)| first);
    let instant = instant.or_else(|| read_duration(text).ok().map(|length| now.plus(length)));
    let advice = "Send an instant such as 2026-03-01T08:15:30Z, or a length of time such as 2h.";
    instant.map(Some).ok_or_else(|| Refused::of(field, advice))
}

fn whole(field: &'static str, sent: Option<i64>, least: u64) -> Result<Option<u64>, Refused> {
    let Some(number) = sent else {
        return Ok(None);
    };
    let number = u64::try_from(number).ok().filter(|number| *number >= least);
    let advice = format!("Send a whole number of {least} at least.");
    number.map(Some).ok_or_else(|| Refused::of(field, advice))
}

fn probability(sent: Option<f64>) -> Result<f64, Refused> {
    let probability = sent.unwrap_or(1.0);
    if probability > 0.0 && probability <= 1.0 {
        return Ok(probability);
    }
    let advice = "Send a number above 0 and at most 1.";
    Err(Refused::of("probability", advice))
}
