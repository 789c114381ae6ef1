//! The vehicle that every SDK's suite reads with one fixed token and no consent. It is a document,
//! not a car: the token opens nothing else. Source: contract rest-v3, 2.4; connect-oauth, D.5.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::response::Response;
use carport_model::{RequestId, error};
use serde_json::{Value, json};

use super::error::answer;
use crate::VehicleApi;
use crate::v2::endpoint::json_of;

const ID: &str = "tst2e255-d3c8-4f90-9fec-e6e68b98e9cb";
const TOKEN: &str = "Bearer test-data-token";
/// When its values were recorded: they never change.
const RECORDED_AT: i64 = 1_752_104_118_549;
const RETRIEVED_AT: i64 = 1_752_104_218_549;

/// `GET /v3/vehicles/{id}`.
pub(super) async fn get_vehicle(
    State(api): State<VehicleApi>,
    Extension(request): Extension<RequestId>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = admit(&api, request, &id, &headers) {
        return *refusal;
    }
    json_of(&json!({
        "id": ID,
        "type": "vehicle",
        "attributes": { "make": "TESLA", "model": "Model Y", "year": 2021 },
        "links": { "self": format!("/vehicles/{ID}") },
    }))
}

/// `GET /v3/vehicles/{id}/signals`.
pub(super) async fn get_signals(
    State(api): State<VehicleApi>,
    Extension(request): Extension<RequestId>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = admit(&api, request, &id, &headers) {
        return *refusal;
    }
    let signals = signals();
    json_of(&json!({
        "meta": { "totalCount": signals.len(), "pageSize": signals.len(), "page": 1 },
        "data": signals,
        "links": { "self": format!("/vehicles/{ID}/signals") },
        "included": { "vehicle": {
            "id": ID,
            "type": "vehicle",
            // A text here, and a number in the answer above: the suites ask for both.
            "attributes": { "make": "TESLA", "model": "Model Y", "year": "2021" },
            "links": { "self": format!("/vehicles/{ID}") },
        } },
    }))
}

/// `GET /v3/vehicles/{id}/signals/{code}`.
pub(super) async fn get_signal(
    State(api): State<VehicleApi>,
    Extension(request): Extension<RequestId>,
    Path((id, code)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = admit(&api, request, &id, &headers) {
        return *refusal;
    }
    let found = signals().into_iter().find(|signal| signal["id"] == code);
    match found {
        Some(signal) => json_of(&signal),
        None => answer(&error::NOT_FOUND_PATH, &api, request),
    }
}

/// The token first, as everywhere.
fn admit(
    api: &VehicleApi,
    request: RequestId,
    id: &str,
    headers: &HeaderMap,
) -> Result<(), Box<Response>> {
    let refused = |spec| Err(Box::new(answer(spec, api, request)));
    if headers.get(AUTHORIZATION).is_none_or(|sent| sent != TOKEN) {
        return refused(&error::AUTHENTICATION);
    }
    if id != ID {
        return refused(&error::PERMISSION);
    }
    Ok(())
}

fn signals() -> Vec<Value> {
    let signal = |code: &str, group: &str, name: &str, body: Value| {
        json!({
            "id": code,
            "type": "signal",
            "attributes": {
                "code": code,
                "name": name,
                "group": group,
                "status": { "value": "SUCCESS" },
                "body": body,
            },
            "meta": { "retrievedAt": RETRIEVED_AT, "oemUpdatedAt": RECORDED_AT },
            "links": { "self": format!("/vehicles/{ID}/signals/{code}") },
        })
    };
    let timers = json!({ "values": [{
        "type": "GLOBAL",
        "condition": null,
        "schedules": [{ "start": "22:00:00", "end": "06:00:00", "days": ["MONDAY", "TUESDAY"] }],
        "departureTimers": [{ "time": "07:30:00", "days": ["SATURDAY"] }],
        "isOEMOptimizationEnabled": false,
    }] });
    vec![
        signal("charge-chargetimers", "Charge", "ChargeTimers", timers),
        signal(
            "odometer-traveleddistance",
            "Odometer",
            "TraveledDistance",
            json!({ "unit": "kilometers", "value": 115_071.5 }),
        ),
    ]
}
