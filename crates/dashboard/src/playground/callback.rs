//! `/dashboard/try/callback` and the second step: what Connect sent back, and what it means.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::{Action, RunId};
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs};

use super::explain::{self, Told};
use super::runs::{Arrival, Run};
use super::steps::{Shown, Step};
use super::written::mask;
use super::{CALLBACK, PAGE};
use crate::Dashboard;
use crate::access::Visitor;
use crate::frame::{Frame, Here};

/// Parts of a request that are kept, and characters of each.
const MOST: usize = 24;
const LONGEST: usize = 500;

/// What each part means.
const MEANINGS: [(&str, Text); 16] = [
    (
        "code",
        t(
            "The authorization code: it works once, for ten minutes, and only with the client's own proof. Kept on the server, shown here by its beginning.",
        ),
    ),
    (
        "state",
        t(
            "What the link carried, unchanged. It is the one that this browser began with, so nobody slipped in an answer of their own.",
        ),
    ),
    ("user_id", t("The owner, as this application knows them.")),
    (
        "external_id",
        t("Your own name for the connection, from the link."),
    ),
    (
        "iss",
        t("Who sent it (RFC 9207): the server that the link led to."),
    ),
    ("vehicle_id", t("The vehicle that it is about.")),
    ("error", t("Why there is no code.")),
    ("error_description", t("The same as a sentence.")),
    ("error_message", t("What was wrong with the link.")),
    ("status_code", t("The status that the error page had.")),
    ("oauth_error", t("The error by its name in the standard.")),
    ("vin", t("The car that cannot be connected.")),
    ("make", t("Its make.")),
    ("model", t("Its model.")),
    ("year", t("Its model year.")),
    ("reason", t("What the owner was asked.")),
];

#[derive(Template)]
#[template(path = "dashboard/try/code.html")]
struct CodePage {
    frame: Frame,
    csrf: String,
    steps: Vec<Shown>,
    again: bool,
    name: String,
    request: String,
    parts: Vec<Part>,
    failure: Option<Told>,
    /// Where the exchange is sent; none when there is no code to exchange.
    exchange: Option<String>,
    /// The next page, when the code was exchanged before.
    next: Option<String>,
    to_start: String,
}

#[derive(Template)]
#[template(path = "dashboard/try/stray.html")]
struct StrayPage {
    frame: Frame,
    steps: Vec<Shown>,
    title: Text,
    lead: Text,
    request: String,
    parts: Vec<Part>,
}

/// A part of the request.
struct Part {
    name: String,
    value: String,
    meaning: Text,
}

/// Receives what Connect sends back. The code goes out of the address bar at once.
pub(crate) async fn receive(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    if let Err(forbidden) = visitor.may(Action::ModifyApplication) {
        return forbidden.into_response();
    }
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let code = pairs.get("code").filter(|_| pairs.get("error").is_none());
    let parts = kept(&pairs);
    let here = (&visitor.browser(), dashboard.clock.now());
    let state = pairs.get("state").unwrap_or_default();
    match dashboard.runs.arrive(here, state, code, parts.clone()) {
        Arrival::First(id) => Redirect::to(&format!("{PAGE}/runs/{id}")).into_response(),
        Arrival::Again(id) => Redirect::to(&format!("{PAGE}/runs/{id}?again=1")).into_response(),
        Arrival::Stray => {
            let page = StrayPage {
                frame: Frame::of(t("Error: Try it"), Here::Playground, &visitor),
                steps: Step::at_the_start(),
                title: t("Nobody waits for this answer"),
                lead: t(
                    "No run of this browser began with this state. It may be older than an hour, \
                     have begun in another browser or before the server was started anew, or the \
                     link was opened without the button.",
                ),
                request: request(&parts),
                parts: explained(&parts),
            };
            visitor.give(Page::new(page).status(StatusCode::BAD_REQUEST))
        }
    }
}

/// The parts as they are kept: without the code, and not without end.
fn kept(pairs: &Pairs) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for name in pairs.names().take(MOST) {
        if parts.iter().any(|(known, _)| known == name) {
            continue;
        }
        let value = pairs.get(name).unwrap_or_default();
        let value = match name {
            "code" => mask(value),
            _ => value.chars().take(LONGEST).collect(),
        };
        parts.push((name.chars().take(LONGEST).collect(), value));
    }
    parts
}

/// The request as it arrived.
fn request(parts: &[(String, String)]) -> String {
    let mut line = format!("GET {CALLBACK}");
    for (place, (name, value)) in parts.iter().enumerate() {
        let joint = if place == 0 { "?" } else { "\n    &" };
        line.push_str(&format!("{joint}{name}={value}"));
    }
    line
}

fn explained(parts: &[(String, String)]) -> Vec<Part> {
    let part = |(name, value): &(String, String)| {
        let meaning = MEANINGS.iter().find(|(known, _)| known == name);
        Part {
            name: name.clone(),
            value: value.clone(),
            meaning: meaning.map_or(t("Not known to this page."), |(_, meaning)| *meaning),
        }
    };
    parts.iter().map(part).collect()
}

/// Shows the second step.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let run = match held(&dashboard, &visitor, &id) {
        Ok(run) => run,
        Err(response) => return *response,
    };
    let Some(parts) = &run.arrived else {
        return Redirect::to(&run.asked.again).into_response();
    };
    let error = parts.iter().find(|(name, _)| name == "error");
    let failure = match (error, &run.code, &run.exchange) {
        (Some((_, code)), ..) => Some(explain::connect(code)),
        (None, None, None) => Some(Told {
            what: t("Connect sent no code.").plain(),
            then: t("Begin again.").plain(),
            docs: None,
        }),
        _ => None,
    };
    let title = if failure.is_some() {
        t("Error: Code")
    } else {
        t("Code")
    };
    let page = CodePage {
        frame: Frame::of(title, Here::Playground, &visitor).scripted(),
        csrf: visitor.csrf.clone(),
        steps: Step::Code.within(&run),
        again: query.is_some_and(|query| query.contains("again=1")),
        name: run.asked.name.clone(),
        request: request(parts),
        parts: explained(parts),
        failure,
        exchange: run.code.as_ref().map(|_| Step::Tokens.address(&run)),
        next: run.exchange.as_ref().map(|_| Step::Tokens.address(&run)),
        to_start: run.asked.again.clone(),
    };
    visitor.give(Page::new(page).names_itself().live())
}

/// The run of an address, or a page that says that it is over (in a box, because it is large).
pub(super) fn held(
    dashboard: &Dashboard,
    visitor: &Visitor,
    id: &str,
) -> Result<Run, Box<Response>> {
    let allowed = visitor.may(Action::ModifyApplication);
    allowed.map_err(|forbidden| Box::new(forbidden.into_response()))?;
    let id: Option<RunId> = id.parse().ok();
    let now = dashboard.clock.now();
    id.and_then(|id| dashboard.runs.find(id, &visitor.browser(), now))
        .filter(|run| visitor.sees(run.asked.application))
        .ok_or_else(|| Box::new(over(visitor)))
}

/// There is no such run, or none any more.
pub(super) fn over(visitor: &Visitor) -> Response {
    let page = StrayPage {
        frame: Frame::of(t("Error: Try it"), Here::Playground, visitor),
        steps: Step::at_the_start(),
        title: t("This run is over"),
        lead: t(
            "Runs are kept for an hour, for the browser that began them, until the server is \
             started anew.",
        ),
        request: String::new(),
        parts: Vec::new(),
    };
    Page::new(page)
        .status(StatusCode::NOT_FOUND)
        .into_response()
}
