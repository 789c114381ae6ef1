//! `carport fault`: what goes wrong on demand.

use anyhow::{Context as _, bail};
use carport_management_api::simulator::faults::{
    FaultEffect, FaultLatency, FaultMatch, FaultView, FaultViews, NewFault,
};
use serde_json::Value;

use super::configure;
use crate::admin::{self, FaultRequest, Request};
use crate::cli::{AddFault, Fault, FaultKind, Global};

/// Carries the subcommand out.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: Fault) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let ask = async |fault: FaultRequest| {
        let request = Request::Fault { fault };
        admin::carry_out(&config, &request).await
    };
    match args {
        Fault::Add(add) => {
            let json = add.json;
            let answer = ask(FaultRequest::Add(Box::new(add.rule()?))).await?;
            if json {
                println!("{answer}");
                return Ok(());
            }
            let view: FaultView = understood(answer)?;
            println!("{}", view.id);
        }
        Fault::List { json } => list(ask(FaultRequest::List).await?, json)?,
        Fault::Remove { id } => drop(ask(FaultRequest::Remove { id }).await?),
        Fault::Clear => drop(ask(FaultRequest::Clear).await?),
    }
    Ok(())
}

fn list(answer: Value, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{answer}");
        return Ok(());
    }
    let views: FaultViews = understood(answer)?;
    if views.faults.is_empty() {
        eprintln!("Nothing goes wrong on demand. Add a rule with `carport fault add`.");
    }
    for view in views.faults {
        let effect = in_words(&serde_json::to_value(&view.fault.effect)?);
        let matches = match in_words(&serde_json::to_value(&view.fault.matches)?) {
            nothing if nothing.is_empty() => "every call".to_owned(),
            matches => matches,
        };
        println!(
            "{}  {effect}  ({matches})  struck {} of {} calls",
            view.id, view.struck, view.met
        );
    }
    Ok(())
}

/// A flat object as `error, type UPSTREAM, code NO_RESPONSE`: its kind first, without the word.
fn in_words(object: &Value) -> String {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let members = object.as_object().into_iter().flatten();
    let (kind, others): (Vec<_>, Vec<_>) = members
        .filter(|(_, value)| !value.is_null())
        .partition(|(name, _)| *name == "kind");
    let kind = kind.into_iter().map(|(_, value)| text(value));
    let others = others
        .into_iter()
        .map(|(name, value)| format!("{name} {}", text(value)));
    kind.chain(others).collect::<Vec<_>>().join(", ")
}

fn understood<T: serde::de::DeserializeOwned>(answer: Value) -> anyhow::Result<T> {
    serde_json::from_value(answer).context("the server's answer is not understood")
}

impl AddFault {
    /// The rule that the flags describe; the server judges what they say.
    fn rule(self) -> anyhow::Result<NewFault> {
        Ok(NewFault {
            effect: self.kind.effect(self.retry_after)?,
            matches: FaultMatch {
                application: self.app,
                vehicle: self.vehicle,
                route: self.route,
                method: self.method,
            },
            after: self.after,
            times: self.times,
            probability: self.probability,
            seed: self.seed,
            from: self.from,
            until: self.until,
        })
    }
}

impl FaultKind {
    fn effect(self, retry_after: Option<String>) -> anyhow::Result<FaultEffect> {
        let retry_after = retry_after.map(Value::from);
        if let Some(error) = self.error {
            let (kind, code) = match error.split_once(['/', ':']) {
                Some((kind, code)) => (kind, Some(code.to_owned())),
                None => (error.as_str(), None),
            };
            return Ok(FaultEffect::Error {
                error_type: kind.to_owned(),
                code,
                retry_after,
            });
        }
        if let Some(error) = self.oauth {
            return Ok(FaultEffect::Oauth { error, retry_after });
        }
        if let Some(retry_after) = self.rate_limit {
            return Ok(FaultEffect::Error {
                error_type: "RATE_LIMIT".to_owned(),
                code: Some("VEHICLE".to_owned()),
                retry_after: Some(retry_after.into()),
            });
        }
        if let Some(wait) = self.latency {
            return latency(&wait);
        }
        if let Some(by) = self.stale {
            return Ok(FaultEffect::Stale { by: by.into() });
        }
        match self.slow_body {
            Some(bytes_per_second) => Ok(FaultEffect::SlowBody { bytes_per_second }),
            None => Ok(FaultEffect::Drop {}),
        }
    }
}

/// `2s`, `1s..3s`, `normal:2s,500ms` or `exponential:2s`.
fn latency(text: &str) -> anyhow::Result<FaultEffect> {
    let sent = |text: &str| Some(Value::from(text));
    let latency = if let Some((from, to)) = text.split_once("..") {
        FaultLatency {
            from: sent(from),
            to: sent(to),
            ..FaultLatency::named("uniform")
        }
    } else if let Some(rest) = text.strip_prefix("normal:") {
        let Some((mean, deviation)) = rest.split_once(',') else {
            bail!("--latency normal needs mean and deviation, such as normal:2s,500ms");
        };
        FaultLatency {
            mean: sent(mean),
            deviation: sent(deviation),
            ..FaultLatency::named("normal")
        }
    } else if let Some(mean) = text.strip_prefix("exponential:") {
        FaultLatency {
            mean: sent(mean),
            ..FaultLatency::named("exponential")
        }
    } else {
        FaultLatency {
            by: sent(text),
            ..FaultLatency::named("fixed")
        }
    };
    Ok(FaultEffect::Latency(Box::new(latency)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_listed_in_words() {
        let effect = serde_json::json!({"kind": "latency", "millis": 200, "jitter": null});
        assert_eq!(in_words(&effect), "latency, millis 200");
        let vehicle = serde_json::json!({"vehicle": "6040d010", "route": null});
        assert_eq!(in_words(&vehicle), "vehicle 6040d010");
        assert_eq!(in_words(&serde_json::json!({})), "");
    }
}
