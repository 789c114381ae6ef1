//! `/dashboard/simulator/new`: making a car.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use carport_model::country::COUNTRIES;
use carport_model::simulation::Latency;
use carport_model::{ApplicationId, Powertrain};
use carport_simulator::control::{CarWish, ControlError, NewSimulation};
use carport_simulator::world::scenario::Scenario;
use carport_web::words::{called, filters, say, t};
use carport_web::{Page, Pairs};

use super::acts::{Ending, ended};
use super::faults::{Choice, Group};
use super::here::{Here, Links};
use super::scene;
use super::trouble::{Trouble, failed};
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::frame::{self, Frame};

#[derive(Template)]
#[template(path = "dashboard/simulator/new.html")]
struct NewPage {
    frame: Frame,
    csrf: String,
    here: Links,
    trouble: Option<Trouble>,
    kinds: Vec<Group>,
    countries: Vec<Choice>,
    scenarios: Vec<Choice>,
    name: String,
}

/// Shows the form.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let form = form(&dashboard, visitor, &pairs, None).await;
    form.unwrap_or_else(|error| failed(&error))
}

/// Makes the car.
pub(crate) async fn make(State(dashboard): State<Dashboard>, Editing(posted): Editing) -> Response {
    match made(&dashboard, &posted.fields).await {
        Ok(ending) => ended(&dashboard, posted, Ok(ending)).await,
        Err(error) => {
            let Some(trouble) = Trouble::of(&error) else {
                return failed(&error);
            };
            let form = form(&dashboard, posted.visitor, &posted.fields, Some(trouble)).await;
            form.unwrap_or_else(|error| failed(&error))
        }
    }
}

async fn made(dashboard: &Dashboard, form: &Pairs) -> Result<Ending, ControlError> {
    let here = Here::read(form);
    let owner = scene::owner(dashboard, &here).await?;
    let advice = t("There is no application yet. Make one with carport app create.");
    let owner = owner.ok_or_else(|| ControlError::refused("application", advice))?;
    let wish = form.get("kind").and_then(wish);
    let wish =
        wish.ok_or_else(|| ControlError::refused("kind", t("Choose a car from the list.")))?;
    let new = NewSimulation {
        application: owner,
        car: wish,
        name: form.get("name").map(str::to_owned),
        country: form.get("country").map(str::to_owned),
        city: None,
        scenario: form.get("scenario").map(str::to_owned),
        is_stateless: false,
        latency: Latency::Ideal,
        is_played: true,
    };
    let car = dashboard.simulations.create(new).await?;
    // The list may be searched for something else, or be on another page.
    Ok(Ending::Done(here.unchosen().at(car.id), Some("made"), ""))
}

/// What a choice of [`kinds`] means.
fn wish(kind: &str) -> Option<CarWish> {
    if let Ok(powertrain) = kind.parse::<Powertrain>() {
        return Some(CarWish::Powertrain {
            powertrain,
            make: None,
        });
    }
    let mut parts = kind.splitn(4, '|');
    let (make, year, powertrain) = (parts.next()?, parts.next()?, parts.next()?);
    Some(CarWish::Model {
        make: make.to_owned(),
        model: parts.next()?.to_owned(),
        // Of a model that is still made, the latest.
        year: if year.is_empty() {
            None
        } else {
            Some(year.parse().ok()?)
        },
        powertrain: Some(powertrain.parse().ok()?),
    })
}

async fn form(
    dashboard: &Dashboard,
    visitor: Visitor,
    sent: &Pairs,
    trouble: Option<Trouble>,
) -> Result<Response, ControlError> {
    let here = Here::read(sent);
    let owner = scene::owner(dashboard, &here).await?;
    let status = trouble.as_ref().map(|trouble| trouble.status);
    let title = if trouble.is_some() {
        t("Error: Add a car")
    } else {
        t("Add a car")
    };
    let page = NewPage {
        frame: Frame::of(title, frame::Here::Simulator, &visitor),
        csrf: visitor.csrf.clone(),
        here: here.links(),
        trouble,
        kinds: kinds(dashboard, sent.get("kind").unwrap_or("BEV")),
        countries: countries(sent.get("country").unwrap_or("US")),
        scenarios: scenarios(
            dashboard,
            owner,
            sent.get("scenario").unwrap_or("day-commute"),
        )
        .await?,
        name: sent.get("name").unwrap_or_default().to_owned(),
    };
    let mut page = Page::new(page).names_itself();
    if let Some(status) = status {
        page = page.status(status);
    }
    Ok(visitor.give(page))
}

fn chosen(choice: Choice, value: &str) -> Choice {
    Choice {
        chosen: choice.value == value,
        ..choice
    }
}

/// The cars there are: any of a powertrain, then the models of each brand.
fn kinds(dashboard: &Dashboard, value: &str) -> Vec<Group> {
    let any = [
        (Powertrain::Bev, t("Any battery car")),
        (Powertrain::Phev, t("Any plug-in hybrid")),
        (Powertrain::Hev, t("Any hybrid without a plug")),
        (Powertrain::Ice, t("Any car with an engine only")),
    ];
    let any = any.map(|(powertrain, text)| chosen(Choice::of(powertrain.as_str(), text), value));
    let mut makes: BTreeMap<String, Vec<Choice>> = BTreeMap::new();
    for profile in dashboard.simulations.world().profiles() {
        let Some(brand) = profile
            .make
            .as_ref()
            .and_then(|make| dashboard.brands.get(make))
        else {
            continue;
        };
        let (years, powertrain) = (profile.years, profile.powertrain);
        let last = years.last.map(|last| last.to_string()).unwrap_or_default();
        let kind = format!("{}|{last}|{powertrain}|{}", brand.id, profile.model);
        let text = if last.is_empty() {
            t("{model} ({powertrain}, {first} to today)")
                .with("model", &profile.model)
                .with("powertrain", powertrain)
                .with("first", years.first)
                .plain()
        } else {
            t("{model} ({powertrain}, {first} to {last})")
                .with("model", &profile.model)
                .with("powertrain", powertrain)
                .with("first", years.first)
                .with("last", &last)
                .plain()
        };
        let choices = makes.entry(brand.name.clone()).or_default();
        choices.push(chosen(Choice::of(kind, text), value));
    }
    let makes = makes
        .into_iter()
        .map(|(label, choices)| Group { label, choices });
    let any = Group {
        label: t("Whatever is moved by").plain(),
        choices: any.into(),
    };
    std::iter::once(any).chain(makes).collect()
}

fn countries(value: &str) -> Vec<Choice> {
    let choices = COUNTRIES.iter();
    let mut choices: Vec<Choice> = choices
        .map(|country| chosen(Choice::of(country.code, say(country.name)), value))
        .collect();
    choices.sort_by(|one, other| one.text.cmp(&other.text));
    choices
}

/// The trips that ship with Carport, and the application's own.
async fn scenarios(
    dashboard: &Dashboard,
    owner: Option<ApplicationId>,
    value: &str,
) -> Result<Vec<Choice>, ControlError> {
    let Some(owner) = owner else {
        return Ok(Vec::new());
    };
    let scenarios = dashboard.simulations.scenarios(owner).await?.into_iter();
    let choice = |scenario: &Scenario| {
        let text = format!("{}: {}", called(&scenario.name), called(&scenario.about));
        chosen(Choice::of(&*scenario.id, text), value)
    };
    Ok(scenarios.map(|(scenario, _)| choice(&scenario)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_read_back() {
        assert!(matches!(wish("ICE"), Some(CarWish::Powertrain { .. })));
        let Some(CarWish::Model {
            make,
            model,
            year,
            powertrain,
        }) = wish("KIA|2022|BEV|EV6 | GT")
        else {
            panic!("a model")
        };
        assert_eq!((make.as_str(), model.as_str()), ("KIA", "EV6 | GT"));
        assert_eq!((year, powertrain), (Some(2022), Some(Powertrain::Bev)));
        assert!(matches!(
            wish("KIA||BEV|EV6"),
            Some(CarWish::Model { year: None, .. })
        ));
        for wrong in ["", "KIA", "KIA|x|BEV|EV6", "KIA|2022|STEAM|EV6"] {
            assert_eq!(wish(wrong), None, "{wrong}");
        }
    }
}
