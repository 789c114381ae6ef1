//! The choice of a battery: what the brand does not tell, the owner may know.
//! Source: contract rest-v2, 2.11.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::SignalValue;
use carport_model::reading::{BatteryCapacity, CapacityChoice};
use carport_model::run::event::Event;
use carport_model::run::{Decision, Outcome, Step};
use carport_model::signal::traction_battery::NOMINAL_CAPACITY;
use carport_store::run_steps::{self, RunStep};
use carport_store::{Tx, connect_runs, held_values};
use carport_web::Pairs;
use carport_web::words::{filters, t};

use crate::flow::{Ending, Walk};
use crate::frame::{Frame, Note, wrong};
use crate::grant;
use crate::problem::ConnectError;
use crate::redirect::{Answer, Failure};
use crate::subject::Subject;
use crate::visit::{LastPosted, Visit};

#[derive(Template)]
#[template(path = "connect/capacity.html")]
struct CapacityPage {
    frame: Frame,
    car: String,
    trouble: Option<Note>,
    choices: Vec<ChoiceView>,
}

struct ChoiceView {
    number: usize,
    value: String,
    capacity: String,
    description: String,
    checked: bool,
}

/// Shows what cars of this model have, and what was chosen before.
pub(crate) async fn get_capacity(visit: Visit) -> Result<Response, ConnectError> {
    if let Some(instead) = visit.turned_away(Step::Capacity) {
        return Ok(instead);
    }
    let subject = subject(&visit)?;
    let vehicle = subject.vehicle.id;
    let held = visit
        .walk
        .services
        .store
        .read(async move |tx: &mut Tx<'_>| {
            Ok::<_, ConnectError>(held_values::of(tx, vehicle).await?)
        });
    let held = held.await?;
    let chosen = match held.get(NOMINAL_CAPACITY).map(|held| &held.value) {
        Some(SignalValue::Capacity(known)) => known.nominal,
        _ => None,
    };
    let mut candidates = subject.vehicle.car.capacities.iter();
    let chosen = candidates.find(|choice| Some(choice.capacity) == chosen);
    let chosen = chosen.map(value_of);
    Ok(page(&visit, subject, chosen.as_deref(), None))
}

/// Keeps the choice, or goes back without one.
pub(crate) async fn choose_capacity(
    LastPosted { visit, form }: LastPosted,
) -> Result<Response, ConnectError> {
    visit.once(chosen(&visit, &form)).await
}

async fn chosen(visit: &Visit, form: &Pairs) -> Result<Response, ConnectError> {
    if let Some(instead) = visit.turned_away(Step::Capacity) {
        return Ok(instead);
    }
    let subject = subject(visit)?;
    let sent = form.get("capacity").unwrap_or_default();
    let candidates = &subject.vehicle.car.capacities;
    let choice = candidates.iter().find(|choice| value_of(choice) == sent);
    let ending = match (form.get("decision"), choice) {
        (Some("unknown"), _) => visit.walk.fail(&Failure::NoCapacity).await?,
        (Some("choose"), Some(choice)) => visit.walk.choose_capacity(subject, choice).await?,
        _ => {
            let nothing = Note::new(
                t("Nothing is chosen."),
                t("Choose a battery, or “I do not know”."),
            );
            return Ok(page(visit, subject, None, Some(nothing)));
        }
    };
    Ok(visit.ends(ending))
}

fn subject(visit: &Visit) -> Result<&Subject, ConnectError> {
    visit.walk.subject.as_ref().ok_or(ConnectError::NoRun)
}

fn page(
    visit: &Visit,
    subject: &Subject,
    checked: Option<&str>,
    trouble: Option<Note>,
) -> Response {
    let title = t("Which battery does your car have?");
    let (title, status) = match trouble {
        Some(_) => (wrong(title), StatusCode::UNPROCESSABLE_ENTITY),
        None => (title.plain(), StatusCode::OK),
    };
    let choices = subject.vehicle.car.capacities.iter().zip(1..);
    let page = CapacityPage {
        frame: visit.frame(title, None),
        car: grant::name_of(&visit.walk, &subject.vehicle.car),
        trouble,
        choices: choices
            .map(|(choice, number)| {
                let value = value_of(choice);
                ChoiceView {
                    number,
                    capacity: t("{capacity} kWh")
                        .with("capacity", choice.capacity)
                        .plain(),
                    description: plain(choice.description.as_deref().unwrap_or_default()),
                    checked: checked == Some(value.as_str()),
                    value,
                }
            })
            .collect(),
    };
    Visit::show(status, page)
}

/// Tells a candidate from the others, also when the list changes under an open page.
fn value_of(choice: &CapacityChoice) -> String {
    let description = choice.description.as_deref().unwrap_or_default();
    format!("{} {description}", choice.capacity)
}

/// `BEV:Long Range` in words: "Long Range, electric". What has another form stays as it is.
fn plain(description: &str) -> String {
    let Some((engine, trim)) = description.split_once(':') else {
        return description.to_owned();
    };
    let engine = match engine {
        "BEV" => t("electric").plain(),
        "PHEV" => t("plug-in hybrid").plain(),
        "HEV" => t("hybrid").plain(),
        other => other.to_owned(),
    };
    match trim.trim() {
        "" => engine,
        trim => format!("{trim}, {engine}"),
    }
}

impl Walk {
    /// Ends the run with the owner's choice, which is what reads of the vehicle show from now on.
    async fn choose_capacity(
        &self,
        subject: &Subject,
        choice: &CapacityChoice,
    ) -> Result<Ending, ConnectError> {
        let (run, vehicle) = (self.run.id, subject.vehicle.id);
        let (progress, now) = (self.over(), self.services.now());
        let capacity = choice.capacity.to_string();
        let outcome = Outcome {
            form: self.form.clone(),
            decision: Decision::CapacityChosen {
                capacity: capacity.clone(),
            },
        };
        let known = SignalValue::Capacity(BatteryCapacity {
            nominal: Some(choice.capacity),
            is_chosen: true,
            candidates: subject.vehicle.car.capacities.clone(),
        });
        let values = [(NOMINAL_CAPACITY, known)];
        let told = RunStep {
            at: now,
            event: Event::CapacityChosen,
            detail: None,
        };
        let unit = async move |tx: &mut Tx<'_>| {
            if !connect_runs::complete(tx, run, &progress, now).await? {
                return Err(ConnectError::Over);
            }
            held_values::put(tx, vehicle, &values, now).await?;
            connect_runs::keep_outcome(tx, run, &outcome).await?;
            Ok(run_steps::add(tx, run, &told).await?)
        };
        self.services.store.write(unit).await?;
        Ok(self.ending(self.capacity_chosen(&capacity)))
    }

    /// What goes back with a choice.
    pub(crate) fn capacity_chosen(&self, capacity: &str) -> Answer {
        let request = &self.run.request;
        let vehicle = request.aim.vehicle().map(|vehicle| vehicle.to_string());
        let vehicle = vehicle.unwrap_or_default();
        Answer::capacity_chosen(&vehicle, request.state.as_deref(), capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_in_words() {
        for (written, words) in [
            ("BEV:Long Range", "Long Range, electric"),
            ("PHEV: Recharge T8", "Recharge T8, plug-in hybrid"),
            ("HEV:", "hybrid"),
            ("FCEV:Mirai: XLE", "Mirai: XLE, FCEV"),
            ("Long Range", "Long Range"),
            ("", ""),
        ] {
            assert_eq!(plain(written), words);
        }
    }
}
