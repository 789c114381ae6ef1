//! Faults on demand, as the page lists and offers them.

use std::num::NonZeroU32;
use std::time::Duration;

use carport_model::error::ERRORS;
use carport_model::fault::{Effect, Faults, Latency, Matcher, OAuthFailure, Rule, Standing};
use carport_model::{ApplicationId, ErrorSpec, SimulationId, VehicleId, error::ErrorType};
use carport_web::Pairs;
use carport_web::words::{Text, t};

use super::car::capital;
use super::figures;
use super::live::Live;

/// A choice of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Whether it is chosen at first.
    pub chosen: bool,
}

impl Choice {
    /// One that is not chosen at first.
    pub(crate) fn of(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
            chosen: false,
        }
    }
}

/// Choices under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// The heading.
    pub label: String,
    /// The choices.
    pub choices: Vec<Choice>,
}

/// The panel as a template writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Panel {
    /// Faults that are set.
    pub rows: Vec<FaultRow>,
    /// What may go wrong.
    pub effects: Vec<Group>,
    /// With which cars.
    pub cars: Vec<Choice>,
    /// With which calls.
    pub calls: Vec<Group>,
    /// How often.
    pub times: Vec<Choice>,
}

/// A fault that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FaultRow {
    /// Its id.
    pub id: String,
    /// What goes wrong.
    pub what: String,
    /// With which calls, and how often yet.
    pub left: String,
}

/// A car that faults may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Its id.
    pub id: SimulationId,
    /// The vehicle that it is for applications.
    pub vehicle: VehicleId,
    /// What people call it.
    pub name: String,
}

/// A kind of call: how it is called, and what matches it.
struct Call {
    value: &'static str,
    text: Text,
    method: Option<&'static str>,
    route: Option<&'static str>,
}

const ALL_CALLS: [Call; 3] = [
    Call::of("reads", t("Every read"), Some("GET"), None),
    Call::of("commands", t("Every command"), Some("POST"), None),
    Call::of("all", t("Every call"), None, None),
];

const ONE_CALL: [Call; 9] = [
    Call::of(
        "security",
        t("Lock and unlock"),
        Some("POST"),
        Some("/v2.0/vehicles/{id}/security"),
    ),
    Call::of(
        "charging",
        t("Start and stop charging"),
        Some("POST"),
        Some("/v2.0/vehicles/{id}/charge"),
    ),
    Call::of(
        "attributes",
        t("Attributes"),
        Some("GET"),
        Some("/v2.0/vehicles/{id}"),
    ),
    Call::of(
        "battery",
        t("Battery"),
        Some("GET"),
        Some("/v2.0/vehicles/{id}/battery"),
    ),
    Call::of(
        "charge",
        t("Charge"),
        Some("GET"),
        Some("/v2.0/vehicles/{id}/charge"),
    ),
    Call::of(
        "fuel",
        t("Fuel"),
        Some("GET"),
        Some("/v2.0/vehicles/{id}/fuel"),
    ),
    Call::of(
        "location",
        t("Location"),
        Some("GET"),
        Some("/v2.0/vehicles/{id}/location"),
    ),
    Call::of(
        "odometer",
        t("Odometer"),
        Some("GET"),
        Some("/v2.0/vehicles/{id}/odometer"),
    ),
    Call::of(
        "token",
        t("Token endpoint"),
        Some("POST"),
        Some("/oauth/token"),
    ),
];

impl Call {
    const fn of(
        value: &'static str,
        text: Text,
        method: Option<&'static str>,
        route: Option<&'static str>,
    ) -> Self {
        Self {
            value,
            text,
            method,
            route,
        }
    }

    fn is(&self, matcher: &Matcher) -> bool {
        self.method == matcher.method.as_deref() && self.route == matcher.route.as_deref()
    }
}

/// What a form asked for and cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the form names no fault, call or number that there is")]
pub(crate) struct NoSuchFault;

impl Panel {
    /// The panel: what is set, and what can be.
    pub(crate) fn of(faults: &Faults, subjects: &[Subject], chosen: Option<VehicleId>) -> Self {
        let car = |subject: &Subject| Choice {
            value: subject.vehicle.to_string(),
            text: subject.name.clone(),
            chosen: chosen == Some(subject.vehicle),
        };
        let every = std::iter::once(Choice::of("", t("Every car")));
        let calls = |label: Text, calls: &[Call]| Group {
            label: label.plain(),
            choices: calls
                .iter()
                .map(|call| Choice::of(call.value, call.text))
                .collect(),
        };
        Self {
            rows: rows(faults, subjects),
            effects: effects(),
            cars: subjects.iter().map(car).chain(every).collect(),
            calls: vec![calls(t("Many"), &ALL_CALLS), calls(t("One"), &ONE_CALL)],
            times: vec![
                Choice::of("1", t("Once")),
                Choice::of("3", t("3 times")),
                Choice::of("10", t("10 times")),
                Choice::of("", t("Until I stop it")),
            ],
        }
    }
}

/// The faults that are set.
pub(crate) fn rows(faults: &Faults, subjects: &[Subject]) -> Vec<FaultRow> {
    let standing = faults.list();
    standing
        .iter()
        .map(|standing| row(standing, subjects))
        .collect()
}

fn row(standing: &Standing, subjects: &[Subject]) -> FaultRow {
    let matcher = &standing.rule.matches;
    let of = |vehicle| subjects.iter().find(|subject| subject.vehicle == vehicle);
    let whose = match matcher.vehicle {
        None => t("Every car").plain(),
        Some(vehicle) => of(vehicle).map_or_else(|| t("One car").plain(), |car| car.name.clone()),
    };
    let mut calls = ALL_CALLS.iter().chain(&ONE_CALL);
    let call = calls.find(|call| call.is(matcher));
    let call = match (call, &matcher.route) {
        (Some(call), _) => call.text.plain().to_lowercase(),
        (None, Some(route)) => route.clone(),
        (None, None) => t("some calls").plain(),
    };
    let left = match standing.rule.times {
        None => t("until you stop it").plain(),
        Some(times) if standing.struck >= times => t("used up").plain(),
        Some(times) => t("{left} of {times} times left")
            .with("left", times - standing.struck)
            .with("times", times)
            .plain(),
    };
    let left = match standing.rule.probability {
        always if always >= 1.0 => t("for {call}, {left}")
            .with("call", call)
            .with("left", left)
            .plain(),
        chance => t("for {call}, in {percent} % of cases, {left}")
            .with("call", call)
            .with("percent", format!("{:.0}", chance * 100.0))
            .with("left", left)
            .plain(),
    };
    FaultRow {
        id: standing.id.to_string(),
        what: format!("{whose}: {}", told(&standing.rule.effect)),
        left,
    }
}

impl FaultRow {
    /// Notes what may change of it.
    pub(crate) fn note(&self, live: &mut Live) {
        live.text(format!("fault-{}", self.id), &self.left);
    }
}

/// What an effect does, in a few words.
fn told(effect: &Effect) -> String {
    match effect {
        Effect::Error { spec, .. } => name_of(spec).to_lowercase(),
        Effect::OAuth { failure, .. } => t("token endpoint says {error}")
            .with("error", &failure.error)
            .plain(),
        Effect::Latency(Latency::Fixed(wait)) => t("answers {span} late")
            .with("span", figures::span(*wait))
            .plain(),
        Effect::Latency(_) => t("answers late").plain(),
        Effect::Stale(by) => t("readings {span} old")
            .with("span", figures::span(*by))
            .plain(),
        Effect::Drop => t("connection cut").plain(),
        Effect::SlowBody(bytes) => t("body at {bytes} bytes a second")
            .with("bytes", bytes)
            .plain(),
    }
}

/// `Door open`: the code, or the type where that is all there is.
fn name_of(spec: &ErrorSpec) -> String {
    let code = spec.code.unwrap_or(spec.kind.as_str());
    words(code)
}

fn words(constant: &str) -> String {
    capital(&constant.replace('_', " ").to_lowercase())
}

fn effects() -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // What is tried first comes first.
    let first = [
        ErrorType::VehicleState,
        ErrorType::Upstream,
        ErrorType::RateLimit,
    ];
    let others = ErrorType::ALL.iter().filter(|kind| !first.contains(kind));
    for kind in first.iter().chain(others) {
        let choices = ERRORS.iter().filter(|spec| spec.kind == *kind);
        let choices = choices.map(|spec| Choice::of(error_value(spec), name_of(spec)));
        groups.push(Group {
            label: words(kind.as_str()),
            choices: choices.collect(),
        });
    }
    let network = [
        ("late:2", t("Answer 2 s late")),
        ("late:30", t("Answer 30 s late")),
        ("drop", t("Connection cut")),
        ("slow:100", t("Body at 100 bytes a second")),
        ("stale:86400", t("Readings a day old")),
    ];
    groups.push(Group {
        label: t("Network and age").plain(),
        choices: network.map(|(value, text)| Choice::of(value, text)).into(),
    });
    let tokens = OAuthFailure::ALL.iter();
    let tokens =
        tokens.map(|failure| Choice::of(format!("oauth:{}", failure.error), failure.error));
    groups.push(Group {
        label: t("Token endpoint").plain(),
        choices: tokens.collect(),
    });
    groups
}

fn error_value(spec: &ErrorSpec) -> String {
    let code = spec.code.unwrap_or_default();
    format!("error:{}/{code}", spec.kind.as_str())
}

/// The effect that a choice of [`effects`] means.
fn effect(value: &str) -> Option<Effect> {
    let seconds = |text: &str| text.parse().ok().map(Duration::from_secs);
    let retry_after = None;
    match value.split_once(':').unwrap_or((value, "")) {
        ("error", _) => {
            let spec = ERRORS.iter().find(|spec| error_value(spec) == value)?;
            Some(Effect::Error { spec, retry_after })
        }
        ("late", text) => seconds(text).map(|wait| Effect::Latency(Latency::Fixed(wait))),
        ("stale", text) => seconds(text).map(Effect::Stale),
        ("drop", "") => Some(Effect::Drop),
        ("slow", text) => text.parse::<NonZeroU32>().ok().map(Effect::SlowBody),
        ("oauth", error) => {
            let failure = OAuthFailure::find(error)?;
            Some(Effect::OAuth {
                failure,
                retry_after,
            })
        }
        _ => None,
    }
}

/// The rule that a form asks for; about cars of `application` only.
///
/// # Errors
/// [`NoSuchFault`]: the form was not ours.
pub(crate) fn rule(form: &Pairs, application: ApplicationId) -> Result<Rule, NoSuchFault> {
    let effect = form.get("effect").and_then(effect).ok_or(NoSuchFault)?;
    let wanted = form.get("call").unwrap_or("all");
    let mut calls = ALL_CALLS.iter().chain(&ONE_CALL);
    let call = calls.find(|call| call.value == wanted).ok_or(NoSuchFault)?;
    let vehicle = form
        .get("for")
        .map(str::parse)
        .transpose()
        .map_err(|_| NoSuchFault)?;
    let times = form
        .get("times")
        .map(str::parse)
        .transpose()
        .map_err(|_| NoSuchFault)?;
    // The token endpoint knows no car; whatever call the form names, only that one can fail so.
    let is_oauth = matches!(effect, Effect::OAuth { .. });
    let matches = Matcher {
        application: Some(application),
        vehicle: vehicle.filter(|_| !is_oauth),
        route: call.route.filter(|_| !is_oauth).map(str::to_owned),
        method: call.method.filter(|_| !is_oauth).map(str::to_owned),
    };
    Ok(Rule {
        matches,
        effect,
        after: 0,
        times,
        probability: 1.0,
        seed: None,
        from: None,
        until: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::Timestamp;
    use carport_model::fault::{Occasion, Room};

    fn subject() -> Subject {
        Subject {
            id: SimulationId::from_bytes([8; 16]),
            vehicle: VehicleId::from_bytes([9; 16]),
            name: "Commuter".to_owned(),
        }
    }

    fn application() -> ApplicationId {
        ApplicationId::from_bytes([1; 16])
    }

    fn ruled(form: &str) -> Result<Rule, NoSuchFault> {
        rule(&Pairs::parse(form).unwrap(), application())
    }

    #[test]
    fn everything_that_is_offered_can_be_had() {
        let panel = Panel::of(&Faults::default(), &[subject()], None);
        for choice in panel.effects.iter().flat_map(|group| &group.choices) {
            assert!(effect(&choice.value).is_some(), "{choice:?}");
        }
        for choice in panel.calls.iter().flat_map(|group| &group.choices) {
            assert!(
                ruled(&format!("effect=drop&call={}", choice.value)).is_ok(),
                "{choice:?}"
            );
        }
        let errors = panel.effects.iter().flat_map(|group| &group.choices);
        let errors = errors.filter(|choice| choice.value.starts_with("error:"));
        assert_eq!(errors.count(), ERRORS.len());
    }

    #[test]
    fn a_fault_is_told_until_it_is_used_up() {
        let faults = Faults::default();
        let vehicle = subject().vehicle;
        let form = format!("effect=error:VEHICLE_STATE/ASLEEP&call=reads&times=2&for={vehicle}");
        faults.add(ruled(&form).unwrap()).unwrap();
        let told = || {
            let row = &rows(&faults, &[subject()])[0];
            format!("{} {} {}", row.id, row.what, row.left)
        };
        assert_eq!(
            told(),
            "fault-1 Commuter: asleep for every read, 2 of 2 times left"
        );
        let occasion = Occasion {
            room: Room::Vehicles,
            application: Some(application()),
            vehicle: Some(vehicle),
            route: "/v2.0/vehicles/{id}/odometer",
            method: "GET",
            is_batch: false,
            now: Timestamp::default(),
        };
        assert!(faults.strike(&occasion).is_some());
        assert_eq!(
            told(),
            "fault-1 Commuter: asleep for every read, 1 of 2 times left"
        );
        assert!(faults.strike(&occasion).is_some());
        assert_eq!(told(), "fault-1 Commuter: asleep for every read, used up");
        assert!(faults.strike(&occasion).is_none());
        let unknown = &rows(&faults, &[])[0];
        assert!(unknown.what.starts_with("One car: "));
    }

    #[test]
    fn faults_of_tokens_are_about_no_car() {
        let vehicle = subject().vehicle;
        let form = format!("effect=oauth:invalid_grant&call=odometer&for={vehicle}");
        let rule = ruled(&form).unwrap();
        assert_eq!((rule.matches.vehicle, rule.matches.route), (None, None));
        assert_eq!(rule.times, None);
    }

    #[test]
    fn what_no_form_of_ours_says_is_refused() {
        for form in [
            "",
            "effect=error:VEHICLE_STATE/NO_SUCH",
            "effect=late:-1",
            "effect=slow:0",
            "effect=drop&call=nothing",
            "effect=drop&times=-3",
            "effect=drop&for=x",
        ] {
            assert_eq!(ruled(form), Err(NoSuchFault), "{form}");
        }
    }
}
