//! One run: what the link asked, what the owner did, where it ended and why.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use carport_model::RunId;
use carport_model::run::{Aim, ConnectRequest, Decision, ResponseType};
use carport_store::connect_runs::{self, Run};
use carport_store::run_steps::{self, RunStep};
use carport_store::{StoreError, Tx};
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs};

use super::list::KEPT;
use super::words::{self, Standing};
use crate::Dashboard;
use crate::access::Visitor;
use crate::frame::{self, Frame};
use crate::refused::{no_storage, nothing_here};
use crate::when::{When, span};
use crate::whose::Whose;

#[derive(Template)]
#[template(path = "dashboard/runs/run.html")]
struct RunPage {
    frame: Frame,
    id: RunId,
    began: When,
    standing: Standing,
    /// What was wrong with the link.
    message: String,
    facts: Vec<(Text, String)>,
    user: Option<String>,
    steps: Vec<Step>,
    kept: String,
}

struct Step {
    class: &'static str,
    when: When,
    text: String,
    /// Since the step before.
    after: String,
}

/// Shows it.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    match page(&dashboard, &visitor, &id).await {
        Ok(Some(page)) => visitor.give(Page::new(page)),
        Ok(None) => nothing_here(t("There is no such run")).into_response(),
        Err(error) => no_storage(&error, t("The run")).into_response(),
    }
}

async fn page(
    dashboard: &Dashboard,
    visitor: &Visitor,
    id: &str,
) -> Result<Option<RunPage>, StoreError> {
    let Ok(id) = id.parse::<RunId>() else {
        return Ok(None);
    };
    let unit = async move |tx: &mut Tx<'_>| {
        let run = connect_runs::find(tx, id).await?;
        Ok::<_, StoreError>((run, run_steps::of(tx, id).await?))
    };
    let (run, steps) = dashboard.store.scan(unit).await?;
    let Some(run) = run.filter(|run| visitor.sees(run.request.application)) else {
        return Ok(None);
    };
    let whose = Whose::read(dashboard, visitor, &Pairs::default()).await?;
    let now = dashboard.clock.now();
    let ended = ended(&run);
    let user = match run.outcome.as_ref().map(|outcome| &outcome.decision) {
        Some(Decision::Granted { user, .. }) => Some(user.to_string()),
        _ => None,
    };
    Ok(Some(RunPage {
        frame: Frame::of(t("Connect run"), frame::Here::Runs, visitor),
        id,
        began: When::of(run.created_at, now),
        standing: words::standing(ended, run.completed_at, run.expires_at, now),
        message: message(&run),
        facts: facts(dashboard, &whose, &run),
        user,
        steps: shown(dashboard, &run, &steps),
        kept: When::of(run.expires_at.plus(KEPT), now).text,
    }))
}

fn ended(run: &Run) -> Option<&str> {
    Some(match &run.outcome.as_ref()?.decision {
        Decision::Granted { .. } => "granted",
        Decision::Reauthenticated { .. } => "reauthenticated",
        Decision::CapacityChosen { .. } => "capacity_chosen",
        Decision::Failed { code, .. } => code,
    })
}

fn message(run: &Run) -> String {
    let told = match run.outcome.as_ref().map(|outcome| &outcome.decision) {
        Some(Decision::Failed { error, .. }) => error.as_ref(),
        _ => run.progress.error.as_ref(),
    };
    told.map_or_else(String::new, |error| error.message.clone())
}

/// What the link asked for.
fn facts(dashboard: &Dashboard, whose: &Whose, run: &Run) -> Vec<(Text, String)> {
    let request: &ConnectRequest = &run.request;
    let mut facts = vec![
        (t("Application"), whose.name(request.application)),
        (t("Mode"), request.mode.as_str().to_owned()),
        (
            t("For"),
            match request.aim {
                Aim::Access => t("access to cars").plain(),
                Aim::Reauthentication(vehicle) => t("a new sign-in for vehicle {vehicle}")
                    .with("vehicle", vehicle)
                    .plain(),
                Aim::BatteryCapacity(vehicle) => t("the battery of vehicle {vehicle}")
                    .with("vehicle", vehicle)
                    .plain(),
            },
        ),
        (t("Scope"), request.scope.to_string()),
        (
            t("Answer"),
            match request.response_type {
                ResponseType::Code => t("a code").plain(),
                ResponseType::None => t("none").plain(),
                ResponseType::VehicleId => t("the vehicle's id").plain(),
            },
        ),
    ];
    facts.extend(
        request
            .redirect_uri
            .clone()
            .map(|uri| (t("Redirect URI"), uri)),
    );
    let brand = run.progress.brand.as_ref().or(request.make.as_ref());
    facts.extend(brand.map(|brand| (t("Brand"), words::brand(dashboard, brand.as_str()))));
    facts.extend(request.user.clone().map(|user| (t("Your user"), user)));
    if request.single_select {
        facts.push((t("One car"), t("yes").plain()));
    }
    facts
}

/// The steps; the one that the owner stands at is the current one.
fn shown(dashboard: &Dashboard, run: &Run, steps: &[RunStep]) -> Vec<Step> {
    let now = dashboard.clock.now();
    let mut before = None;
    let mut shown = Vec::with_capacity(steps.len());
    for step in steps {
        shown.push(Step {
            class: if words::is_trouble(step.event) {
                "failed"
            } else {
                "past"
            },
            when: When::of(step.at, now),
            text: words::step(dashboard, step),
            after: before.map_or_else(String::new, |at| {
                t("after {span}")
                    .with("span", span(step.at.since(at)))
                    .plain()
            }),
        });
        before = Some(step.at);
    }
    if run.completed_at.is_none() && run.expires_at > now {
        shown.push(Step {
            class: "",
            when: When::of(now, now),
            text: t("Stands at /connect/…/{path}")
                .with("path", run.progress.step.path())
                .plain(),
            after: String::new(),
        });
    }
    shown
}
