//! What single brands have.

use axum::http::Method;
use carport_model::Permission;
use carport_testkit::{Answer, Car, TestApp, TestBed};
use serde_json::{Value, json};

use super::super::{ENDPOINTS, ORDERS, UNSERVED};
use super::*;

mod charging;
mod commands;
mod keys;
mod refusals;
mod units;

/// Sends a command.
async fn send(app: &TestApp, car: &Car, (method, path): (Method, &str), body: &Value) -> Answer {
    let request = app.request(method, &car.path(path.trim_start_matches('/')));
    request.bearer(&car.access_token).json(body).send().await
}

async fn post(app: &TestApp, car: &Car, path: &str, body: &Value) -> Answer {
    send(app, car, (Method::POST, path), body).await
}

async fn put(app: &TestApp, car: &Car, path: &str, body: &Value) -> Answer {
    send(app, car, (Method::PUT, path), body).await
}

fn sent() -> Value {
    json!({ "status": "success", "message": "Successfully sent request to vehicle" })
}

/// The type and code of an error.
fn error_of(answer: &Answer) -> (u16, Value, Value) {
    let body = answer.json();
    let member = |name: &str| body[name].clone();
    (answer.status.as_u16(), member("type"), member("code"))
}

/// A path and body that each command takes.
fn working(order: &crate::v2::command::Order) -> (String, Value) {
    let path = order.path.trim_start_matches('/');
    let body = match path.rsplit('/').next().unwrap() {
        "schedule_by_location" => json!({ "chargingLocation": {
            "chargeLimit": 0.7, "chargingWindows": { "weekday": [], "weekend": [] }
        }}),
        "schedule" if path.starts_with("nissan") => json!({ "chargeSchedules": [] }),
        "schedule" => json!({ "type": "START_TIME", "enable": false }),
        "ammeter" => json!({ "amperage": 16 }),
        "pin" => json!({ "pin": "0123" }),
        "frunk" | "trunk" | "charge_port_door" => json!({ "action": "OPEN" }),
        _ => json!({ "action": "START" }),
    };
    let query = if path.ends_with("schedule_by_location") {
        "?latitude=39.7392&longitude=-104.9903"
    } else {
        ""
    };
    (format!("{path}{query}"), body)
}
