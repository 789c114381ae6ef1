//! Of two things that are wrong with a request, the first in the check order is told: contract
//! rest-v2, 3.3. Each neighbouring pair is here, but for 6 and 7, which are told in one way, and
//! 11 and 12, of which a connector tells one.

use axum::http::Method;
use carport_testkit::{Answer, Car, TestBed, found_vehicle};
use serde_json::json;

use super::rates::{application, batch, limited, told, vehicle};
use super::*;
use crate::limits::Limits;

/// A vehicle and an application with one request left.
fn one_of_each() -> Limits {
    Limits {
        application: application(1).application,
        ..vehicle(1)
    }
}

async fn assert_told(answer: impl Future<Output = Answer>, status: u16, error: &str) {
    assert_eq!(told(&answer.await), (status, error.to_owned()));
}

#[tokio::test]
async fn a_path_is_told_before_credentials() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let answer = app.get(&car.path("colour")).send();
    assert_told(answer, 404, "RESOURCE_NOT_FOUND/PATH").await;
    let answer = app.request(Method::PUT, "/v-unknown/user").send();
    assert_told(answer, 404, "RESOURCE_NOT_FOUND/VERSION").await;
}

#[tokio::test]
async fn credentials_are_told_before_the_vehicle_id() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    let answer = app
        .get("/v2.0/vehicles/bad_id/vin")
        .bearer("nonsense")
        .send();
    assert_told(answer, 401, "AUTHENTICATION/-").await;
}

#[tokio::test]
async fn the_vehicle_id_is_told_before_the_account() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    super::plan::suspend(&bed, car.client.application.id, true).await;
    let app = door(&bed);
    let get = |path: &str| app.get(path).bearer(&car.access_token).send();
    assert_told(get("/v2.0/vehicles/bad_id/vin"), 400, "VALIDATION/-").await;
    assert_told(get(&car.path("vin")), 430, "BILLING/ACCOUNT_SUSPENDED").await;
}

#[tokio::test]
async fn account_and_plan_are_told_before_the_application_s_rate() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let both = |limits: Limits| Limits {
        application: application(1).application,
        ..limits
    };
    // No room for any vehicle, and a bucket that the first request would empty.
    let app = limited(&bed, both(super::plan::vehicles(0)));
    let get = |path: String| app.get(&path).bearer(&car.access_token).send();
    assert_eq!(get("/v2.0/user".to_owned()).await.status, 200);
    assert_told(get("/v2.0/user".to_owned()), 429, "RATE_LIMIT/SMARTCAR_API").await;
    assert_told(get(car.path("vin")), 430, "BILLING/VEHICLE_LIMIT").await;
    // The month's only call is the bucket's only request.
    let app = limited(&bed, both(super::plan::calls(1)));
    let get = |path: String| app.get(&path).bearer(&car.access_token).send();
    assert_eq!(get(car.path("vin")).await.status, 200);
    assert_told(get("/v2.0/user".to_owned()), 429, "RATE_LIMIT/SMARTCAR_API").await;
    assert_told(get(car.path("vin")), 430, "BILLING/VEHICLE_REQUEST_LIMIT").await;
    assert_told(
        batch(&app, &car, &["/vin"]),
        430,
        "BILLING/VEHICLE_REQUEST_LIMIT",
    )
    .await;
    super::plan::suspend(&bed, car.client.application.id, true).await;
    assert_told(get(car.path("vin")), 430, "BILLING/ACCOUNT_SUSPENDED").await;
}

#[tokio::test]
async fn the_application_s_rate_is_told_before_the_vehicle_is_found() {
    let bed = TestBed::new().await;
    let (car, foreign) = (bed.connect(ALL).await, bed.connect(ALL).await);
    let app = limited(&bed, application(1));
    let get = |path: String| app.get(&path).bearer(&car.access_token).send();
    assert_told(get(foreign.path("vin")), 403, "PERMISSION/-").await;
    assert_told(get(foreign.path("vin")), 429, "RATE_LIMIT/SMARTCAR_API").await;
}

#[tokio::test]
async fn a_vehicle_that_is_not_connected_is_told_before_body_and_plan() {
    let bed = TestBed::new().await;
    let (car, foreign) = (bed.connect(ALL).await, bed.connect(ALL).await);
    // Nobody learns of a vehicle that is not theirs that it is beyond somebody's plan.
    let app = limited(&bed, super::plan::vehicles(0));
    let request = app
        .post(&foreign.path("security"))
        .bearer(&car.access_token);
    let answer = request.json(&json!({ "action": "FLY" })).send();
    assert_told(answer, 403, "PERMISSION/-").await;
}

#[tokio::test]
async fn a_permission_is_told_before_body_and_query() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let app = door(&bed);
    let read = app.get(&car.path("odometer")).bearer(&car.access_token);
    let read = read.header("sc-unit-system", "furlongs").send();
    assert_told(read, 403, "PERMISSION/-").await;
    let command = app.post(&car.path("security")).bearer(&car.access_token);
    let command = command.json(&json!({ "action": "FLY" })).send();
    assert_told(command, 403, "PERMISSION/-").await;
}

#[tokio::test]
async fn body_and_query_are_told_before_the_vehicle_s_rate() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = limited(&bed, vehicle(1));
    assert_eq!(ask(&app, &car, "vin").await.status, 200);
    let read = app.get(&car.path("odometer")).bearer(&car.access_token);
    let read = read.header("sc-unit-system", "furlongs").send();
    assert_told(read, 400, "VALIDATION/-").await;
    assert_told(
        ask(&app, &car, "service/history?start_date=%FF"),
        400,
        "VALIDATION/-",
    )
    .await;
    assert_told(ask(&app, &car, "permissions?limit=x"), 400, "VALIDATION/-").await;
    let command = app.post(&car.path("security")).bearer(&car.access_token);
    let command = command.json(&json!({ "action": "FLY" })).send();
    assert_told(command, 400, "VALIDATION/-").await;
    assert_told(batch(&app, &car, &["/colour"]), 400, "VALIDATION/-").await;
    assert_told(ask(&app, &car, "odometer"), 429, "RATE_LIMIT/VEHICLE").await;
}

#[tokio::test]
async fn the_application_s_rate_is_told_before_the_body_of_a_batch() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = limited(&bed, one_of_each());
    assert_told(batch(&app, &car, &["/colour"]), 400, "VALIDATION/-").await;
    assert_told(
        batch(&app, &car, &["/colour"]),
        429,
        "RATE_LIMIT/SMARTCAR_API",
    )
    .await;
}

#[tokio::test]
async fn the_vehicle_s_rate_is_told_before_capability() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let electric = found_vehicle("0SCTESLA1A2B3C4D6", Level::Bev);
    let car: Car = bed.connect_vehicle(&client, electric, ALL).await;
    let app = limited(&bed, vehicle(1));
    assert_told(
        ask(&app, &car, "fuel"),
        501,
        "COMPATIBILITY/VEHICLE_NOT_CAPABLE",
    )
    .await;
    assert_told(ask(&app, &car, "fuel"), 429, "RATE_LIMIT/VEHICLE").await;
    let nested = batch(&app, &car, &["/fuel"]).await;
    assert_eq!(nested.json()["responses"][0]["code"], 429);
}

#[tokio::test]
async fn capability_is_told_before_the_account_at_the_brand_and_the_vehicle() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let app = door(&bed);
    for (vin, fault) in [
        (
            "0SCLR00021D803C7B",
            (400, "CONNECTED_SERVICES_ACCOUNT/AUTHENTICATION_FAILED"),
        ),
        ("0SCLR0002E8896323", (409, "VEHICLE_STATE/ASLEEP")),
        ("0SCLR0002C23E43AB", (502, "UPSTREAM/NO_RESPONSE")),
    ] {
        let electric = found_vehicle(vin, Level::Bev);
        let car = bed.connect_vehicle(&client, electric, ALL).await;
        assert_told(
            ask(&app, &car, "fuel"),
            501,
            "COMPATIBILITY/VEHICLE_NOT_CAPABLE",
        )
        .await;
        assert_told(ask(&app, &car, "odometer"), fault.0, fault.1).await;
    }
}
