//! What the buttons of the page do: each post acts and leads back to what was looked at.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::clock::Pace;
use carport_model::fault::RuleId;
use carport_model::simulation::Speed;
use carport_model::{ApplicationId, SimulationId};
use carport_simulator::control::{ControlError, StageName, Step};
use carport_simulator::time::Change;
use carport_web::Pairs;
use carport_web::words::{Text, t};

use super::here::Here;
use super::trouble::{Trouble, failed};
use super::{faults, page, scene};
use crate::Dashboard;
use crate::access::{Editing, Posted};

/// What a button advances the clock by.
const STEP: Duration = Duration::from_mins(15);

/// What can be said on the next page of what was done.
const TOASTS: [(&str, Text); 5] = [
    (
        "made",
        t("The car is there. Connect accepts its credentials."),
    ),
    ("deleted", t("The car is gone.")),
    (
        "fault",
        t("The fault is set. It strikes from the next call on."),
    ),
    ("stopped", t("The fault is off.")),
    (
        "advanced",
        t("The clock is 15 minutes ahead. All that fell due is done."),
    ),
];

/// The text of a `did`.
pub(crate) fn toast(did: &str) -> Option<Text> {
    let known = TOASTS.iter().find(|(name, _)| *name == did);
    known.map(|(_, text)| *text)
}

/// How a post ends.
pub(super) enum Ending {
    /// It was done: back to the page, at an element of it.
    Done(Here, Option<&'static str>, &'static str),
    /// It was not: the page says why.
    Refused(Here, Trouble),
}

impl Ending {
    fn done(here: Here, at: &'static str) -> Self {
        Self::Done(here, None, at)
    }

    fn said(here: Here, did: &'static str, at: &'static str) -> Self {
        Self::Done(here, Some(did), at)
    }

    fn refused(here: Here, then: impl Into<String>) -> Self {
        Self::Refused(here, Trouble::refused(then))
    }
}

/// `POST /dashboard/simulator/clock`.
pub(crate) async fn move_clock(
    State(dashboard): State<Dashboard>,
    Editing(posted): Editing,
) -> Response {
    let ending = clock_moved(&dashboard, &posted.fields).await;
    ended(&dashboard, posted, ending).await
}

async fn clock_moved(dashboard: &Dashboard, form: &Pairs) -> Result<Ending, ControlError> {
    let here = Here::read(form);
    let Some(time) = &dashboard.time else {
        return Ok(Ending::refused(
            here,
            t("Only the clock of a dev server can be moved."),
        ));
    };
    let pace = form.get("speed").map(str::parse::<Pace>);
    let change = match (form.get("do"), pace) {
        (_, Some(Ok(pace))) => Change::RunAt(pace),
        (Some("freeze"), _) => Change::Freeze,
        (Some("resume"), _) => Change::Resume,
        (Some("advance"), _) => Change::Advance(STEP),
        _ => {
            return Ok(Ending::refused(
                here,
                t("Choose one of the clock's buttons."),
            ));
        }
    };
    Ok(match time.change(change).await {
        Ok(_) if change == Change::Advance(STEP) => Ending::said(here, "advanced", ""),
        Ok(_) => Ending::done(here, ""),
        Err(refused) => Ending::refused(here, format!("{refused}.")),
    })
}

/// `POST /dashboard/simulator/cars/{id}/course`.
pub(crate) async fn steer(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let ending = steered(&dashboard, &id, &posted.fields).await;
    ended(&dashboard, posted, ending).await
}

async fn steered(dashboard: &Dashboard, id: &str, form: &Pairs) -> Result<Ending, ControlError> {
    let here = Here::read(form);
    let speed = form
        .get("speed")
        .and_then(|speed| speed.parse::<u32>().ok());
    let speed = speed.and_then(|speed| Speed::try_from(speed).ok());
    let step = match (form.get("do"), speed) {
        (_, Some(speed)) => Step::Speed(speed),
        (Some("play"), _) => Step::Play,
        (Some("pause"), _) => Step::Pause,
        (Some("restart"), _) => Step::Restart,
        _ => return Ok(Ending::refused(here, t("Choose one of the car's buttons."))),
    };
    take(dashboard, here, id, step).await
}

/// `POST /dashboard/simulator/cars/{id}/stage`.
pub(crate) async fn jump(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let here = Here::read(&posted.fields);
    let stage = posted
        .fields
        .get("stage")
        .and_then(|stage| stage.parse().ok());
    let ending = match stage {
        Some(stage) => take(&dashboard, here, &id, Step::Jump(StageName::Index(stage))).await,
        None => Ok(Ending::refused(
            here,
            t("Choose one of the stages of the trip."),
        )),
    };
    ended(&dashboard, posted, ending).await
}

async fn take(
    dashboard: &Dashboard,
    here: Here,
    id: &str,
    step: Step,
) -> Result<Ending, ControlError> {
    let (owner, id) = owned(dashboard, &here, id).await?;
    dashboard.simulations.steer(owner, id, vec![step]).await?;
    Ok(Ending::done(here.at(id), "trip"))
}

/// Whose car is meant, and which.
pub(super) async fn owned(
    dashboard: &Dashboard,
    here: &Here,
    id: &str,
) -> Result<(ApplicationId, SimulationId), ControlError> {
    let unknown = || ControlError::Unknown {
        field: "id",
        advice: t("Choose a car from the list.").into(),
    };
    let id = id.parse().map_err(|_| unknown())?;
    let owner = scene::owner(dashboard, here).await?;
    Ok((owner.ok_or_else(unknown)?, id))
}

/// `POST /dashboard/simulator/faults`.
pub(crate) async fn set_fault(
    State(dashboard): State<Dashboard>,
    Editing(posted): Editing,
) -> Response {
    let ending = fault_set(&dashboard, &posted.fields).await;
    ended(&dashboard, posted, ending).await
}

async fn fault_set(dashboard: &Dashboard, form: &Pairs) -> Result<Ending, ControlError> {
    let here = Here::read(form);
    let Some(faults_on_demand) = &dashboard.faults else {
        return Ok(Ending::refused(
            here,
            t("Set simulator.faults = true and start the server again."),
        ));
    };
    let Some(owner) = scene::owner(dashboard, &here).await? else {
        return Ok(Ending::refused(here, t("Make an application first.")));
    };
    let Ok(rule) = faults::rule(form, owner) else {
        return Ok(Ending::refused(
            here,
            t("Choose a fault, a call and how often from the lists."),
        ));
    };
    Ok(match faults_on_demand.add(rule) {
        Ok(_) => Ending::said(here, "fault", "faults"),
        Err(too_many) => Ending::refused(here, format!("{too_many}.")),
    })
}

/// `POST /dashboard/simulator/faults/stop`.
pub(crate) async fn stop_fault(
    State(dashboard): State<Dashboard>,
    Editing(posted): Editing,
) -> Response {
    let here = Here::read(&posted.fields);
    let id = posted
        .fields
        .get("fault")
        .and_then(|id| id.parse::<RuleId>().ok());
    if let (Some(faults), Some(id)) = (&dashboard.faults, id) {
        // One that is gone already is as good as stopped.
        faults.remove(|standing| standing.id == id);
    }
    ended(
        &dashboard,
        posted,
        Ok(Ending::said(here, "stopped", "faults")),
    )
    .await
}

/// Leads back, or shows the page with what went wrong.
pub(super) async fn ended(
    dashboard: &Dashboard,
    posted: Posted,
    ending: Result<Ending, ControlError>,
) -> Response {
    let here = Here::read(&posted.fields);
    let (here, trouble) = match ending {
        Ok(Ending::Done(here, did, at)) => return back(&here, did, at),
        Ok(Ending::Refused(here, trouble)) => (here, trouble),
        Err(error) => match Trouble::of(&error) {
            Some(trouble) => (here, trouble),
            None => return failed(&error),
        },
    };
    let shown = page::given(dashboard, posted.visitor, &here, None, Some(trouble)).await;
    shown.unwrap_or_else(|error| failed(&error))
}

fn back(here: &Here, did: Option<&'static str>, at: &str) -> Response {
    let did: Vec<(&str, &str)> = did.map(|did| ("did", did)).into_iter().collect();
    let mark = if at.is_empty() { "" } else { "#" };
    let address = format!("{}{mark}{at}", here.below("", &did));
    Redirect::to(&address).into_response()
}
