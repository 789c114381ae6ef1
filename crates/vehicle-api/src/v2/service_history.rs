//! `GET /vehicles/{id}/service/history`. Source: contract rest-v2, 2.18.

use std::time::Duration;

use carport_connector::Fault;
use carport_model::reading::ServiceRecord;
use carport_model::signal::service::RECORDS;
use carport_model::{Permission, SignalValue, error};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::range::{PARAMETERS, range};
use super::values::Values;
use crate::openapi::Shape;

/// Without a range, what was done within so long.
const YEAR: Duration = Duration::from_hours(365 * 24);

/// The endpoint. Its body is a list.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/service/history",
    make: None,
    permission: Some(Permission::ReadServiceHistory),
    query: PARAMETERS,
    signals: &[RECORDS],
    view,
    schema: Shape::of::<Vec<Service>>(),
    summary: "Past services, newest first: within the last year, or from start_date to end_date.",
};

/// One visit to a workshop.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// The maker's number of it, or null.
    #[schema(required)]
    pub service_id: Option<String>,
    /// Distance driven then, in kilometres or miles.
    pub odometer_distance: f64,
    /// ISO 8601, or null.
    #[schema(required)]
    pub service_date: Option<String>,
    /// What was done.
    #[schema(inline)]
    pub service_tasks: Vec<Task>,
    /// Whatever else is told.
    #[schema(inline)]
    pub service_details: Vec<ServiceDetail>,
    /// What it cost.
    #[schema(inline)]
    pub service_cost: Cost,
}

/// One thing that was done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// The maker's number of it, or null.
    #[schema(required)]
    pub task_id: Option<String>,
    /// Words, or null.
    #[schema(required)]
    pub task_description: Option<String>,
}

/// One thing that is told beside.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceDetail {
    /// Of what kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// What, or null.
    #[schema(required)]
    pub value: Option<String>,
}

/// What a visit cost.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// Amount, or null.
    #[schema(required)]
    pub total_cost: Option<f64>,
    /// ISO 4217, or null.
    #[schema(required)]
    pub currency: Option<String>,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let SignalValue::Services(records) = values.need(RECORDS)? else {
        return Err((&error::INVALID_DATA).into());
    };
    let (start, end) = range(values.asked().query, values.asked().now, YEAR);
    let is_asked_for = |record: &&ServiceRecord| {
        // A visit nobody dated may lie in any range.
        record.at.is_none_or(|at| start <= at && at < end)
    };
    let services = records.iter().filter(is_asked_for);
    let services: Vec<Service> = services.map(|record| service(record, values)).collect();
    body(&services)
}

fn service(record: &ServiceRecord, values: &Values<'_>) -> Service {
    Service {
        service_id: record.id.clone(),
        odometer_distance: values.distance(record.odometer),
        service_date: record.at.map(|at| at.to_string()),
        service_tasks: record
            .tasks
            .iter()
            .map(|(id, words)| Task {
                task_id: id.clone(),
                task_description: words.clone(),
            })
            .collect(),
        service_details: record
            .details
            .iter()
            .map(|(kind, value)| ServiceDetail {
                kind: kind.clone(),
                value: value.clone(),
            })
            .collect(),
        service_cost: Cost {
            total_cost: record.cost,
            currency: record.currency.clone(),
        },
    }
}
