//! Several reads in one request.

use carport_testkit::{Answer, Car, TestApp, TestBed, found_vehicle};
use serde_json::{Value, json};

use super::*;

async fn batch(app: &TestApp, car: &Car, paths: &[&str]) -> Answer {
    let requests: Vec<Value> = paths.iter().map(|path| json!({ "path": path })).collect();
    post(app, car, &json!({ "requests": requests })).await
}

async fn post(app: &TestApp, car: &Car, body: &Value) -> Answer {
    let request = app.post(&car.path("batch")).bearer(&car.access_token);
    request.json(body).send().await
}

#[tokio::test]
async fn answers_stand_in_the_order_of_the_requests() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let sent = [
        "odometer",
        "/tires/pressure/",
        "",
        "/vin",
        "odometer",
        "/service/history",
    ];
    let answer = batch(&app, &car, &sent).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    let responses = body["responses"].as_array().unwrap();
    let paths: Vec<&str> = responses
        .iter()
        .map(|response| response["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            "/odometer",
            "/tires/pressure",
            "/",
            "/vin",
            "/odometer",
            "/service/history"
        ]
    );
    let now = bed.clock().now().to_string();
    for response in responses {
        assert_eq!(response["code"], 200);
        let has_units = ["/odometer", "/tires/pressure", "/service/history"];
        let expected = match response["path"].as_str().unwrap() {
            "/" | "/vin" => json!({}),
            path if has_units.contains(&path) => json!({
                "sc-data-age": now, "sc-fetched-at": now, "sc-unit-system": "metric"
            }),
            _ => json!({ "sc-data-age": now, "sc-fetched-at": now }),
        };
        assert_eq!(response["headers"], expected);
    }
    assert!(responses[5]["body"].is_array());
    assert_eq!(responses[2]["body"]["make"], "TESLA");
}

#[tokio::test]
async fn what_fails_is_nested_and_the_rest_is_served() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let electric = found_vehicle("0SCTESLA1A2B3C4D6", Level::Bev);
    let granted = ["read_odometer", "read_fuel"];
    let car = bed.connect_vehicle(&client, electric, &granted).await;
    let answer = batch(&door(&bed), &car, &["/odometer", "/fuel", "/location"]).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    let of = |index: usize, member: &str| body["responses"][index][member].clone();
    assert_eq!(of(0, "code"), 200);
    assert_eq!(of(1, "code"), 501);
    assert_eq!(of(1, "headers"), json!({}));
    assert_eq!(of(2, "code"), 403);
    let nested = of(2, "body");
    let mut keys: Vec<&String> = nested.as_object().unwrap().keys().collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "code",
            "description",
            "docURL",
            "requestId",
            "resolution",
            "statusCode",
            "type"
        ]
    );
    assert_eq!(nested["requestId"], answer.header("sc-request-id"));
    assert_eq!(nested["statusCode"], 403);
    assert_eq!(nested["resolution"], json!({ "type": "REAUTHENTICATE" }));
}

#[tokio::test]
async fn a_failing_car_fails_in_each_read_that_asks_it() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let asleep = found_vehicle("0SCLR0002E8896323", Level::Compatible);
    let car = bed.connect_vehicle(&client, asleep, ALL).await;
    let body = batch(&door(&bed), &car, &["/vin", "/odometer", "/fuel"])
        .await
        .json();
    let codes: Vec<&Value> = body["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|response| &response["code"])
        .collect();
    assert_eq!(codes, [200, 409, 409]);
}

#[tokio::test]
async fn units_hold_for_all_reads() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let request = app.post(&car.path("batch")).bearer(&car.access_token);
    let body = json!({ "requests": ["/odometer", "battery"] });
    let answer = request
        .header("sc-unit-system", "imperial")
        .json(&body)
        .send()
        .await
        .json();
    for response in answer["responses"].as_array().unwrap() {
        assert_eq!(response["headers"]["sc-unit-system"], "imperial");
    }
}

#[tokio::test]
async fn what_is_no_batch_is_refused_as_a_whole() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let many: Vec<Value> = vec![json!({ "path": "/odometer" }); 101];
    let wrong = [
        json!({}),
        json!([]),
        json!({ "requests": [] }),
        json!({ "requests": "odometer" }),
        json!({ "requests": [{}] }),
        json!({ "requests": [{ "path": 1 }] }),
        json!({ "requests": [{ "path": "/odometer" }, { "path": "/LOCATIONNNNNNNN" }] }),
        json!({ "requests": [{ "path": "/batch" }] }),
        json!({ "requests": many }),
    ];
    for body in wrong {
        let answer = post(&app, &car, &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["type"], "VALIDATION");
        assert_eq!(answer.json()["detail"][0]["field"], json!(["requests"]));
    }
    let none = app.post(&car.path("batch")).bearer(&car.access_token);
    assert_eq!(none.send().await.status, 400);
}
