//! The fifth step: anything that the API has, and then newer tokens and the end of the access.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs};

use super::callback::{held, over};
use super::controls::Choice;
use super::own_api::Endpoint;
use super::runs::{CallForm, Car, Last, Run, Tokens};
use super::steps::{Shown, Step};
use super::wire::{Came, Proof, Record, Sent};
use super::wish::Wish;
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::frame::{Frame, Here};

/// What is read first where it may be.
const FIRST: [&str; 2] = [
    "GET /v2.0/vehicles/{id}/odometer",
    "GET /v2.0/vehicles/{id}",
];
/// The longest body and query that are sent.
const LONGEST: usize = 8 * 1024;

#[derive(Template)]
#[template(path = "dashboard/try/calls.html")]
struct CallsPage {
    frame: Frame,
    csrf: String,
    steps: Vec<Shown>,
    vehicles: Vec<Choice>,
    groups: Vec<Group>,
    form: CallForm,
    hint: String,
    last: Option<Last>,
    /// Page one with the permission that was missing.
    to_ask: Option<(String, String)>,
    send: String,
    refresh: String,
    disconnect: String,
    to_start: String,
}

/// Endpoints under a heading.
struct Group {
    label: Text,
    choices: Vec<Choice>,
}

/// Shows the form and what was called last.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    let run = match held(&dashboard, &visitor, &id) {
        Ok(run) => run,
        Err(response) => return *response,
    };
    if run.cars.is_empty() {
        return Redirect::to(&Step::Vehicles.address(&run)).into_response();
    }
    let form = form(&dashboard, &run);
    let failed = run
        .last
        .as_ref()
        .is_some_and(|last| last.record.failure.is_some());
    let title = if failed {
        t("Error: A reading")
    } else {
        t("A reading")
    };
    let endpoint = find(&dashboard, &form.endpoint);
    let address = |path: &str| format!("{}/runs/{}/{path}", super::PAGE, run.id);
    let page = CallsPage {
        frame: Frame::of(title, Here::Playground, &visitor).scripted(),
        csrf: visitor.csrf.clone(),
        steps: Step::Reading.within(&run),
        vehicles: run
            .cars
            .iter()
            .map(|car| Choice::of(&car.id, &car.title, &form.vehicle))
            .collect(),
        groups: groups(&dashboard, &run, &form.endpoint),
        hint: endpoint.map(hint).unwrap_or_default(),
        to_ask: endpoint.and_then(|endpoint| to_ask(&run, endpoint)),
        form,
        send: address("calls"),
        refresh: address("refresh"),
        disconnect: address("disconnect"),
        to_start: run.asked.again,
        last: run.last,
    };
    visitor.give(Page::new(page).names_itself().live())
}

/// The form as it was filled in last, or as it is at first.
pub(super) fn form(dashboard: &Dashboard, run: &Run) -> CallForm {
    if let Some(last) = &run.last {
        return last.form.clone();
    }
    let mut first = FIRST.into_iter().filter_map(|name| find(dashboard, name));
    let endpoint = first.find(|endpoint| is_granted(run, endpoint));
    let endpoint = endpoint.or_else(|| find(dashboard, FIRST[1]));
    CallForm {
        endpoint: endpoint.map(Endpoint::name).unwrap_or_default(),
        vehicle: run
            .cars
            .first()
            .map(|car| car.id.clone())
            .unwrap_or_default(),
        ..CallForm::default()
    }
}

fn find(dashboard: &Dashboard, name: &str) -> Option<&'static Endpoint> {
    let all = (dashboard.own_api.endpoints)();
    all.iter().find(|endpoint| endpoint.name() == name)
}

fn is_granted(run: &Run, endpoint: &Endpoint) -> bool {
    let asked = run.asked.scope.permissions();
    endpoint
        .permission
        .is_none_or(|permission| asked.contains(permission))
}

/// Endpoints in the order of their use: what should work first.
fn groups(dashboard: &Dashboard, run: &Run, chosen: &str) -> Vec<Group> {
    const LABELS: [Text; 4] = [
        t("What this run asked for"),
        t("Not asked for: answered with an error"),
        t("Of other brands"),
        t("By the application itself"),
    ];
    let mut groups = LABELS.map(|label| Group {
        label,
        choices: Vec::new(),
    });
    let is_here = |make: &str| {
        run.cars
            .iter()
            .any(|car| car.make.eq_ignore_ascii_case(make))
    };
    for endpoint in (dashboard.own_api.endpoints)() {
        let place = if endpoint.by_client {
            3
        } else if endpoint.make.as_deref().is_some_and(|make| !is_here(make)) {
            2
        } else {
            usize::from(!is_granted(run, endpoint))
        };
        let choice = Choice::of(endpoint.name(), endpoint.name(), chosen);
        groups[place].choices.push(choice);
    }
    groups
        .into_iter()
        .filter(|group| !group.choices.is_empty())
        .collect()
}

/// What there is to say about an endpoint.
fn hint(endpoint: &Endpoint) -> String {
    let mut hint = endpoint.summary.clone();
    if !endpoint.query.is_empty() {
        hint.push(' ');
        let knows = t("Its query knows {names}.").with("names", endpoint.query.join(", "));
        hint.push_str(&knows.plain());
    }
    hint
}

/// Where the permission that an endpoint needs can be asked for, when this run did not.
fn to_ask(run: &Run, endpoint: &Endpoint) -> Option<(String, String)> {
    let permission = endpoint.permission.filter(|_| !is_granted(run, endpoint))?;
    let query = run
        .asked
        .again
        .split_once('?')
        .map_or("", |(_, query)| query);
    let wish = Wish::read(&Pairs::parse(query).ok()?);
    let scope = format!("{} {permission}", run.asked.scope);
    let wish = wish.asking(scope.parse().ok());
    Some((wish.address(), permission.to_string()))
}

/// Calls what was chosen.
pub(crate) async fn send(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let (run, tokens) = match with_tokens(&dashboard, &visitor, &id) {
        Ok(both) => both,
        Err(response) => return *response,
    };
    let mut form = read(&posted.fields);
    let Some(endpoint) = find(&dashboard, &form.endpoint) else {
        return Redirect::to(&Step::Reading.address(&run)).into_response();
    };
    // Nobody knows a body by heart: an empty form sends the example.
    if form.body.trim().is_empty() {
        form.body = endpoint.body.clone().unwrap_or_default();
    }
    let Some(car) = car(&run, &form) else {
        return Redirect::to(&Step::Reading.address(&run)).into_response();
    };
    let came = call(&dashboard, &run, &tokens, (endpoint, car, &form)).await;
    keep(
        &dashboard,
        &visitor,
        &run,
        endpoint.name(),
        form,
        came.record,
    )
}

/// Reads a form.
pub(super) fn read(fields: &Pairs) -> CallForm {
    let text = |name: &str| -> String {
        let text = fields.get(name).unwrap_or_default();
        text.chars().take(LONGEST).collect()
    };
    CallForm {
        endpoint: text("endpoint"),
        vehicle: text("vehicle"),
        imperial: fields.get("units") == Some("imperial"),
        query: text("query").trim().trim_start_matches('?').to_owned(),
        body: text("body"),
    }
}

/// The vehicle of a form: one of the run's own.
pub(super) fn car<'a>(run: &'a Run, form: &CallForm) -> Option<&'a Car> {
    run.cars.iter().find(|car| car.id == form.vehicle)
}

async fn call(
    dashboard: &Dashboard,
    run: &Run,
    tokens: &Tokens,
    (endpoint, car, form): (&Endpoint, &Car, &CallForm),
) -> Came {
    let mut path = endpoint.path.replace("{id}", &car.id);
    let query = Pairs::parse(&form.query).unwrap_or_default();
    if query.names().next().is_some() {
        let mut written = form_urlencoded::Serializer::new(String::new());
        for name in query.names() {
            written.append_pair(name, query.get(name).unwrap_or_default());
        }
        path = format!("{path}?{}", written.finish());
    }
    let proof = match &run.secret {
        Some(secret) if endpoint.by_client => {
            Proof::Client(run.asked.application.to_string(), secret.clone())
        }
        _ => Proof::Bearer(tokens.access.clone()),
    };
    let mut sent = Sent::new(endpoint.method.clone(), path, proof);
    if endpoint.units {
        sent = sent.units(if form.imperial { "imperial" } else { "metric" });
    }
    if endpoint.body.is_some() {
        sent = sent.json(form.body.clone());
    }
    let (api, url) = (&dashboard.own_api, &dashboard.public_url);
    sent.carry(api, url, |_| Vec::new()).await
}

/// A run that has tokens, or where it stands without.
pub(super) fn with_tokens(
    dashboard: &Dashboard,
    visitor: &Visitor,
    id: &str,
) -> Result<(Run, Tokens), Box<Response>> {
    let run = held(dashboard, visitor, id)?;
    match run.tokens.clone() {
        Some(tokens) => Ok((run, tokens)),
        None => Err(Box::new(
            Redirect::to(&Step::Tokens.address(&run)).into_response(),
        )),
    }
}

/// Keeps what was called and leads back to it.
pub(super) fn keep(
    dashboard: &Dashboard,
    visitor: &Visitor,
    run: &Run,
    title: String,
    form: CallForm,
    record: Record,
) -> Response {
    let last = Last {
        title,
        form,
        record,
    };
    let (browser, now) = (visitor.browser(), dashboard.clock.now());
    let kept = dashboard
        .runs
        .change(run.id, &browser, now, |run| run.last = Some(last));
    match kept {
        Some(()) => {
            let address = format!("{}#answer", Step::Reading.address(run));
            Redirect::to(&address).into_response()
        }
        None => over(visitor),
    }
}
