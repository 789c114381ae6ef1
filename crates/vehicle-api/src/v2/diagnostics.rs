//! `GET /vehicles/{id}/diagnostics/system_status` and `/diagnostics/dtcs`.
//! Source: contract rest-v2, 2.19 and 2.20.

use carport_connector::Fault;
use carport_model::signal::diagnostics::{DTC_LIST, SYSTEMS};
use carport_model::{Permission, SignalValue, error};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Endpoint, body};
use super::values::Values;
use crate::openapi::Shape;

/// The endpoint of the systems.
pub static SYSTEM_STATUS: Endpoint = Endpoint {
    path: "/diagnostics/system_status",
    make: None,
    permission: Some(Permission::ReadDiagnostics),
    query: &[],
    signals: SYSTEMS,
    view: system_status,
    schema: Shape::of::<SystemStatus>(),
    summary: "How the car's systems are.",
};

/// The endpoint of the trouble codes.
pub static DTCS: Endpoint = Endpoint {
    path: "/diagnostics/dtcs",
    make: None,
    permission: Some(Permission::ReadDiagnostics),
    query: &[],
    signals: &[DTC_LIST],
    view: dtcs,
    schema: Shape::of::<TroubleCodes>(),
    summary: "Diagnostic trouble codes that are active.",
};

/// How the car's systems are.
#[derive(Debug, Serialize, ToSchema)]
pub struct SystemStatus {
    /// Those that the car reports.
    #[schema(inline)]
    pub systems: Vec<System>,
}

/// How one system is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct System {
    /// Such as `SYSTEM_AIRBAG`.
    pub system_id: &'static str,
    /// `OK` or `ALERT`.
    pub status: &'static str,
    /// What the car says; null where it says nothing.
    #[schema(required)]
    pub description: Option<String>,
}

/// Trouble codes that are active.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TroubleCodes {
    /// Empty when there is none.
    #[schema(inline)]
    pub active_codes: Vec<Code>,
}

/// One trouble code.
#[derive(Debug, Serialize, ToSchema)]
pub struct Code {
    /// Letter and four digits.
    pub code: String,
    /// When it came up, ISO 8601; null where the car does not tell.
    #[schema(required)]
    pub timestamp: Option<String>,
}

fn system_status(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let mut systems = Vec::with_capacity(SYSTEMS.len());
    for signal in SYSTEMS {
        let (alert, description) = match values.get(*signal) {
            None => continue,
            Some(SignalValue::Health { alert, description }) => (*alert, description.clone()),
            Some(_) => return Err((&error::INVALID_DATA).into()),
        };
        systems.push(System {
            system_id: signal.spec().v2.map_or("", |field| field.member),
            status: if alert { "ALERT" } else { "OK" },
            description,
        });
    }
    if systems.is_empty() {
        return Err((&error::VEHICLE_NOT_CAPABLE).into());
    }
    body(&SystemStatus { systems })
}

fn dtcs(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let SignalValue::TroubleCodes(codes) = values.need(DTC_LIST)? else {
        return Err((&error::INVALID_DATA).into());
    };
    let active_codes = codes.iter().map(|code| Code {
        code: code.code.clone(),
        timestamp: code.at.map(|at| at.to_string()),
    });
    body(&TroubleCodes {
        active_codes: active_codes.collect(),
    })
}
