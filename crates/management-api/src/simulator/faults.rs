//! Faults on demand: the rules of what goes wrong, made, shown and removed.

mod reading;
mod view;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use carport_model::fault::{Faults, RuleId, Standing};
use carport_model::{ApplicationId, Timestamp};
use carport_web::envelope::{ErrorBody, json_of};

use super::{Controller, Sent, SimulatorApi};
use crate::error::ManagementError;

pub use reading::Refused;
pub use view::{FaultEffect, FaultLatency, FaultMatch, FaultView, FaultViews, NewFault};

/// The rules of a server that takes some, and the routes that they may name.
#[derive(Clone)]
pub struct Switch {
    /// The rules.
    pub faults: Arc<Faults>,
    /// Patterns of the routes of the API, OAuth and Connect.
    pub routes: fn() -> &'static [String],
}

impl Switch {
    /// Adds a rule that was asked for.
    ///
    /// # Errors
    /// [`Refused`] names the field and says why.
    pub fn add(&self, new: &NewFault, now: Timestamp) -> Result<FaultView, Refused> {
        let rule = reading::rule(new, (self.routes)(), now)?;
        let added = self.faults.add(rule);
        let standing = added.map_err(|error| Refused::of("faults", error.to_string()))?;
        Ok(FaultView::of(&standing))
    }

    /// The rules that are about one application alone, or all.
    #[must_use]
    pub fn list(&self, of: Option<ApplicationId>) -> FaultViews {
        let standings = self.faults.list();
        let seen = standings.iter().filter(|standing| is_of(standing, of));
        FaultViews {
            faults: seen.map(FaultView::of).collect(),
        }
    }

    /// Removes such rules, or one of them; how many there were.
    #[must_use = "nothing may have been there"]
    pub fn remove(&self, of: Option<ApplicationId>, id: Option<RuleId>) -> usize {
        let is_meant =
            |standing: &Standing| is_of(standing, of) && id.is_none_or(|id| id == standing.id);
        self.faults.remove(is_meant).len()
    }
}

fn is_of(standing: &Standing, application: Option<ApplicationId>) -> bool {
    application.is_none() || standing.rule.matches.application == application
}

impl SimulatorApi {
    /// The rules, where there may be some.
    fn switch(&self) -> Result<&Switch, ManagementError> {
        let advice = "Faults on demand are off on this server. Its operator sets simulator.faults = true, or use a dev server.";
        let switch = self.switch.as_ref();
        switch.ok_or_else(|| ManagementError::forbidden("faults", advice))
    }
}

impl From<Refused> for ManagementError {
    fn from(refused: Refused) -> Self {
        Self::validation(refused.field, refused.reason)
    }
}

/// Adds a rule. That of an application is about its own requests.
///
/// # Errors
/// 401 or 403 as [`Controller`] says; 403 where faults are off; `VALIDATION` names the field that
/// is not as it must be.
#[utoipa::path(
    post,
    path = "/faults",
    summary = "Adds a rule: which requests go wrong, how, and how often.",
    description = "Answers that a rule had a part in carry sc-carport-fault with its id. The first rule with an answer of its own wins; latency, staleness, cut connections and slow bodies add up. Rules live in memory. Names of routes: /odometer, /vehicles/{id}/odometer, /v2.0/vehicles/{id}/odometer and /oauth/token are understood. In a batch, rules hit the reads; a rule for /batch hits the whole.",
    request_body = NewFault,
    responses(
        (status = 201, description = "The rule.", body = FaultView),
        (status = 400, description = "A field is not as it must be; detail names it.", body = ErrorBody),
        (status = 403, description = "Faults are off on this server, or a web page asks.", body = ErrorBody),
    ),
)]
pub async fn add_fault(
    State(api): State<SimulatorApi>,
    caller: Controller,
    Sent(mut new): Sent<NewFault>,
) -> Result<Response, ManagementError> {
    let switch = api.switch()?;
    if let Some(own) = caller.sees_only() {
        let named = new
            .matches
            .application
            .get_or_insert_with(|| own.to_string());
        if *named != own.to_string() {
            let advice = "Name the application whose management token you send, or none.";
            return Err(ManagementError::validation("match.application", advice));
        }
    }
    let view = switch.add(&new, api.clock.now())?;
    Ok((StatusCode::CREATED, json_of(&view)).into_response())
}

/// Lists the rules in the order in which they are asked: an application sees its own.
///
/// # Errors
/// As [`add_fault`], but for `VALIDATION`.
#[utoipa::path(
    get,
    path = "/faults",
    summary = "Lists the rules, in the order in which they are asked.",
    responses(
        (status = 200, description = "The rules, each with how often it was met and struck.", body = FaultViews),
        (status = 403, description = "Faults are off on this server, or a web page asks.", body = ErrorBody),
    ),
)]
pub async fn list_faults(
    State(api): State<SimulatorApi>,
    caller: Controller,
) -> Result<Response, ManagementError> {
    Ok(json_of(&api.switch()?.list(caller.sees_only())))
}

/// Shows one rule.
///
/// # Errors
/// As [`list_faults`]; 404 when there is no such rule.
#[utoipa::path(
    get,
    path = "/faults/{id}",
    summary = "Shows a rule, with how often it was met and struck.",
    params(("id" = String, Path, description = "Such as fault-1.")),
    responses(
        (status = 200, description = "The rule.", body = FaultView),
        (status = 404, description = "There is no such rule.", body = ErrorBody),
    ),
)]
pub async fn show_fault(
    State(api): State<SimulatorApi>,
    caller: Controller,
    Path(id): Path<String>,
) -> Result<Response, ManagementError> {
    let listed = api.switch()?.list(caller.sees_only());
    let found = listed.faults.iter().find(|view| view.id == id);
    Ok(json_of(found.ok_or_else(unknown)?))
}

/// Removes one rule.
///
/// # Errors
/// As [`show_fault`].
#[utoipa::path(
    delete,
    path = "/faults/{id}",
    summary = "Removes a rule.",
    params(("id" = String, Path, description = "Such as fault-1.")),
    responses(
        (status = 204, description = "It is removed."),
        (status = 404, description = "There is no such rule.", body = ErrorBody),
    ),
)]
pub async fn remove_fault(
    State(api): State<SimulatorApi>,
    caller: Controller,
    Path(id): Path<String>,
) -> Result<Response, ManagementError> {
    let switch = api.switch()?;
    let id = id.parse().map_err(|()| unknown())?;
    match switch.remove(caller.sees_only(), Some(id)) {
        0 => Err(unknown()),
        _ => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// Removes all rules; an application its own.
///
/// # Errors
/// As [`list_faults`].
#[utoipa::path(
    delete,
    path = "/faults",
    summary = "Removes all rules; an application removes its own.",
    responses((status = 204, description = "There are none any more.")),
)]
pub async fn clear_faults(
    State(api): State<SimulatorApi>,
    caller: Controller,
) -> Result<Response, ManagementError> {
    let _ = api.switch()?.remove(caller.sees_only(), None);
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn unknown() -> ManagementError {
    ManagementError::unknown(
        "id",
        "There is no such rule; GET /simulator/v1/faults lists them.",
    )
}
