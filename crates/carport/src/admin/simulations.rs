//! Carries requests about simulated cars out.

use std::sync::Arc;
use std::time::Duration;

use carport_connect::Services;
use carport_connect::headless::{self, Consent};
use carport_management_api::simulator::Consents;
use carport_management_api::simulator::cars::NewCar;
use carport_management_api::simulator::consent::{Asked, Consented};
use carport_management_api::simulator::driving::Jump;
use carport_management_api::simulator::scenarios::ScenarioView;
use carport_management_api::simulator::view::{SignalsView, SimulationView};
use carport_model::{ApplicationId, Mode, Secret, Signal, SimulationId};
use carport_simulator::control::{ControlError, Step};
use carport_simulator::import::Format;
use carport_simulator::import::recording::record;
use carport_store::{StoreError, Tx, applications};
use serde_json::{Value, json};

use super::requests::{ReadyLine, ScenarioRequest, SimulationRequest};
use crate::server::Parts;

/// Cars of a page, where all are wanted.
const PAGE: usize = 100;

/// Connect, without its pages.
pub struct Consenting(pub Arc<Services>);

#[async_trait::async_trait]
impl Consents for Consenting {
    async fn consent(&self, asked: &Asked) -> Result<String, String> {
        let (user, password) = &asked.login;
        let consent = Consent {
            application: asked.application,
            brand: asked.brand.clone(),
            user: user.clone(),
            password: password.clone().map(Secret::new),
            country: asked.country.clone(),
            scope: asked.scope.clone(),
            mode: asked.mode,
            redirect_uri: asked.redirect_uri.clone(),
            state: asked.state.clone(),
        };
        let url = headless::consent(&self.0, &consent).await;
        url.map_err(|error| error.to_string())
    }
}

/// Consents for the owner of a simulated car.
pub(super) async fn connect(parts: &Parts, id: &str, scope: Option<&str>) -> Result<Value, String> {
    let (application, id) = own(parts, id).await?;
    let car = parts
        .simulations
        .find(application, id)
        .await
        .map_err(told)?;
    let asked = Asked {
        application,
        brand: car.car.make.to_string(),
        login: (car.username, Some(car.password)),
        country: Some(car.country),
        scope: scope.map(str::to_owned),
        mode: Mode::Simulated,
        state: None,
        redirect_uri: None,
    };
    let connect = Consenting(parts.connect.clone());
    let url = connect.consent(&asked).await?;
    Ok(json!(Consented::at(url)))
}

/// Carries a request about cars out.
pub(super) async fn carry_out(
    parts: &Parts,
    line: Option<&ReadyLine>,
    request: &SimulationRequest,
) -> Result<Value, String> {
    match request {
        SimulationRequest::Create { new } => create(parts, line, new).await,
        SimulationRequest::List { application } => {
            let application = usual(parts, line, application.as_deref()).await?;
            list(parts, application).await
        }
        SimulationRequest::Show { id } => show(parts, own(parts, id).await?).await,
        SimulationRequest::Signals { id } => {
            let (application, id) = own(parts, id).await?;
            let shown = parts
                .simulations
                .show(application, id)
                .await
                .map_err(told)?;
            Ok(json!(SignalsView::of(&shown)))
        }
        SimulationRequest::Play { id } => steer(parts, id, vec![Step::Play]).await,
        SimulationRequest::Pause { id } => steer(parts, id, vec![Step::Pause]).await,
        SimulationRequest::Restart { id } => steer(parts, id, vec![Step::Restart]).await,
        SimulationRequest::Jump { id, stage } => {
            let number = stage.parse::<u64>().map(Value::from);
            let stage = number.unwrap_or_else(|_| Value::from(stage.as_str()));
            let stage = Jump { stage }.stage().map_err(|error| error.to_string())?;
            steer(parts, id, vec![Step::Jump(stage)]).await
        }
        SimulationRequest::Change { id, change } => {
            let steps = change.clone().steps().map_err(|error| error.to_string())?;
            steer(parts, id, steps).await
        }
        SimulationRequest::Set { id, code, value } => {
            let (application, id) = own(parts, id).await?;
            // What is no JSON is a word.
            let sent = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            let set = parts
                .simulations
                .set(application, id, (signal(code)?, &sent));
            set.await.map_err(told)?;
            show(parts, (application, id)).await
        }
        SimulationRequest::Unset { id, code } => {
            let (application, id) = own(parts, id).await?;
            let removed = parts
                .simulations
                .unset(application, id, vec![signal(code)?]);
            let removed = removed.await.map_err(told)?;
            Ok(json!({ "unset": removed > 0 }))
        }
        SimulationRequest::Record { id, format, step } => {
            let (application, id) = own(parts, id).await?;
            let format = Format::of_name(&format!("day.{format}"));
            let format = format.ok_or("A day is recorded as csv, gpx or geojson.")?;
            let shown = parts
                .simulations
                .show(application, id)
                .await
                .map_err(told)?;
            let (journey, course) = (&shown.scene.journey, &shown.simulation.course);
            let text = record(journey, course, Duration::from_secs(*step), format);
            Ok(json!({ "text": text }))
        }
        SimulationRequest::Delete { id } => {
            let (application, own) = own(parts, id).await?;
            parts
                .simulations
                .delete(application, own)
                .await
                .map_err(told)?;
            Ok(json!({ "deleted": id }))
        }
        SimulationRequest::Scenario {
            application,
            scenario,
        } => {
            let application = usual(parts, line, application.as_deref()).await?;
            of_scenarios(parts, application, scenario).await
        }
    }
}

async fn create(parts: &Parts, line: Option<&ReadyLine>, new: &NewCar) -> Result<Value, String> {
    let application = usual(parts, line, new.application.as_deref()).await?;
    let wish = new.clone().wish(application);
    let wish = wish.map_err(|error| error.to_string())?;
    let made = parts.simulations.create(wish).await.map_err(told)?;
    show(parts, (application, made.id)).await
}

async fn list(parts: &Parts, application: ApplicationId) -> Result<Value, String> {
    let (mut views, mut after) = (Vec::new(), None);
    loop {
        let page = parts.simulations.list(application, after, PAGE).await;
        let (page, _) = page.map_err(|error| error.to_string())?;
        after = page.last().map(carport_store::simulations::Place::of);
        let is_last = page.len() < PAGE;
        for car in page {
            let shown = parts.simulations.show(application, car.id).await;
            views.push(SimulationView::of(&shown.map_err(told)?));
        }
        if is_last {
            return Ok(json!(views));
        }
    }
}

async fn show(
    parts: &Parts,
    (application, id): (ApplicationId, SimulationId),
) -> Result<Value, String> {
    let shown = parts
        .simulations
        .show(application, id)
        .await
        .map_err(told)?;
    Ok(json!(SimulationView::of(&shown)))
}

async fn steer(parts: &Parts, id: &str, steps: Vec<Step>) -> Result<Value, String> {
    let (application, id) = own(parts, id).await?;
    let steered = parts.simulations.steer(application, id, steps).await;
    steered.map_err(told)?;
    show(parts, (application, id)).await
}

async fn of_scenarios(
    parts: &Parts,
    application: ApplicationId,
    request: &ScenarioRequest,
) -> Result<Value, String> {
    let simulations = &parts.simulations;
    let views = async || {
        let scenarios = simulations.scenarios(application).await;
        let scenarios = scenarios.map_err(|error| error.to_string())?;
        let views = scenarios.into_iter().map(|(scenario, own)| ScenarioView {
            text: own.as_ref().map(|own| own.text.clone()),
            ..ScenarioView::of(&scenario, own.is_some())
        });
        Ok::<_, String>(views.collect::<Vec<_>>())
    };
    match request {
        ScenarioRequest::Add { text } => {
            let added = simulations.add_scenario(application, text.clone()).await;
            Ok(json!({ "id": added.map_err(told)?.id }))
        }
        ScenarioRequest::List => Ok(json!(views().await?)),
        ScenarioRequest::Show { id } => {
            let found = views().await?.into_iter().find(|view| view.id == *id);
            let found = found.ok_or("There is no such scenario; `carport simulation scenario list` names those there are.")?;
            Ok(json!(found))
        }
        ScenarioRequest::Delete { id } => {
            let deleted = simulations.delete_scenario(application, id).await;
            deleted.map_err(told)?;
            Ok(json!({ "deleted": id }))
        }
    }
}

/// The car of this id and the application it belongs to: whoever reaches this socket may control
/// all.
async fn own(parts: &Parts, id: &str) -> Result<(ApplicationId, SimulationId), String> {
    let unknown =
        "There is no such simulated car; `carport simulation list` names those there are.";
    let id: SimulationId = id.parse().map_err(|_| unknown.to_owned())?;
    let application = parts.simulations.application_of(id).await;
    let application = application.map_err(|error| error.to_string())?;
    Ok((application.ok_or(unknown)?, id))
}

/// The application that is named, or else that of a `dev` server, or the only one there is.
async fn usual(
    parts: &Parts,
    line: Option<&ReadyLine>,
    named: Option<&str>,
) -> Result<ApplicationId, String> {
    let no_id =
        || "An application is named by its client id; `carport app list` shows it.".to_owned();
    if let Some(named) = named {
        return named.parse().map_err(|_| no_id());
    }
    if let Some(application) = line.and_then(|line| line.application.as_ref()) {
        return application.id.parse().map_err(|_| no_id());
    }
    let listed = parts
        .store
        .scan(async |tx: &mut Tx<'_>| applications::list(tx).await)
        .await;
    let listed = listed.map_err(|error: StoreError| error.to_string())?;
    match listed.as_slice() {
        [only] => Ok(only.id),
        [] => Err("There is no application yet; make one with `carport app create`.".to_owned()),
        _ => Err("Say whose car it is with --app ID; `carport app list` shows the ids.".to_owned()),
    }
}

fn signal(code: &str) -> Result<Signal, String> {
    Signal::find(code).ok_or_else(|| {
        format!("There is no signal {code}; `carport simulation show ID --signals` names those of a car.")
    })
}

#[expect(clippy::needless_pass_by_value, reason = "shape of map_err")]
fn told(error: ControlError) -> String {
    error.to_string()
}
