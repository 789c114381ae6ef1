//! Commands, and what they leave behind.

use carport_testkit::{Answer, Car, TestApp, TestBed, found_vehicle};
use serde_json::{Value, json};

use super::super::{ENDPOINTS, ORDERS};
use super::*;

async fn send(app: &TestApp, car: &Car, path: &str, body: &Value) -> Answer {
    let request = app.post(&car.path(path)).bearer(&car.access_token);
    request.json(body).send().await
}

fn sent() -> Value {
    json!({ "status": "success", "message": "Successfully sent request to vehicle" })
}

#[tokio::test]
async fn a_lock_can_be_read_back() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let is_locked = async || ask(&app, &car, "security").await.json()["isLocked"].clone();
    for (action, locked) in [("UNLOCK", false), ("LOCK", true), ("UNLOCK", false)] {
        let answer = send(&app, &car, "security", &json!({ "action": action })).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, sent()));
        assert_eq!(answer.header("sc-data-age"), "");
        assert_eq!(is_locked().await, locked, "{action}");
    }
    let answer = send(&app, &car, "securiy", &json!({ "action": "LOCK" })).await;
    assert_eq!(answer.status, 200);
    assert_eq!(is_locked().await, true);
}

#[tokio::test]
async fn charging_and_its_limit_can_be_read_back() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    for (action, state) in [("START", "CHARGING"), ("STOP", "NOT_CHARGING")] {
        let answer = send(&app, &car, "charge", &json!({ "action": action })).await;
        assert_eq!(answer.json(), sent());
        let charge = ask(&app, &car, "charge").await.json();
        assert_eq!(charge, json!({ "isPluggedIn": true, "state": state }));
    }
    for (limit, kept) in [(json!(0.9), 0.9), (json!("0.7"), 0.7), (json!(1), 1.0)] {
        let answer = send(&app, &car, "charge/limit", &json!({ "limit": limit })).await;
        assert_eq!(answer.json(), sent());
        let limit = ask(&app, &car, "charge/limit").await.json();
        assert_eq!(limit, json!({ "limit": kept }));
    }
}

#[tokio::test]
async fn a_destination_is_sent() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let place = json!({ "latitude": -90, "longitude": "179.5", "name": "ignored" });
    let answer = send(&app, &car, "navigation/destination", &place).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, sent()));
}

#[tokio::test]
async fn what_a_command_does_not_take() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let wrong = [
        ("security", json!({ "action": "OPEN" }), "action"),
        ("security", json!({}), "action"),
        ("charge", json!({ "action": "start" }), "action"),
        ("charge", json!({ "action": 1 }), "action"),
        ("charge", json!([]), "body"),
        ("charge/limit", json!({}), "limit"),
        ("charge/limit", json!({ "limit": 0.49 }), "limit"),
        ("charge/limit", json!({ "limit": "1.1" }), "limit"),
        ("charge/limit", json!({ "limit": "NaN" }), "limit"),
        (
            "navigation/destination",
            json!({ "latitude": 90.1, "longitude": 0 }),
            "latitude",
        ),
        (
            "navigation/destination",
            json!({ "latitude": 0 }),
            "longitude",
        ),
    ];
    for (path, body, field) in wrong {
        let answer = send(&app, &car, path, &body).await;
        assert_eq!(answer.status, 400, "{path} {body}");
        assert_eq!(answer.json()["type"], "VALIDATION");
        assert_eq!(answer.json()["detail"][0]["field"], field, "{path} {body}");
    }
    let empty = app.post(&car.path("charge")).bearer(&car.access_token);
    assert_eq!(empty.send().await.status, 400);
}

#[tokio::test]
async fn permission_comes_before_the_body_and_capability_after_it() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    let reader = bed.connect(&["read_security"]).await;
    let refused = send(&app, &reader, "security", &json!({})).await;
    assert_eq!(refused.status, 403);
    let client = bed.application().await;
    let petrol = found_vehicle("0SCTESLA1A2B3C4D9", Level::Fuel);
    let petrol = bed.connect_vehicle(&client, petrol, ALL).await;
    let bad = send(&app, &petrol, "charge", &json!({})).await;
    assert_eq!(bad.status, 400);
    let incapable = send(&app, &petrol, "charge", &json!({ "action": "START" })).await;
    assert_eq!(incapable.status, 501);
    assert_eq!(incapable.json()["code"], "VEHICLE_NOT_CAPABLE");
}

#[tokio::test]
async fn every_order_and_every_read_fails_as_a_failing_login_asks() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let asleep = found_vehicle("0SCLR0002E8896323", Level::Compatible);
    let car = bed.connect_vehicle(&client, asleep, ALL).await;
    let app = door(&bed);
    for order in ORDERS.iter().filter(|order| order.make.is_none()) {
        let body = match order.path {
            "/charge" => json!({ "action": "STOP" }),
            "/charge/limit" => json!({ "limit": 0.5 }),
            "/navigation/destination" => json!({ "latitude": 0, "longitude": 0 }),
            _ => json!({ "action": "LOCK" }),
        };
        let answer = send(&app, &car, &order.path[1..], &body).await;
        assert_eq!(answer.status, 409, "{}", order.path);
        assert_eq!(answer.json()["code"], "ASLEEP", "{}", order.path);
    }
    for endpoint in ENDPOINTS.iter().filter(|endpoint| endpoint.make.is_none()) {
        let answer = ask(&app, &car, &endpoint.path[1..]).await;
        assert_eq!(answer.json()["code"], "ASLEEP", "{}", endpoint.path);
    }
    for fixed in ["vin", "permissions"] {
        assert_eq!(ask(&app, &car, fixed).await.status, 200, "{fixed}");
    }
}
