//! Scenarios: those that Carport brings, and the application's own.

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use carport_model::ApplicationId;
use carport_simulator::world::scenario::Scenario;
use carport_web::envelope::{ErrorBody, json_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cars::application;
use super::paging::in_path;
use super::{Controller, Sent, SimulatorApi};
use crate::error::ManagementError;
use crate::query;

/// A scenario that is to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScenario {
    /// Whose it is to be; the caller's when absent.
    #[serde(default)]
    application: Option<String>,
    /// The scenario as TOML.
    text: String,
}

/// Scenarios.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ScenariosView {
    /// Those that Carport brings, then the application's own, the oldest first.
    pub scenarios: Vec<ScenarioView>,
}

/// A scenario.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioView {
    /// What cars name it by.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What happens, in a sentence.
    pub about: String,
    /// Whether it begins anew when it ends.
    pub repeats: bool,
    /// The names of its stages, in order.
    pub stages: Vec<String>,
    /// Whether it is the application's own.
    pub is_own: bool,
    /// TOML; of the application's own, shown alone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
}

impl ScenarioView {
    /// As Carport brings it, or as it was read of the application's own.
    #[must_use]
    pub fn of(scenario: &Scenario, is_own: bool) -> Self {
        Self {
            id: scenario.id.to_string(),
            name: scenario.name.clone(),
            about: scenario.about.clone(),
            repeats: scenario.repeats,
            stages: scenario
                .stages
                .iter()
                .map(|stage| stage.name.clone())
                .collect(),
            is_own,
            text: None,
        }
    }
}

/// A scenario in a path, and the application for which it is asked for.
#[derive(Debug, Clone)]
pub struct ScenarioInPath(ApplicationId, String);

impl FromRequestParts<SimulatorApi> for ScenarioInPath {
    type Rejection = ManagementError;

    async fn from_request_parts(
        parts: &mut Parts,
        api: &SimulatorApi,
    ) -> Result<Self, ManagementError> {
        let Whose(application) = Whose::from_request_parts(parts, api).await?;
        Ok(Self(application, in_path(parts, api, "id").await?))
    }
}

/// The application whose things are asked for: the one the query names, or the caller's.
#[derive(Debug, Clone, Copy)]
pub struct Whose(ApplicationId);

impl FromRequestParts<SimulatorApi> for Whose {
    type Rejection = ManagementError;

    async fn from_request_parts(
        parts: &mut Parts,
        api: &SimulatorApi,
    ) -> Result<Self, ManagementError> {
        let caller = Controller::from_request_parts(parts, api).await?;
        let sent = query::pairs(parts)?;
        let named = application(query::one(&sent, "application")?)?;
        caller.acts_for(named).map(Self)
    }
}

/// Lists scenarios.
///
/// # Errors
/// 401 or 403 as [`Controller`] says.
#[utoipa::path(
    get,
    path = "/scenarios",
    summary = "Lists what simulated cars can live through.",
    params(("application" = Option<String>, Query, description = "Whose own ones too; the caller's when absent.")),
    responses(
        (status = 200, description = "The scenarios.", body = ScenariosView),
        (status = 400, description = "A parameter is not as it must be; detail names it.", body = ErrorBody),
    ),
)]
pub async fn list_scenarios(
    State(api): State<SimulatorApi>,
    Whose(application): Whose,
) -> Result<Response, ManagementError> {
    let scenarios = api.cars.simulations.scenarios(application).await?;
    let views = scenarios
        .iter()
        .map(|(scenario, own)| ScenarioView::of(scenario, own.is_some()));
    let scenarios = views.collect();
    Ok(json_of(&ScenariosView { scenarios }))
}

/// Adds a scenario.
///
/// # Errors
/// 401 or 403 as [`Controller`] says; 400 with line and column of the first mistake; 409 when there
/// is one of this id.
#[utoipa::path(
    post,
    path = "/scenarios",
    summary = "Adds a scenario of the application's own.",
    request_body = NewScenario,
    responses(
        (status = 201, description = "The scenario.", body = ScenarioView),
        (status = 400, description = "It is no scenario; detail tells line, column and reason.", body = ErrorBody),
        (status = 409, description = "There is one of this id.", body = ErrorBody),
    ),
)]
pub async fn add_scenario(
    State(api): State<SimulatorApi>,
    caller: Controller,
    Sent(new): Sent<NewScenario>,
) -> Result<Response, ManagementError> {
    let application = caller.acts_for(application(new.application.as_deref())?)?;
    let added = api
        .cars
        .simulations
        .add_scenario(application, new.text)
        .await?;
    let view = view(&api, application, &added.id).await?;
    Ok((StatusCode::CREATED, json_of(&view)).into_response())
}

/// Shows a scenario.
///
/// # Errors
/// 401 or 403 as [`Controller`] says; 404.
#[utoipa::path(
    get,
    path = "/scenarios/{id}",
    summary = "Shows a scenario.",
    params(
        ("id" = String, Path, description = "Its id."),
        ("application" = Option<String>, Query, description = "Whose; the caller's when absent."),
    ),
    responses(
        (status = 200, description = "The scenario, with its text if it is the application's own.", body = ScenarioView),
        (status = 400, description = "A parameter is not as it must be; detail names it.", body = ErrorBody),
        (status = 404, description = "There is no such scenario.", body = ErrorBody),
    ),
)]
pub async fn show_scenario(
    State(api): State<SimulatorApi>,
    ScenarioInPath(application, id): ScenarioInPath,
) -> Result<Response, ManagementError> {
    Ok(json_of(&view(&api, application, &id).await?))
}

/// Deletes a scenario.
///
/// # Errors
/// As [`show_scenario`]; 409 while cars follow it.
#[utoipa::path(
    delete,
    path = "/scenarios/{id}",
    summary = "Deletes a scenario of the application's own.",
    params(
        ("id" = String, Path, description = "Its id."),
        ("application" = Option<String>, Query, description = "Whose; the caller's when absent."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 400, description = "A parameter is not as it must be; detail names it.", body = ErrorBody),
        (status = 404, description = "The application has no such scenario.", body = ErrorBody),
        (status = 409, description = "Cars follow it.", body = ErrorBody),
    ),
)]
pub async fn delete_scenario(
    State(api): State<SimulatorApi>,
    ScenarioInPath(application, id): ScenarioInPath,
) -> Result<StatusCode, ManagementError> {
    let deleted = api.cars.simulations.delete_scenario(application, &id).await;
    deleted.map(|()| StatusCode::NO_CONTENT).map_err(Into::into)
}

async fn view(
    api: &SimulatorApi,
    application: ApplicationId,
    id: &str,
) -> Result<ScenarioView, ManagementError> {
    let scenarios = api.cars.simulations.scenarios(application).await?;
    let found = scenarios
        .into_iter()
        .find(|(scenario, _)| *scenario.id == *id);
    let (scenario, own) = found.ok_or_else(|| {
        ManagementError::unknown(
            "id",
            "There is no such scenario. The list names those there are.",
        )
    })?;
    Ok(ScenarioView {
        text: own.as_ref().map(|own| own.text.clone()),
        ..ScenarioView::of(&scenario, own.is_some())
    })
}
