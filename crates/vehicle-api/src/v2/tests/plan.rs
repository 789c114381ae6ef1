//! What a plan has room for, and suspended applications.

use carport_model::{ApplicationId, Mode};
use carport_store::applications;
use carport_testkit::{Car, TestApp, TestBed, found_vehicle};
use serde_json::{Value, json};

use super::rates::{batch, limited, limits, told, within};
use super::*;
use crate::limits::{Feature, Limits, Plan};

fn plan(plan: Plan) -> Limits {
    Limits { plan, ..limits() }
}

pub(super) fn vehicles(vehicles: u64) -> Limits {
    plan(Plan {
        vehicles: Some(vehicles),
        ..Plan::default()
    })
}

pub(super) fn calls(calls: u64) -> Limits {
    plan(Plan {
        vehicle_requests: Some(calls),
        ..Plan::default()
    })
}

fn billing(code: &str) -> (u16, String) {
    (430, format!("BILLING/{code}"))
}

pub(super) async fn suspend(bed: &TestBed, id: ApplicationId, is_suspended: bool) {
    let since = is_suspended.then(|| bed.clock().now());
    let unit = async move |tx: &mut Tx<'_>| applications::suspend(tx, id, since).await;
    let changed: Result<bool, StoreError> = bed.store.write(unit).await;
    assert!(changed.unwrap());
}

/// Cars of one application, each connected a second after the one before.
async fn garage(bed: &TestBed, mode: Mode, count: usize) -> Vec<Car> {
    let client = bed.application().await;
    let mut cars = Vec::new();
    for number in 0..count {
        bed.clock.advance(Duration::from_secs(1));
        let found = found_vehicle(&format!("0SCTESLA1A2B3C4{number:02}"), Level::Compatible);
        cars.push(
            bed.connect_owner(&client, (mode, "owner@ladebaer.test"), found, ALL)
                .await,
        );
    }
    cars
}

async fn statuses(app: &TestApp, cars: &[Car]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for car in cars {
        statuses.push(ask(app, car, "vin").await.status.as_u16());
    }
    statuses
}

#[tokio::test]
async fn a_suspended_application_is_refused_until_it_is_resumed() {
    let bed = TestBed::new().await;
    let (car, other) = (bed.connect(ALL).await, bed.connect(ALL).await);
    let app = door(&bed);
    let id = car.client.application.id;
    assert_eq!(ask(&app, &car, "vin").await.status, 200);
    suspend(&bed, id, true).await;
    for path in [
        "/v2.0/user",
        "/v2.0/vehicles",
        &car.path("vin"),
        &car.path("odometer"),
    ] {
        let answer = app.get(path).bearer(&car.access_token).send().await;
        assert_eq!(told(&answer), billing("ACCOUNT_SUSPENDED"), "{path}");
        assert_eq!(answer.json()["resolution"], json!({ "type": "FINANCE" }));
    }
    assert_eq!(
        told(&batch(&app, &car, &["/vin"]).await),
        billing("ACCOUNT_SUSPENDED")
    );
    let lock = app.post(&car.path("security")).bearer(&car.access_token);
    let lock = lock.json(&json!({ "action": "LOCK" })).send().await;
    assert_eq!(told(&lock), billing("ACCOUNT_SUSPENDED"));
    assert_eq!(ask(&app, &other, "vin").await.status, 200);
    // Its tokens wait for it.
    suspend(&bed, id, false).await;
    assert_eq!(ask(&app, &car, "vin").await.status, 200);
}

#[tokio::test]
async fn what_a_plan_leaves_out_is_refused_in_every_mode() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let without = |without: &[Feature]| Limits {
        plan: Plan {
            without: without.to_vec(),
            ..Plan::default()
        },
        ..Limits::default()
    };
    let app = limited(&bed, without(&[Feature::Batch]));
    let refused = batch(&app, &car, &["/vin"]).await;
    assert_eq!(told(&refused), billing("INVALID_PLAN"));
    assert_eq!(
        refused.json()["resolution"],
        json!({ "type": "CONTACT_SUPPORT" })
    );
    assert_eq!(ask(&app, &car, "charge").await.status, 200);
    let start = async |app: &TestApp| {
        let request = app.post(&car.path("charge")).bearer(&car.access_token);
        request.json(&json!({ "action": "START" })).send().await
    };
    assert_eq!(start(&app).await.status, 200);
    let app = limited(&bed, without(&[Feature::Commands, Feature::Compatibility]));
    assert_eq!(told(&start(&app).await), billing("INVALID_PLAN"));
    assert_eq!(ask(&app, &car, "charge").await.status, 200);
    assert_eq!(batch(&app, &car, &["/vin"]).await.status, 200);
}

#[tokio::test]
async fn vehicles_beyond_the_plan_are_refused_until_there_is_room() {
    let bed = TestBed::new().await;
    let cars = garage(&bed, Mode::Test, 3).await;
    let stranger = bed.connect(ALL).await;
    let app = limited(&bed, vehicles(2));
    assert_eq!(statuses(&app, &cars).await, [200, 200, 430]);
    for endpoint in ["vin", "permissions", "odometer"] {
        let refused = ask(&app, &cars[2], endpoint).await;
        assert_eq!(told(&refused), billing("VEHICLE_LIMIT"), "{endpoint}");
        assert_eq!(
            refused.json()["resolution"],
            json!({ "type": "CONTACT_SUPPORT" })
        );
    }
    assert_eq!(
        told(&batch(&app, &cars[2], &["/vin"]).await),
        billing("VEHICLE_LIMIT")
    );
    // It is still the owner's, and another application has room of its own.
    let list = app
        .get("/v2.0/vehicles")
        .bearer(&cars[2].access_token)
        .send()
        .await;
    assert_eq!(list.json()["paging"]["count"], 3);
    assert_eq!(ask(&app, &stranger, "vin").await.status, 200);
    // A grant that is renewed does not lose its place.
    let client = &cars[0].client;
    let again = bed
        .connect_vehicle(client, cars[0].found.clone(), &["read_vin"])
        .await;
    assert_eq!(again.vehicle, cars[0].vehicle);
    look_again(&bed);
    assert_eq!(statuses(&app, &cars).await, [200, 200, 430]);
    // With a larger plan, after a restart, there is room for all.
    assert_eq!(
        statuses(&limited(&bed, vehicles(3)), &cars).await,
        [200, 200, 200]
    );
    assert_eq!(
        statuses(&limited(&bed, vehicles(0)), &cars).await,
        [430, 430, 430]
    );
}

/// An answer holds at least a second, and longer when the machine took its time to find it.
fn look_again(bed: &TestBed) {
    bed.clock.advance(Duration::from_hours(1));
}

#[tokio::test]
async fn vehicles_that_come_are_noticed_and_other_modes_take_no_room() {
    let bed = TestBed::new().await;
    let mut cars = garage(&bed, Mode::Test, 1).await;
    let client = cars[0].client.clone();
    let app = limited(&bed, vehicles(1));
    assert_eq!(statuses(&app, &cars).await, [200]);
    bed.clock.advance(Duration::from_secs(1));
    let found =
        |number: u8| found_vehicle(&format!("0SCKIA01A2B3C4{number:03}"), Level::Compatible);
    let live = (Mode::Live, "owner@ladebaer.test");
    for number in 0..2 {
        cars.push(bed.connect_owner(&client, live, found(number), ALL).await);
    }
    look_again(&bed);
    cars[0].access_token = bed.tokens(&client, cars[0].user).await.access;
    assert_eq!(statuses(&app, &cars[..1]).await, [200]);
    // Cars of a mode that is not limited are served, however many there are.
    let fresh = bed.connect_owner(&client, live, found(2), ALL).await;
    assert_eq!(statuses(&app, &[fresh]).await, [200]);
    let second = bed.connect_vehicle(&client, found(3), ALL).await;
    look_again(&bed);
    assert_eq!(
        told(&ask(&app, &second, "vin").await),
        billing("VEHICLE_LIMIT")
    );
}

#[tokio::test]
async fn a_vehicle_has_so_many_calls_a_month() {
    let bed = TestBed::new().await;
    let cars = garage(&bed, Mode::Test, 2).await;
    let api = within(&bed, calls(3));
    let usage = api.usage.clone().unwrap();
    let app = serve(&bed, api);
    assert!(usage.is_saved());
    for endpoint in ["vin", "odometer", "permissions"] {
        assert_eq!(ask(&app, &cars[0], endpoint).await.status, 200);
    }
    let refused = ask(&app, &cars[0], "vin").await;
    assert_eq!(told(&refused), billing("VEHICLE_REQUEST_LIMIT"));
    assert_eq!(
        refused.json()["resolution"],
        json!({ "type": "CONTACT_SUPPORT" })
    );
    // Outer in a batch, as all that is about billing (contract, 2.23).
    let refused = batch(&app, &cars[0], &["/vin", "/odometer"]).await;
    assert_eq!(told(&refused), billing("VEHICLE_REQUEST_LIMIT"));
    assert_eq!(ask(&app, &cars[1], "vin").await.status, 200);
    // What is refused on the way does not count.
    assert_eq!(ask(&app, &cars[1], "permissions?limit=x").await.status, 400);
    usage.save().await.unwrap();
    // A restarted server has not forgotten, and the next month begins anew.
    let app = limited(&bed, calls(3));
    assert_eq!(
        told(&ask(&app, &cars[0], "vin").await),
        billing("VEHICLE_REQUEST_LIMIT")
    );
    assert_eq!(
        statuses(&app, &[cars[1].clone(), cars[1].clone()]).await,
        [200, 200]
    );
    assert_eq!(
        told(&ask(&app, &cars[1], "vin").await),
        billing("VEHICLE_REQUEST_LIMIT")
    );
    let (last, _) = Timestamp::read("2026-03-31T23:59:59.999Z").unwrap();
    bed.clock.set(last);
    let tokens = bed.tokens(&cars[0].client, cars[0].user).await;
    let request = |path: &str| app.get(path).bearer(&tokens.access);
    let last = request(&cars[0].path("vin")).send().await;
    assert_eq!(told(&last), billing("VEHICLE_REQUEST_LIMIT"));
    bed.clock.advance(Duration::from_millis(1));
    assert_eq!(request(&cars[0].path("vin")).send().await.status, 200);
}

#[tokio::test]
async fn a_batch_is_served_until_the_month_s_calls_are_used_up() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin", "read_odometer"]).await;
    let app = limited(&bed, calls(2));
    let answer = batch(&app, &car, &["/vin", "/fuel", "/odometer", "/vin"]).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    let codes: Vec<&Value> = body["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["code"])
        .collect();
    assert_eq!(codes, [200, 403, 200, 430]);
    assert_eq!(
        body["responses"][3]["body"]["code"],
        "VEHICLE_REQUEST_LIMIT"
    );
    assert_eq!(body["responses"][3]["headers"], json!({}));
}

#[tokio::test]
async fn an_application_that_comes_with_its_secret_is_held_to_the_same() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let asks = async |app: &TestApp, mode: &str| {
        let question =
            "vin=5YJSA1CN5DFP00101&scope=read_odometer&test_mode_compatibility_level=bev";
        let request = app.get(&format!("/v2.0/compatibility?{question}&mode={mode}"));
        request.basic(&client.id, &client.secret).send().await
    };
    let app = limited(&bed, super::rates::application(1));
    assert_eq!(asks(&app, "test").await.status, 200);
    let again = told(&asks(&app, "test").await);
    assert_eq!(again, (429, "RATE_LIMIT/SMARTCAR_API".to_owned()));
    // Live requests are free here, and so is one whose mode cannot be told: that is told instead.
    assert_eq!(asks(&app, "live").await.status, 200);
    assert_eq!(asks(&app, "dreamt").await.status, 400);
    let without = Limits {
        plan: Plan {
            without: vec![Feature::Compatibility],
            ..Plan::default()
        },
        ..super::rates::application(1)
    };
    let app = limited(&bed, without);
    assert_eq!(told(&asks(&app, "live").await), billing("INVALID_PLAN"));
    suspend(&bed, client.application.id, true).await;
    for app in [app, door(&bed)] {
        let suspended = told(&asks(&app, "test").await);
        assert_eq!(suspended, billing("ACCOUNT_SUSPENDED"));
    }
}
