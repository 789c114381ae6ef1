//! What is known, or not, of a battery.

use carport_model::LinkPurpose;
use carport_model::reading::{BatteryCapacity, CapacityChoice};
use carport_model::signal::traction_battery::NOMINAL_CAPACITY;
use carport_store::held_values;
use carport_testkit::{Car, TestBed, found_vehicle};
use serde_json::json;

use super::*;

const TWO: [f64; 2] = [63.0, 87.0];

async fn with(bed: &TestBed, capacities: &[f64]) -> Car {
    let client = bed.application().await;
    let mut car = found_vehicle("0SCTESLA1A2B3C4D6", Level::Bev);
    car.capacities = choices(capacities);
    bed.connect_vehicle(&client, car, ALL).await
}

fn choices(capacities: &[f64]) -> Vec<CapacityChoice> {
    let choice = |capacity: &f64| CapacityChoice {
        capacity: *capacity,
        description: Some(format!("BEV:{capacity}")),
    };
    capacities.iter().map(choice).collect()
}

#[tokio::test]
async fn one_that_is_known() {
    let bed = TestBed::new().await;
    let car = with(&bed, &[75.0]).await;
    let app = door(&bed);
    let nominal = ask(&app, &car, "battery/nominal_capacity").await;
    assert_eq!(
        nominal.json(),
        json!({
            "availableCapacities": [{ "capacity": 75.0, "description": "BEV:75" }],
            "capacity": { "nominal": 75.0, "source": "SMARTCAR" },
            "url": null
        })
    );
    assert_eq!(nominal.header("sc-unit-system"), "");
    let capacity = ask(&app, &car, "battery/capacity").await.json();
    assert_eq!(capacity, json!({ "capacity": 75.0 }));
}

#[tokio::test]
async fn several_of_which_the_owner_knows_the_right_one() {
    let bed = TestBed::new().await;
    let car = with(&bed, &TWO).await;
    let app = door(&bed);
    let nominal = ask(&app, &car, "battery/nominal_capacity").await.json();
    assert_eq!(nominal["capacity"], Value::Null);
    assert_eq!(nominal["availableCapacities"].as_array().unwrap().len(), 2);
    let url = nominal["url"].as_str().unwrap();
    let token = url
        .split("&token=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let opens = |now| link_key().opens(token, LinkPurpose::BatteryCapacity, car.vehicle, now);
    let now = bed.clock().now();
    assert!(opens(now.plus(Duration::from_hours(30 * 24 - 1))));
    assert!(!opens(now.plus(Duration::from_hours(30 * 24))));
    assert!(url.starts_with("http://carport.test/battery-capacity?vehicle_id="));
    assert!(url.ends_with("&response_type=vehicle_id&redirect_uri="));

    let single = ask(&app, &car, "battery/capacity").await;
    assert_eq!(single.status, 500);
    assert_eq!(single.json()["code"], "MULTIPLE_RECORDS_FOUND");
    assert_eq!(single.json()["detail"], json!([{ "capacities": TWO }]));

    let chosen = SignalValue::Capacity(BatteryCapacity {
        nominal: Some(87.0),
        is_chosen: true,
        candidates: choices(&TWO),
    });
    let (vehicle, values) = (car.vehicle, [(NOMINAL_CAPACITY, chosen)]);
    let unit = async move |tx: &mut Tx<'_>| held_values::put(tx, vehicle, &values, now).await;
    let kept: Result<(), StoreError> = bed.store.write(unit).await;
    kept.unwrap();
    let nominal = ask(&app, &car, "battery/nominal_capacity").await.json();
    let known = json!({ "nominal": 87.0, "source": "USER_SELECTED" });
    assert_eq!(nominal["capacity"], known);
    assert!(nominal["url"].is_string());
    let capacity = ask(&app, &car, "battery/capacity").await.json();
    assert_eq!(capacity, json!({ "capacity": 87.0 }));
}

#[tokio::test]
async fn none_that_is_known() {
    let bed = TestBed::new().await;
    let car = with(&bed, &[]).await;
    let app = door(&bed);
    let nominal = ask(&app, &car, "battery/nominal_capacity").await.json();
    let nothing = json!({ "availableCapacities": [], "capacity": null, "url": null });
    assert_eq!(nominal, nothing);
    let single = ask(&app, &car, "battery/capacity").await;
    assert_eq!(single.json()["code"], "RECORD_NOT_FOUND");
    assert_eq!(single.json()["resolution"]["type"], "CONTACT_SUPPORT");
}
