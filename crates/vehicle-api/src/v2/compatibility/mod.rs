//! `GET /compatibility`: what a car would serve, by its VIN. Source: contract rest-v2, 4.1.

mod answer;
pub mod matrix;
mod query;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use carport_model::Mode;
use carport_store::{StoreError, Tx, vehicles};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;

use super::endpoint::{Parameter, json_of};
use super::error::V2Error;
use crate::VehicleApi;
use crate::client::ClientAccess;
use crate::version::OldVersion;
pub use query::{Parameters, Question};

/// Whether a car can be connected, and which endpoints would answer for it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Compatibility {
    /// Whether its owner could connect it.
    pub compatible: bool,
    /// `MAKE_NOT_COMPATIBLE` or `VEHICLE_NOT_COMPATIBLE`; null for a compatible car.
    #[schema(required = true)]
    pub reason: Option<&'static str>,
    /// One entry for each endpoint that a permission of the scope opens, in the order of the scope;
    /// empty for a car that is not compatible, and outside the United States.
    pub capabilities: Vec<Capability>,
}

/// Whether one endpoint would answer.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Capability {
    /// Permission that opens the endpoint.
    pub permission: &'static str,
    /// Path below the vehicle.
    pub endpoint: &'static str,
    /// Whether the car serves it.
    pub capable: bool,
    /// `VEHICLE_NOT_CAPABLE` or `SMARTCAR_NOT_CAPABLE`; null when it does.
    #[schema(required = true)]
    pub reason: Option<&'static str>,
}

/// The answer of v1.0, which knows one member.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct CompatibilityV1 {
    /// Whether its owner could connect the car.
    pub compatible: bool,
}

impl Compatibility {
    /// The body of the same answer in v1.0.
    #[must_use]
    pub fn v1(&self) -> CompatibilityV1 {
        CompatibilityV1 {
            compatible: self.compatible,
        }
    }
}

/// Its query.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::required("vin", Type::String, "17 letters and digits."),
    Parameter::required(
        "scope",
        Type::String,
        "Permissions, with a space between them.",
    ),
    Parameter::optional(
        "country",
        Type::String,
        "Two letters (ISO 3166-1); US when it is not there.",
    ),
    Parameter::optional("mode", Type::String, "test, simulated or live."),
    Parameter::optional(
        "test_mode_compatibility_level",
        Type::String,
        "With mode=test: compatible, phev, incompatible, fuel, dinosaur or bev.",
    ),
];

/// Tells what a car would serve; v1.0 is told one member of it.
///
/// # Errors
/// `AUTHENTICATION` without client id and secret; `VALIDATION` names the parameter that is wrong.
pub async fn get_compatibility(
    State(api): State<VehicleApi>,
    client: ClientAccess,
    old: Option<Extension<OldVersion>>,
    query: Parameters,
) -> Result<Response, V2Error> {
    let answer = judge(&api, &client, &query).await?;
    Ok(match old {
        Some(_) => json_of(&answer.v1()),
        None => json_of(&answer),
    })
}

async fn judge(
    api: &VehicleApi,
    client: &ClientAccess,
    query: &Parameters,
) -> Result<Compatibility, V2Error> {
    let question = Question::read(query)?;
    let (application, vin) = (client.0.id, question.vin.clone());
    let mode = mode_of(&question);
    let known = api
        .store
        .read(async move |tx: &mut Tx<'_>| vehicles::find(tx, (application, mode), &vin).await)
        .await
        .map_err(|error: StoreError| V2Error::from(error))?;
    let latest_year = api.clock.now().year() + 1;
    Ok(answer::answer(
        &question,
        known.as_ref(),
        &api.catalogue,
        latest_year,
    ))
}

/// The mode in which the application may have connected the car: VINs of generated cars tell it.
fn mode_of(question: &Question) -> Mode {
    if question.vin.is_simulated() {
        Mode::Simulated
    } else if question.vin.is_mock() {
        Mode::Test
    } else {
        question.mode
    }
}

#[cfg(test)]
mod tests;
