//! Each line of contract rest-v2, 2.21, and connect-oauth, F.2, about disconnecting.

use std::time::Duration;

use axum::http::Method;
use carport_model::{Level, Mode};
use carport_testkit::{Answer, Car, TestApp, TestBed, TestRequest, found_vehicle};
use serde_json::{Value, json};

use crate::v2::tests::door;

fn request(app: &TestApp, car: &Car) -> TestRequest {
    app.request(Method::DELETE, &car.path("application"))
}

async fn vin(app: &TestApp, car: &Car) -> Answer {
    let request = app.get(&car.path("vin"));
    request.bearer(&car.access_token).send().await
}

/// Two cars of one owner.
async fn pair(bed: &TestBed) -> [Car; 2] {
    let client = bed.application().await;
    let connect = async |vin| {
        let found = found_vehicle(vin, Level::Bev);
        bed.connect_vehicle(&client, found, &["read_vin"]).await
    };
    [
        connect("0SCTESLA1A2B3C4D5").await,
        connect("0SCTESLA1A2B3C4D6").await,
    ]
}

#[track_caller]
fn assert_done(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json(), json!({ "status": "success" }));
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert_eq!(answer.header("sc-request-id").len(), 36);
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, kind: &str, resolution: Option<&str>) {
    let body = answer.json();
    assert_eq!(
        (answer.status.as_u16(), &body["type"]),
        (status, &kind.into()),
        "{body}"
    );
    assert_eq!(body["code"], Value::Null);
    assert_eq!(body["resolution"]["type"], json!(resolution));
    assert_eq!(body["requestId"], answer.header("sc-request-id"));
}

#[tokio::test]
async fn the_vehicle_is_gone_and_the_token_stays_for_the_others() {
    let bed = TestBed::new().await;
    let [first, second] = pair(&bed).await;
    let app = door(&bed);
    // In use.
    for car in [&first, &second] {
        assert_eq!(vin(&app, car).await.status, 200);
    }
    assert_done(
        &request(&app, &first)
            .bearer(&first.access_token)
            .send()
            .await,
    );
    assert_refused(
        &vin(&app, &first).await,
        403,
        "PERMISSION",
        Some("REAUTHENTICATE"),
    );
    assert_eq!(vin(&app, &second).await.status, 200);
    let listed = app
        .get("/v2.0/vehicles")
        .bearer(&first.access_token)
        .send()
        .await;
    assert_eq!(
        listed.json()["vehicles"],
        json!([second.vehicle.to_string()])
    );
    // It cannot be ended twice.
    let again = request(&app, &first)
        .bearer(&second.access_token)
        .send()
        .await;
    assert_refused(&again, 403, "PERMISSION", Some("REAUTHENTICATE"));
}

#[tokio::test]
async fn the_last_vehicle_takes_the_tokens_along() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let app = door(&bed);
    assert_eq!(vin(&app, &car).await.status, 200);
    assert_done(&request(&app, &car).bearer(&car.access_token).send().await);
    assert_refused(&vin(&app, &car).await, 401, "AUTHENTICATION", None);
    let user = app.get("/v2.0/user").bearer(&car.access_token).send().await;
    assert_eq!(user.status, 401);
}

#[tokio::test]
async fn an_owner_ends_no_other_owners_connection() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let connect = async |login| {
        let found = found_vehicle("0SCTESLA1A2B3C4D5", Level::Bev);
        let owner = (Mode::Test, login);
        bed.connect_owner(&client, owner, found, &["read_vin"])
            .await
    };
    let (one, other) = (
        connect("a@ladebaer.test").await,
        connect("b@ladebaer.test").await,
    );
    assert_eq!(one.vehicle, other.vehicle);
    let app = door(&bed);
    assert_done(&request(&app, &one).bearer(&one.access_token).send().await);
    assert_eq!(vin(&app, &one).await.status, 401);
    assert_eq!(vin(&app, &other).await.status, 200);
    let stranger = bed.connect(&["read_vin"]).await;
    let refused = request(&app, &other)
        .bearer(&stranger.access_token)
        .send()
        .await;
    assert_refused(&refused, 403, "PERMISSION", Some("REAUTHENTICATE"));
    assert_eq!(vin(&app, &other).await.status, 200);
}

#[tokio::test]
async fn the_management_token_will_do_as_bearer_and_as_password() {
    for as_bearer in [true, false] {
        let bed = TestBed::new().await;
        let [first, second] = pair(&bed).await;
        let app = door(&bed);
        let token = &first.client.management_token;
        let proved = |car| {
            if as_bearer {
                request(&app, car).bearer(token)
            } else {
                request(&app, car).basic("default", token)
            }
        };
        assert_eq!(vin(&app, &first).await.status, 200);
        assert_done(&proved(&first).send().await);
        assert_refused(
            &vin(&app, &first).await,
            403,
            "PERMISSION",
            Some("REAUTHENTICATE"),
        );
        assert_eq!(vin(&app, &second).await.status, 200);
        let again = proved(&first).send().await;
        assert_refused(&again, 403, "PERMISSION", Some("REAUTHENTICATE"));
    }
}

#[tokio::test]
async fn the_management_token_ends_every_owners_connection() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let connect = async |login| {
        let found = found_vehicle("0SCTESLA1A2B3C4D5", Level::Bev);
        let owner = (Mode::Test, login);
        bed.connect_owner(&client, owner, found, &["read_vin"])
            .await
    };
    let (one, other) = (
        connect("a@ladebaer.test").await,
        connect("b@ladebaer.test").await,
    );
    let app = door(&bed);
    assert_done(
        &request(&app, &one)
            .bearer(&client.management_token)
            .send()
            .await,
    );
    for car in [&one, &other] {
        assert_eq!(vin(&app, car).await.status, 401);
    }
    // It opens no car.
    let read = app.get(&one.path("vin")).bearer(&client.management_token);
    assert_eq!(read.send().await.status, 401);
}

#[tokio::test]
async fn another_applications_management_token_ends_nothing() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let stranger = bed.application().await;
    let app = door(&bed);
    let refused = request(&app, &car)
        .bearer(&stranger.management_token)
        .send()
        .await;
    assert_refused(&refused, 403, "PERMISSION", Some("REAUTHENTICATE"));
    assert_eq!(vin(&app, &car).await.status, 200);
}

#[tokio::test]
async fn the_token_is_judged_before_the_id() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let app = door(&bed);
    let bad = || app.request(Method::DELETE, "/v2.0/vehicles/bad_id/application");
    for refused in [
        bad().send().await,
        bad().bearer("abc").send().await,
        bad().basic("default", "abc").send().await,
        bad().basic(&car.client.id, &car.client.secret).send().await,
        bad().bearer(&car.refresh_token).send().await,
    ] {
        assert_refused(&refused, 401, "AUTHENTICATION", None);
    }
    for known in [&car.access_token, &car.client.management_token] {
        let refused = bad().bearer(known).send().await;
        assert_refused(&refused, 400, "VALIDATION", None);
        assert_eq!(refused.json()["detail"][0]["field"], "id");
    }
    bed.clock.advance(Duration::from_hours(2));
    let expired = request(&app, &car).bearer(&car.access_token).send().await;
    assert_refused(&expired, 401, "AUTHENTICATION", None);
}

#[tokio::test]
async fn a_body_is_no_matter_and_other_methods_are_not_there() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let app = door(&bed);
    for method in [Method::GET, Method::POST] {
        let answer = app.request(method, &car.path("application"));
        let answer = answer.bearer(&car.access_token).send().await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (404, &"PATH".into())
        );
    }
    let with_body = request(&app, &car)
        .bearer(&car.access_token)
        .json(&json!({}));
    assert_done(&with_body.send().await);
}
