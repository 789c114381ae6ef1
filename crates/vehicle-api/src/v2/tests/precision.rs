//! Where an owner lets an application know only about where the car is, no answer tells more.

use axum::http::StatusCode;
use carport_model::signal::charge::IS_CHARGING;
use carport_model::signal::location::PRECISE_LOCATION;
use carport_model::{Permission, Precision};
use carport_store::held_values;
use carport_store::owners::{ACTOR, Identity, acts};
use carport_testkit::{Answer, Car, TestApp, TestBed};
use serde_json::json;

use super::*;

/// Where the car is, and charges at night.
const HERE: (f64, f64) = (39.7392, -104.9903);

/// A car of a make, that stands here.
async fn standing(bed: &TestBed, make: Option<&str>) -> Car {
    let car = car_of(bed, make, ALL).await;
    let (vehicle, now) = (car.vehicle, bed.clock().now());
    let position = SignalValue::Position {
        latitude: HERE.0,
        longitude: HERE.1,
        heading: Some(47.5),
    };
    // Some reads need a car that charges.
    let charging = SignalValue::Flag(true);
    let unit = async move |tx: &mut Tx<'_>| {
        let charging = (IS_CHARGING, charging.clone());
        held_values::put(
            tx,
            vehicle,
            &[(PRECISE_LOCATION, position.clone()), charging],
            now,
        )
        .await?;
        Ok::<_, StoreError>(())
    };
    bed.store.write(unit).await.unwrap();
    car
}

async fn reduce(bed: &TestBed, car: &Car, precision: Precision) {
    let (key, now) = ((car.user, car.vehicle), bed.clock().now());
    let unit = async move |tx: &mut Tx<'_>| {
        let owner = Identity::email("owner@ladebaer.test");
        acts::set_precision(tx, (&owner, ACTOR), key, precision, now).await
    };
    assert!(bed.store.write(unit).await.unwrap());
}

/// What in an answer would lead to the car: its position to some fifty metres, or words.
fn traces(body: &Value, found: &mut Vec<String>) {
    match body {
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            let is_near = |true_one: f64| (number - true_one).abs() < 0.0005;
            if is_near(HERE.0) || is_near(HERE.1) {
                found.push(number.to_string());
            }
        }
        Value::String(text) if text.contains("Street") || text == "Home" => {
            found.push(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| traces(item, found)),
        Value::Object(members) => members.values().for_each(|item| traces(item, found)),
        _ => {}
    }
}

fn traces_of(answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    traces(&answer.json(), &mut found);
    found
}

async fn batch(app: &TestApp, car: &Car, path: &str) -> Answer {
    let body = json!({ "requests": [{ "path": path }] });
    let request = app.post(&car.path("batch")).bearer(&car.access_token);
    request.json(&body).send().await
}

/// Whether two answers end alike. What a car of test mode does is drawn anew for each: it may not be
/// charging when it is asked how far it has come.
fn alike(one: StatusCode, other: StatusCode) -> bool {
    one == other || [one, other].contains(&StatusCode::CONFLICT)
}

#[tokio::test]
async fn no_endpoint_tells_more_than_about_where_the_car_is() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    let mut told = Vec::new();
    for endpoint in ENDPOINTS {
        let car = standing(&bed, endpoint.make).await;
        let path = endpoint.path.trim_start_matches('/');
        // Some need no more than that the car exists; all answer before and after.
        let exact = ask(&app, &car, path).await;
        if !traces_of(&exact).is_empty() {
            told.push(endpoint.path);
            assert!(!traces_of(&batch(&app, &car, endpoint.path).await).is_empty());
        }
        for precision in [Precision::Kilometre, Precision::TenKilometres] {
            reduce(&bed, &car, precision).await;
            let alone = ask(&app, &car, path).await;
            assert!(alike(alone.status, exact.status), "{}", endpoint.path);
            assert_eq!(traces_of(&alone), Vec::<String>::new(), "{}", endpoint.path);
            let several = batch(&app, &car, endpoint.path).await;
            let code = several.json()["responses"][0]["code"].as_u64().unwrap();
            let code = StatusCode::from_u16(u16::try_from(code).unwrap()).unwrap();
            assert!(alike(code, exact.status), "{}", endpoint.path);
            assert_eq!(
                traces_of(&several),
                Vec::<String>::new(),
                "{}",
                endpoint.path
            );
        }
        reduce(&bed, &car, Precision::Exact).await;
        assert_eq!(traces_of(&ask(&app, &car, path).await), traces_of(&exact));
    }
    // The walk finds what there is to find.
    let expected = [
        "/location",
        "/ford/charge/schedule_by_location",
        "/lincoln/charge/schedule_by_location",
        "/nissan/charge/history",
    ];
    for path in expected {
        let is_there = ENDPOINTS.iter().any(|endpoint| endpoint.path == path);
        assert!(!is_there || told.contains(&path), "{path} {told:?}");
    }
    assert!(told.len() >= 4, "{told:?}");
}

#[tokio::test]
async fn the_same_place_is_told_however_often_it_is_asked_for() {
    let bed = TestBed::new().await;
    let car = standing(&bed, Some("TESLA")).await;
    let app = door(&bed);
    reduce(&bed, &car, Precision::Kilometre).await;
    for _ in 0..3 {
        let body = ask(&app, &car, "location").await.json();
        assert_eq!(body, json!({ "latitude": 39.735, "longitude": -104.987 }));
    }
    // Where it points is not where it is; whether it is at home would be.
    let compass = ask(&app, &car, "tesla/compass").await.json();
    assert_eq!(compass["heading"], 47.5);
    let attributes = ask(&app, &car, "tesla/attributes").await;
    assert_eq!(
        (attributes.status.as_u16(), &attributes.json()["atHome"]),
        (200, &Value::Null)
    );
    // A permission that is taken back is refused at once, and the others are not.
    let (key, now) = ((car.user, car.vehicle), bed.clock().now());
    let unit = async move |tx: &mut Tx<'_>| {
        let owner = Identity::email("owner@ladebaer.test");
        acts::take_back(tx, (&owner, ACTOR), key, Permission::ReadLocation, now).await
    };
    assert!(bed.store.write(unit).await.unwrap());
    assert_eq!(ask(&app, &car, "location").await.status, 403);
    assert_eq!(ask(&app, &car, "odometer").await.status, 200);
}

#[tokio::test]
async fn a_place_to_charge_cannot_be_found_by_trying() {
    let bed = TestBed::new().await;
    let car = standing(&bed, Some("FORD")).await;
    let app = door(&bed);
    reduce(&bed, &car, Precision::Kilometre).await;
    let plan = json!({
        "chargingLocation": {
            "chargeLimit": 0.55,
            "chargingWindows": { "weekday": [], "weekend": [] }
        }
    });
    let set = async |latitude: f64, longitude: f64| {
        let path = "ford/charge/schedule_by_location";
        let path = format!("{path}?latitude={latitude}&longitude={longitude}");
        let request = app.request(Method::PUT, &car.path(&path));
        let request = request.bearer(&car.access_token).json(&plan);
        request.send().await.status.as_u16()
    };
    // As it was told, and from anywhere in the cell: that says no more than the cell.
    for (latitude, longitude) in [(39.735, -104.987), HERE, (39.7301, -104.982)] {
        assert_eq!(set(latitude, longitude).await, 200, "{latitude}");
    }
    // Beside the edge of the cell, however near the place is.
    for (latitude, longitude) in [
        (39.7401, -104.9903),
        (39.7299, -104.987),
        (39.735, -104.9801),
    ] {
        assert_eq!(set(latitude, longitude).await, 400, "{latitude}");
    }
    let places = ask(&app, &car, "ford/charge/schedule_by_location")
        .await
        .json();
    assert_eq!(places["chargingLocations"][0]["chargeLimit"], 0.55);
    reduce(&bed, &car, Precision::Exact).await;
    let places = ask(&app, &car, "ford/charge/schedule_by_location")
        .await
        .json();
    assert_eq!(
        places["chargingLocations"][0]["location"]["latitude"],
        HERE.0
    );
}
