//! `GET /vehicles/{id}/battery/nominal_capacity`. Source: contract rest-v2, 2.11.

use carport_connector::Fault;
use carport_model::Permission;
use carport_model::signal::traction_battery::NOMINAL_CAPACITY;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/battery/nominal_capacity",
    make: None,
    permission: Some(Permission::ReadBattery),
    query: &[],
    signals: &[NOMINAL_CAPACITY],
    view,
    schema: Shape::of::<NominalCapacity>(),
    summary: "What the battery holds, or may hold, and where the owner can tell.",
};

/// What the battery holds, or may hold.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NominalCapacity {
    /// What cars of this model have; empty when nothing is known.
    #[schema(inline)]
    pub available_capacities: Vec<AvailableCapacity>,
    /// The one of this car; null until the owner chose it.
    #[schema(inline, required)]
    pub capacity: Option<KnownCapacity>,
    /// Where the owner can choose, to be completed with a redirect URI; null when there is nothing
    /// to choose.
    #[schema(required)]
    pub url: Option<String>,
}

/// One that cars of this model have.
#[derive(Debug, Serialize, ToSchema)]
pub struct AvailableCapacity {
    /// kWh.
    pub capacity: f64,
    /// Powertrain and trim, such as `BEV:Long Range`; null when there is only one.
    #[schema(required)]
    pub description: Option<String>,
}

/// The one of this car.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnownCapacity {
    /// kWh.
    pub nominal: f64,
    /// `USER_SELECTED` or `SMARTCAR`, which stands for this server.
    pub source: &'static str,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let known = values.capacity(NOMINAL_CAPACITY)?;
    let asked = values.asked();
    let is_choice = known.candidates.len() > 1;
    let url = is_choice.then(|| asked.links.battery_capacity(&asked.car.vehicle, asked.now));
    body(&NominalCapacity {
        available_capacities: known
            .candidates
            .iter()
            .map(|choice| AvailableCapacity {
                capacity: choice.capacity,
                description: choice.description.clone(),
            })
            .collect(),
        capacity: known.nominal.map(|nominal| KnownCapacity {
            nominal,
            source: if known.is_chosen {
                "USER_SELECTED"
            } else {
                "SMARTCAR"
            },
        }),
        url,
    })
}
