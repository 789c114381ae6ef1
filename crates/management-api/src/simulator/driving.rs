//! Driving simulated cars: play, pause, restart, jump.

use axum::extract::State;
use axum::response::Response;
use carport_simulator::control::{ControlError, StageName, Step};
use carport_web::envelope::ErrorBody;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::cars::{OwnCar, steered};
use super::view::SimulationView;
use super::{Sent, SimulatorApi};
use crate::error::ManagementError;

/// Where to go on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Jump {
    /// A stage: its number from 0, or its name.
    #[schema(value_type = String, example = "Drive to work")]
    pub stage: Value,
}

impl Jump {
    /// The stage that is meant.
    ///
    /// # Errors
    /// [`ControlError::Refused`] for what is neither number nor name.
    pub fn stage(self) -> Result<StageName, ControlError> {
        let index = self
            .stage
            .as_u64()
            .and_then(|index| usize::try_from(index).ok());
        match (index, self.stage) {
            (Some(index), _) => Ok(StageName::Index(index)),
            (None, Value::String(name)) => Ok(StageName::Name(name)),
            (None, _) => {
                let advice = "Send the number of a stage, from 0, or its name.";
                Err(ControlError::refused("stage", advice))
            }
        }
    }
}

/// Lets the trip of a car begin or go on.
///
/// # Errors
/// 401 or 403 as [`Controller`](super::Controller) says; 404.
#[utoipa::path(
    post,
    path = "/simulations/{id}/play",
    summary = "Lets the trip begin, or go on.",
    params(("id" = String, Path, description = "Id of the car.")),
    responses(
        (status = 200, description = "The car.", body = SimulationView),
        (status = 404, description = "There is no such car.", body = ErrorBody),
    ),
)]
pub async fn play(
    State(api): State<SimulatorApi>,
    car: OwnCar,
) -> Result<Response, ManagementError> {
    steered(&api, car, vec![Step::Play]).await
}

/// Lets the trip of a car stand still.
///
/// # Errors
/// As [`play`].
#[utoipa::path(
    post,
    path = "/simulations/{id}/pause",
    summary = "Lets the trip stand still. A paused car keeps its values, and cannot be commanded.",
    params(("id" = String, Path, description = "Id of the car.")),
    responses(
        (status = 200, description = "The car.", body = SimulationView),
        (status = 404, description = "There is no such car.", body = ErrorBody),
    ),
)]
pub async fn pause(
    State(api): State<SimulatorApi>,
    car: OwnCar,
) -> Result<Response, ManagementError> {
    steered(&api, car, vec![Step::Pause]).await
}

/// Lets the trip of a car begin anew.
///
/// # Errors
/// As [`play`].
#[utoipa::path(
    post,
    path = "/simulations/{id}/restart",
    summary = "Lets the trip begin anew, and forgets what commands changed.",
    params(("id" = String, Path, description = "Id of the car.")),
    responses(
        (status = 200, description = "The car.", body = SimulationView),
        (status = 404, description = "There is no such car.", body = ErrorBody),
    ),
)]
pub async fn restart(
    State(api): State<SimulatorApi>,
    car: OwnCar,
) -> Result<Response, ManagementError> {
    steered(&api, car, vec![Step::Restart]).await
}

/// Lets the trip of a car go on elsewhere.
///
/// # Errors
/// As [`play`]; 400 for a stage that the trip has not.
#[utoipa::path(
    post,
    path = "/simulations/{id}/jump",
    summary = "Lets the trip go on from the beginning of a stage.",
    params(("id" = String, Path, description = "Id of the car.")),
    request_body = Jump,
    responses(
        (status = 200, description = "The car.", body = SimulationView),
        (status = 400, description = "The trip has no such stage; detail names those it has.", body = ErrorBody),
        (status = 404, description = "There is no such car.", body = ErrorBody),
    ),
)]
pub async fn jump(
    State(api): State<SimulatorApi>,
    car: OwnCar,
    Sent(jump): Sent<Jump>,
) -> Result<Response, ManagementError> {
    steered(&api, car, vec![Step::Jump(jump.stage()?)]).await
}
