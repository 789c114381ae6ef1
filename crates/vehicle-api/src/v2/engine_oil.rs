//! `GET /vehicles/{id}/engine/oil`. Source: contract rest-v2, 2.14.

use carport_connector::Fault;
use carport_model::Permission;
use carport_model::signal::internal_combustion_engine::OIL_LIFE;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/engine/oil",
    make: None,
    permission: Some(Permission::ReadEngineOil),
    query: &[],
    signals: &[OIL_LIFE],
    view,
    schema: Shape::of::<EngineOil>(),
    summary: "How much life the oil has left.",
};

/// How much life the oil has left.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EngineOil {
    /// 0 to 1; 1 is fresh oil.
    pub life_remaining: f64,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    body(&EngineOil {
        life_remaining: values.number(OIL_LIFE)?,
    })
}
