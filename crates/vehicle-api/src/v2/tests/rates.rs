//! How fast an application may ask and a vehicle is asked.

use std::num::NonZeroU32;

use carport_model::{Mode, Timestamp};
use carport_testkit::{Answer, Car, TestApp, TestBed, found_vehicle};
use serde_json::{Value, json};

use super::*;
use crate::limits::{Limits, Rate, Usage};

pub(super) fn rate(size: u32, refill: u32, per: Duration) -> Rate {
    let number = |number| NonZeroU32::new(number).unwrap();
    Rate::new(number(size), number(refill), per)
}

/// Limits that test cars are held to.
pub(super) fn limits() -> Limits {
    Limits {
        modes: vec![Mode::Test],
        ..Limits::default()
    }
}

/// So many requests of an application at once, and two more a minute.
pub(super) fn application(size: u32) -> Limits {
    Limits {
        application: Some(rate(size, 2, Duration::from_mins(1))),
        ..limits()
    }
}

/// So many requests for a vehicle in ten minutes.
pub(super) fn vehicle(size: u32) -> Limits {
    Limits {
        vehicle: Some(rate(size, size, Duration::from_mins(10))),
        ..limits()
    }
}

/// The API within limits, of which nothing is used yet.
pub(super) fn within(bed: &TestBed, limits: Limits) -> VehicleApi {
    let services = Services {
        usage: Usage::of(limits, &bed.store),
        ..Services::clone(&api(bed))
    };
    services.into()
}

pub(super) fn limited(bed: &TestBed, limits: Limits) -> TestApp {
    serve(bed, within(bed, limits))
}

pub(super) async fn batch(app: &TestApp, car: &Car, paths: &[&str]) -> Answer {
    let request = app.post(&car.path("batch")).bearer(&car.access_token);
    request.json(&json!({ "requests": paths })).send().await
}

/// Type and code of an error, with its status.
pub(super) fn told(answer: &Answer) -> (u16, String) {
    let body = answer.json();
    let word = |name: &str| body[name].as_str().unwrap_or("-").to_owned();
    (
        answer.status.as_u16(),
        format!("{}/{}", word("type"), word("code")),
    )
}

fn slow_down() -> (u16, String) {
    (429, "RATE_LIMIT/SMARTCAR_API".to_owned())
}

#[tokio::test]
async fn an_application_has_a_bucket_that_refills() {
    let bed = TestBed::new().await;
    let (car, other) = (bed.connect(ALL).await, bed.connect(ALL).await);
    let app = limited(&bed, application(4));
    let get = async |path: &str| app.get(path).bearer(&car.access_token).send().await;
    // Whatever comes with a token counts, refused or not.
    assert_eq!(get("/v2.0/user").await.status, 200);
    assert_eq!(get("/v2.0/vehicles").await.status, 200);
    assert_eq!(get(&car.path("vin")).await.status, 200);
    assert_eq!(get(&other.path("vin")).await.status, 403);
    for path in [
        "/v2.0/user",
        "/v2.0/vehicles",
        &car.path("vin"),
        &car.path("odometer"),
    ] {
        let answer = get(path).await;
        assert_eq!(told(&answer), slow_down(), "{path}");
        assert_eq!(
            answer.json()["resolution"],
            json!({ "type": "RETRY_LATER" })
        );
        assert_eq!(answer.header("retry-after"), "");
    }
    // Others have buckets of their own, and what comes without a token is nobody's.
    assert_eq!(ask(&app, &other, "vin").await.status, 200);
    assert_eq!(app.get("/v2.0/user").send().await.status, 401);
    assert_eq!(get("/v2.0/nothing").await.status, 404);
    bed.clock.advance(Duration::from_millis(29_999));
    assert_eq!(told(&get("/v2.0/user").await), slow_down());
    bed.clock.advance(Duration::from_millis(1));
    assert_eq!(get("/v2.0/user").await.status, 200);
    assert_eq!(told(&get("/v2.0/user").await), slow_down());
}

#[tokio::test]
async fn each_read_of_a_batch_is_a_request_of_the_application() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = limited(&bed, application(6));
    assert_eq!(
        batch(&app, &car, &["/vin", "/odometer", "/fuel"])
            .await
            .status,
        200
    );
    // Three are left: four are too many for all of them, and take none.
    let four = ["/vin", "/odometer", "/fuel", "/vin"];
    assert_eq!(told(&batch(&app, &car, &four).await), slow_down());
    assert_eq!(batch(&app, &car, &four[..3]).await.status, 200);
    assert_eq!(told(&batch(&app, &car, &["/vin"]).await), slow_down());
    // A client that repeats a refused batch does not keep the bucket empty.
    for _ in 0..4 {
        assert_eq!(told(&batch(&app, &car, &four).await), slow_down());
        bed.clock.advance(Duration::from_secs(30));
    }
    assert_eq!(batch(&app, &car, &four).await.status, 200);
}

#[tokio::test]
async fn a_vehicle_says_when_it_may_be_asked_again() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let [car, other] = ["0SCTESLA1A2B3C4D5", "0SCTESLA1A2B3C4D6"];
    let car = bed
        .connect_vehicle(&client, found_vehicle(car, Level::Compatible), ALL)
        .await;
    let other = found_vehicle(other, Level::Compatible);
    let other = bed.connect_vehicle(&client, other, ALL).await;
    let app = limited(&bed, vehicle(4));
    // A read of signals, one of what is static, and a command.
    assert_eq!(ask(&app, &car, "odometer").await.status, 200);
    assert_eq!(ask(&app, &car, "permissions").await.status, 200);
    let lock = app.post(&car.path("security")).bearer(&car.access_token);
    assert_eq!(
        lock.json(&json!({ "action": "LOCK" })).send().await.status,
        200
    );
    // What never comes to the vehicle does not count.
    let wrong = app.get(&car.path("odometer")).bearer(&car.access_token);
    assert_eq!(
        wrong.header("sc-unit-system", "ells").send().await.status,
        400
    );
    assert_eq!(ask(&app, &car, "permissions?limit=-1").await.status, 400);
    assert_eq!(ask(&app, &car, "odometer").await.status, 200);
    bed.clock.advance(Duration::from_millis(500));
    let refused = ask(&app, &car, "odometer").await;
    assert_eq!(told(&refused), (429, "RATE_LIMIT/VEHICLE".to_owned()));
    assert_eq!(
        refused.json()["resolution"],
        json!({ "type": "RETRY_LATER" })
    );
    // Four in ten minutes: the next is allowed 150 s after the first, in whole seconds.
    assert_eq!(refused.header("retry-after"), "150");
    assert_eq!(ask(&app, &other, "odometer").await.status, 200);
    assert_eq!(
        app.get("/v2.0/vehicles")
            .bearer(&car.access_token)
            .send()
            .await
            .status,
        200
    );
    bed.clock.advance(Duration::from_millis(148_500));
    let refused = ask(&app, &car, "vin").await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (429, "1")
    );
    bed.clock.advance(Duration::from_secs(1));
    assert_eq!(ask(&app, &car, "vin").await.status, 200);
    assert_eq!(ask(&app, &car, "vin").await.header("retry-after"), "150");
}

#[tokio::test]
async fn who_waits_as_long_as_told_is_served() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    // Seven in a hundred seconds do not divide into whole ones.
    let limits = Limits {
        vehicle: Some(rate(7, 7, Duration::from_secs(100))),
        ..limits()
    };
    let app = limited(&bed, limits);
    let mut waited = 0;
    for step in 0..40 {
        let answer = ask(&app, &car, "vin").await;
        if answer.status == 429 {
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            bed.clock.advance(Duration::from_secs(wait));
            assert_eq!(ask(&app, &car, "vin").await.status, 200, "step {step}");
            waited += 1;
        }
        bed.clock.advance(Duration::from_millis(137));
    }
    assert!(waited > 20, "{waited}");
}

#[tokio::test]
async fn a_vehicle_s_limit_is_nested_in_a_batch() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_odometer", "read_vin"]).await;
    let app = limited(&bed, vehicle(2));
    let paths = ["/odometer", "/fuel", "/vin", "/odometer", "/"];
    let answer = batch(&app, &car, &paths).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("retry-after"), "");
    let body = answer.json();
    let items = body["responses"].as_array().unwrap();
    let codes: Vec<&Value> = items.iter().map(|item| &item["code"]).collect();
    // A missing permission takes nothing, and is told although the vehicle's limit is reached.
    assert_eq!(codes, [200, 403, 200, 429, 403]);
    assert_eq!(
        items[3]["headers"],
        json!({ "retry-after": 300, "Retry-After": 300 })
    );
    assert_eq!(items[3]["body"]["code"], "VEHICLE");
    assert_eq!(
        items[3]["body"]["requestId"],
        answer.header("sc-request-id")
    );
    assert_eq!(items[1]["headers"], json!({}));
    assert_eq!(ask(&app, &car, "vin").await.header("retry-after"), "300");
}

#[tokio::test]
async fn modes_that_do_not_count_are_free() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let strict = Limits {
        application: Some(rate(1, 1, Duration::from_hours(1))),
        vehicle: Some(rate(1, 1, Duration::from_hours(1))),
        ..limits()
    };
    let modes = [vec![], vec![Mode::Live], vec![Mode::Simulated, Mode::Live]];
    for modes in modes {
        let app = limited(
            &bed,
            Limits {
                modes,
                ..strict.clone()
            },
        );
        for _ in 0..5 {
            assert_eq!(batch(&app, &car, &["/vin", "/vin"]).await.status, 200);
            assert_eq!(ask(&app, &car, "vin").await.status, 200);
        }
    }
    assert!(within(&bed, Limits::default()).usage.is_none());
}

#[tokio::test]
async fn an_old_address_says_when_to_come_back_too() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = limited(&bed, vehicle(1)).with_extension(crate::version::OldVersion);
    assert_eq!(ask(&app, &car, "vin").await.status, 200);
    let refused = ask(&app, &car, "vin").await;
    assert_eq!(refused.json()["error"], "rate_limiting_error");
    assert_eq!(refused.header("retry-after"), "600");
}

#[tokio::test]
async fn a_clock_that_goes_back_does_not_lock_anyone_out() {
    let bed = TestBed::new().await;
    let app = limited(&bed, vehicle(1));
    let then: Timestamp = bed.clock().now();
    bed.clock.advance(Duration::from_hours(24 * 365));
    let car = bed.connect(ALL).await;
    assert_eq!(ask(&app, &car, "vin").await.status, 200);
    bed.clock.set(then);
    assert_eq!(ask(&app, &car, "vin").await.header("retry-after"), "600");
    bed.clock.advance(Duration::from_mins(10));
    assert_eq!(ask(&app, &car, "vin").await.status, 200);
}
