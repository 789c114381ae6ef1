//! `GET /compatibility/matrix`: the models that can be connected. Source: contract rest-v2, 4.2.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use carport_model::{CarModel, Catalogue};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;

use super::query::{MatrixQuestion, Parameters};
use crate::VehicleApi;
use crate::client::ClientAccess;
use crate::v2::endpoint::{Parameter, json_of};
use crate::v2::error::V2Error;
use crate::v2::opened;

/// Its query.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::required("region", Type::String, "US, CA or EUROPE."),
    Parameter::optional("type", Type::String, "ICE, HEV, PHEV or BEV."),
    Parameter::optional("make", Type::String, "Makes, with a space between them."),
    Parameter::optional(
        "scope",
        Type::String,
        "Permissions, with a space between them, all of which a model must serve.",
    ),
    Parameter::optional("mode", Type::String, "test, simulated or live."),
];

/// Models by make; a make without any is not there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Matrix(BTreeMap<String, Vec<MatrixModel>>);

/// A model and what its cars serve.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatrixModel {
    /// Name of the model.
    pub model: String,
    /// First model year.
    pub start_year: i32,
    /// Last model year; the current one for a model that is still made.
    pub end_year: i32,
    /// `BEV`, `PHEV`, `HEV` or `ICE`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Names of what its cars serve.
    pub endpoints: Vec<&'static str>,
    /// Permissions that its cars serve.
    pub permissions: Vec<&'static str>,
}

/// Lists the models of a region.
///
/// # Errors
/// `AUTHENTICATION` without client id and secret; `VALIDATION` names the parameter that is wrong.
pub async fn get_compatibility_matrix(
    State(api): State<VehicleApi>,
    _: ClientAccess,
    query: Parameters,
) -> Result<Response, V2Error> {
    let question = MatrixQuestion::read(&query, &api.catalogue.brands)?;
    let year = api.clock.now().year();
    Ok(json_of(&matrix(&question, &api.catalogue, year)))
}

fn matrix(question: &MatrixQuestion, catalogue: &Catalogue, year: i32) -> Matrix {
    let mut makes: BTreeMap<String, Vec<MatrixModel>> = BTreeMap::new();
    for model in catalogue
        .models
        .iter()
        .filter(|model| asked(question, model))
    {
        let make = makes.entry(model.make.to_string()).or_default();
        make.push(view(model, year));
    }
    Matrix(makes)
}

fn asked(question: &MatrixQuestion, model: &CarModel) -> bool {
    model.regions.contains(&question.region)
        && question
            .powertrain
            .is_none_or(|asked| asked == model.powertrain)
        && (question.makes.is_empty() || question.makes.contains(&model.make))
        && question.scope.is_subset_of(&model.permissions)
}

fn view(model: &CarModel, year: i32) -> MatrixModel {
    let permissions = model.permissions.as_slice().iter();
    let openings = permissions
        .clone()
        .map(|permission| opened::by(*permission));
    let own = |opening: &&opened::Opening| {
        let mut endpoints = opening.endpoints.iter();
        endpoints.any(|endpoint| endpoint.is_of(Some(&model.make)))
    };
    MatrixModel {
        model: model.name.clone(),
        start_year: model.years.first,
        end_year: model.years.last.unwrap_or(year.max(model.years.first)),
        kind: model.powertrain.as_str(),
        endpoints: openings.filter(own).map(|opening| opening.name).collect(),
        permissions: permissions.map(|permission| permission.name()).collect(),
    }
}
