//! Rules as they are sent and shown.

use carport_model::fault::{Effect, Latency, Matcher, Standing};
use carport_model::{ErrorSpec, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A rule to be made. What it does not say is as good as anything.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    /// Which requests it is about; all when absent.
    #[serde(default, rename = "match")]
    pub matches: FaultMatch,
    /// What goes wrong with them.
    pub effect: FaultEffect,
    /// How many such requests go well first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub after: Option<i64>,
    /// With how many it goes wrong at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub times: Option<i64>,
    /// How probable it is each time, above 0 to 1; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What chance is drawn from: the same seed gives the same sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// From when on, by the server's clock: an instant, or a length of time from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Until when: an instant, or a length of time from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// Which requests a rule is about.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FaultMatch {
    /// Those of one application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// Those about one vehicle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<String>,
    /// Those to one route, such as /odometer or /oauth/token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// Those of one method, such as GET.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}

/// What goes wrong. Lengths of time are texts such as 90s or 2h, or numbers of seconds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum FaultEffect {
    /// The answer is an error of the vehicle API.
    Error {
        /// Type of the error, such as `VEHICLE_STATE`.
        #[serde(rename = "type")]
        error_type: String,
        /// Code of the error, such as ASLEEP; none for the types that have a single error.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// When the answer says to come back; for `RATE_LIMIT/VEHICLE` alone.
        #[serde(
            rename = "retryAfter",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        #[schema(value_type = Option<String>)]
        retry_after: Option<Value>,
    },
    /// The token endpoint refuses.
    Oauth {
        /// The error, such as `invalid_grant` or `temporarily_unavailable`.
        error: String,
        /// When the answer says to come back; for `slow_down` and `temporarily_unavailable` alone.
        #[serde(
            rename = "retryAfter",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        #[schema(value_type = Option<String>)]
        retry_after: Option<Value>,
    },
    /// The answer comes late, two minutes at most.
    Latency(Box<FaultLatency>),
    /// What is read is older than it is: sc-data-age lies further back.
    Stale {
        /// How much older.
        #[schema(value_type = String)]
        by: Value,
    },
    /// The connection is cut instead of the answer; what was asked has been done.
    Drop {},
    /// The body comes slowly.
    SlowBody {
        /// Bytes that come in a second.
        #[serde(rename = "bytesPerSecond")]
        #[schema(minimum = 1)]
        bytes_per_second: i64,
    },
}

/// How late an answer comes: fixed by `by`, uniform `from` .. `to`, normal around `mean` with its
/// `deviation`, or exponential with a `mean`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultLatency {
    /// fixed, uniform, normal or exponential; fixed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
    /// How late, when it is fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub by: Option<Value>,
    /// The shortest wait of a uniform one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub from: Option<Value>,
    /// The longest wait of a uniform one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub to: Option<Value>,
    /// The mean of a normal or exponential one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub mean: Option<Value>,
    /// The standard deviation of a normal one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub deviation: Option<Value>,
}

/// A rule, and what has become of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FaultView {
    /// Its name, as sc-carport-fault tells it.
    pub id: String,
    /// The rule.
    #[serde(flatten)]
    pub fault: NewFault,
    /// Requests that it was about, in its time.
    pub met: u64,
    /// Those of them with which it went wrong.
    pub struck: u64,
}

/// The rules of a server.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FaultViews {
    /// In the order in which they are asked.
    pub faults: Vec<FaultView>,
}

impl FaultView {
    pub(super) fn of(standing: &Standing) -> Self {
        let rule = &standing.rule;
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let written = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            id: standing.id.to_string(),
            fault: NewFault {
                matches: FaultMatch::of(&rule.matches),
                effect: FaultEffect::of(&rule.effect),
                after: Some(count(rule.after)).filter(|after| *after > 0),
                times: rule.times.map(count),
                probability: Some(rule.probability).filter(|probability| *probability < 1.0),
                seed: rule.seed,
                from: written(rule.from),
                until: written(rule.until),
            },
            met: standing.met,
            struck: standing.struck,
        }
    }
}

impl FaultMatch {
    fn of(matches: &Matcher) -> Self {
        Self {
            application: matches.application.map(|id| id.to_string()),
            vehicle: matches.vehicle.map(|id| id.to_string()),
            route: matches.route.clone(),
            method: matches.method.clone(),
        }
    }
}

impl FaultEffect {
    fn of(effect: &Effect) -> Self {
        let seconds = |wait: std::time::Duration| Value::from(wait.as_secs_f64());
        match *effect {
            Effect::Error { spec, retry_after } => Self::error(spec, retry_after.map(seconds)),
            Effect::OAuth {
                failure,
                retry_after,
            } => Self::Oauth {
                error: failure.error.to_owned(),
                retry_after: retry_after.map(seconds),
            },
            Effect::Latency(latency) => Self::Latency(Box::new(FaultLatency::of(latency))),
            Effect::Stale(by) => Self::Stale { by: seconds(by) },
            Effect::Drop => Self::Drop {},
            Effect::SlowBody(bytes) => Self::SlowBody {
                bytes_per_second: bytes.get().into(),
            },
        }
    }

    fn error(spec: &ErrorSpec, retry_after: Option<Value>) -> Self {
        Self::Error {
            error_type: spec.kind.as_str().to_owned(),
            code: spec.code.map(str::to_owned),
            retry_after,
        }
    }
}

impl FaultLatency {
    /// One of a distribution, of which nothing is said yet.
    #[must_use]
    pub fn named(distribution: &str) -> Self {
        Self {
            distribution: Some(distribution.to_owned()),
            ..Self::default()
        }
    }

    fn of(latency: Latency) -> Self {
        let seconds = |wait: std::time::Duration| Some(Value::from(wait.as_secs_f64()));
        match latency {
            Latency::Fixed(wait) => Self {
                by: seconds(wait),
                ..Self::named("fixed")
            },
            Latency::Uniform { from, to } => Self {
                from: seconds(from),
                to: seconds(to),
                ..Self::named("uniform")
            },
            Latency::Normal { mean, deviation } => Self {
                mean: seconds(mean),
                deviation: seconds(deviation),
                ..Self::named("normal")
            },
            Latency::Exponential { mean } => Self {
                mean: seconds(mean),
                ..Self::named("exponential")
            },
        }
    }
}
