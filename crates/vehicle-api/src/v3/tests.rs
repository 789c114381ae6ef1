//! The test vehicle over HTTP.

use carport_testkit::{Answer, TestApp, TestBed};
use serde_json::Value;

use crate::v2::tests::api;
use crate::{Services, VehicleApi};

const CAR: &str = "/v3/vehicles/tst2e255-d3c8-4f90-9fec-e6e68b98e9cb";

async fn door(serves: bool) -> TestApp {
    let bed = TestBed::new().await;
    let services = Services {
        serves_test_vehicle: serves,
        ..Services::clone(&api(&bed))
    };
    let api: VehicleApi = services.into();
    TestApp::serving(carport_web::layers::identified(
        crate::routes(api),
        bed.rng(),
    ))
}

async fn ask(app: &TestApp, path: &str) -> Answer {
    app.get(path).bearer("test-data-token").send().await
}

#[tokio::test]
async fn what_the_suites_assert() {
    let app = door(true).await;
    let vehicle = ask(&app, CAR).await.json();
    assert_eq!(vehicle["attributes"]["year"], 2021);
    let signals = ask(&app, &format!("{CAR}/signals")).await.json();
    assert_eq!(signals["data"].as_array().unwrap().len(), 2);
    assert_eq!(signals["meta"]["totalCount"], 2);
    assert_eq!(signals["included"]["vehicle"]["attributes"]["year"], "2021");
    let odometer = ask(&app, &format!("{CAR}/signals/odometer-traveleddistance")).await;
    assert_eq!(odometer.json(), signals["data"][1]);
    assert!(odometer.json()["attributes"]["body"]["value"].is_f64());
}

#[tokio::test]
async fn its_token_opens_nothing_else_and_refusals_have_both_forms() {
    let app = door(true).await;
    let wrong = app.get(CAR).bearer("other").send().await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.json()["type"], "AUTHENTICATION");
    assert_eq!(wrong.json()["errors"][0]["status"], "401");
    assert_eq!(wrong.json()["requestId"], wrong.header("sc-request-id"));
    assert_eq!(wrong.json()["errors"][0]["code"], Value::Null);
    assert_eq!(ask(&app, "/v3/vehicles/other").await.status, 403);
    assert_eq!(ask(&app, &format!("{CAR}/signals/none")).await.status, 404);
    assert_eq!(ask(&app, "/v3/connections").await.status, 404);
    assert_eq!(ask(&app, "/v2.0/user").await.status, 401);
}

#[tokio::test]
async fn it_is_off_unless_switched_on() {
    let app = door(false).await;
    let answer = ask(&app, CAR).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.json()["code"], "PATH");
}
