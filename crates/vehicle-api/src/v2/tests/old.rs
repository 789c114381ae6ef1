//! What is left of v1.0.

use carport_testkit::{Car, TestApp, TestBed};
use serde_json::json;

use super::*;
use crate::version::OldVersion;

/// As the listener does for a request that came by `/v1.0`.
fn old_door(bed: &TestBed) -> TestApp {
    let app = door(bed);
    app.with_extension(OldVersion)
}

#[tokio::test]
async fn answers_are_those_of_today_and_errors_those_of_their_day() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_odometer", "read_vehicle_info"]).await;
    let app = old_door(&bed);
    assert!(ask(&app, &car, "odometer").await.json()["distance"].is_f64());
    let refused = ask(&app, &car, "location").await;
    assert_eq!(refused.status, 403);
    let body = refused.json();
    assert_eq!(body["error"], "permission_error");
    assert_eq!(body["requestId"], refused.header("sc-request-id"));
    let mut keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    keys.sort_unstable();
    assert_eq!(keys, ["error", "message", "requestId", "statusCode"]);
    let bad = app
        .get("/v2.0/vehicles/bad_id")
        .bearer(&car.access_token)
        .send()
        .await;
    assert_eq!(bad.json()["error"], "validation_error");
}

#[tokio::test]
async fn a_batch_nests_todays_errors() {
    let bed = TestBed::new().await;
    let car: Car = bed.connect(&["read_odometer"]).await;
    let app = old_door(&bed);
    let requests = json!({ "requests": [{ "path": "/odometer" }, { "path": "/location" }] });
    let answer = app.post(&car.path("batch")).bearer(&car.access_token);
    let body = answer.json(&requests).send().await.json();
    assert_eq!(body["responses"][1]["body"]["statusCode"], 403);
}
