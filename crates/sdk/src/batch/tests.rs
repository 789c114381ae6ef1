//! Typed results out of one answer.

use std::time::Duration;

use crate::data::{Fuel, Odometer};
use crate::paths::{self, Path};
use crate::stub::Stub;
use crate::{Api, Batch, Error, UnitSystem, Vehicle};

/// The sample of contract rest-v2, 2.23, with a rate limit besides.
const BODY: &str = r#"{"responses":[
  {"path":"/odometer","code":200,"body":{"distance":48213.7},
   "headers":{"sc-data-age":"2026-03-01T08:15:30.250Z","sc-fetched-at":"2026-03-01T08:15:31.004Z",
     "sc-unit-system":"metric"}},
  {"path":"/fuel","code":403,
   "body":{"statusCode":403,"type":"PERMISSION","code":null,"description":"Not granted.",
     "docURL":"http://d/permission","resolution":{"type":"REAUTHENTICATE"},"requestId":"q-7"},
   "headers":{}},
  {"path":"/tires/pressure","code":429,
   "body":{"statusCode":429,"type":"RATE_LIMIT","code":"VEHICLE","description":"Wait.",
     "docURL":"d","resolution":{"type":"RETRY_LATER"},"requestId":"q-7"},
   "headers":{"Retry-After":61}},
  {"path":"/tesla/compass","code":200,"body":{"heading":47.5},"headers":{}},
  {"path":"/service/history","code":200,"body":[],"headers":null}]}"#;

async fn answering(body: &str) -> (Vehicle, Stub) {
    let stub = Stub::answering(200, &[("sc-request-id", "q-7")], body).await;
    (Api::at(&stub.origin).unwrap().vehicle("v", "t0"), stub)
}

#[tokio::test]
async fn each_handle_takes_its_own_result() {
    let (car, stub) = answering(BODY).await;
    let mut batch = Batch::new();
    let odometer = batch.add(paths::ODOMETER);
    let fuel = batch.add(paths::FUEL);
    let tires = batch.add(paths::TIRE_PRESSURE);
    let compass = batch.add(Path::<serde_json::Value>::new("tesla/compass/"));
    let history = batch.add(paths::SERVICE_HISTORY);
    let mut answers = car
        .unit_system(UnitSystem::Imperial)
        .batch(batch)
        .await
        .unwrap();

    let odometer = answers.take(odometer).unwrap();
    assert!((odometer.distance - 48213.7).abs() < f64::EPSILON);
    assert_eq!(odometer.meta.unit_system, Some(UnitSystem::Metric));
    assert!(odometer.meta.data_age < odometer.meta.fetched_at);
    assert_eq!(odometer.meta.request_id.as_deref(), Some("q-7"));

    let refused = answers.take(fuel).unwrap_err();
    let refused = refused.api().unwrap();
    assert_eq!(
        (refused.type_.as_str(), refused.status_code),
        ("PERMISSION", 403)
    );
    assert_eq!(refused.resolution.type_.as_deref(), Some("REAUTHENTICATE"));
    let refused = answers.take(tires).unwrap_err();
    assert_eq!(
        refused.api().unwrap().retry_after,
        Some(Duration::from_secs(61))
    );

    assert!(answers.take(compass).unwrap()["heading"] == 47.5);
    let history = answers.take(history).unwrap();
    assert!(history.is_empty() && history.meta.data_age.is_none());
    assert_eq!(answers.meta.request_id.as_deref(), Some("q-7"));

    let seen = stub.seen();
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("POST", "/v2.0/vehicles/v/batch")
    );
    assert_eq!(
        seen.body,
        r#"{"requests":[{"path":"/odometer"},{"path":"/fuel"},{"path":"/tires/pressure"},{"path":"tesla/compass/"},{"path":"/service/history"}]}"#
    );
    assert_eq!(seen.header("sc-unit-system"), "imperial");
}

#[tokio::test]
async fn duplicates_and_another_order_find_their_places() {
    let (car, _stub) = answering(
        r#"{"responses":[
        {"path":"/fuel","code":501,"body":{"type":"COMPATIBILITY","statusCode":501},"headers":{}},
        {"path":"/odometer","code":200,"body":{"distance":1.5},"headers":{}},
        {"path":"/odometer","code":200,"body":{"distance":2.5},"headers":{}}]}"#,
    )
    .await;
    let mut batch = Batch::new();
    let one = batch.add(Path::<Odometer>::new("odometer?x=1"));
    let other = batch.add(paths::ODOMETER);
    let fuel = batch.add(paths::FUEL);
    let vin = batch.add(paths::VIN);
    assert_eq!((batch.len(), batch.is_empty()), (4, false));
    let mut answers = car.batch(batch).await.unwrap();
    let distances = (
        answers.take(one).unwrap().distance,
        answers.take(other).unwrap().distance,
    );
    assert!(
        distances.0 + distances.1 > 3.9,
        "each is given away once: {distances:?}"
    );
    assert_eq!(
        answers.take(fuel).unwrap_err().api().unwrap().status_code,
        501
    );
    let missing = answers.take(vin).unwrap_err();
    assert_eq!(missing.to_string(), "the batch has no answer for /vin");
}

#[tokio::test]
async fn a_result_of_another_form_spoils_no_other() {
    let (car, _stub) = answering(BODY).await;
    let mut batch = Batch::new();
    let wrong = batch.add(Path::<Vec<Fuel>>::new("/odometer"));
    let page = batch.add(Path::<String>::new("/fuel"));
    let mut answers = car.batch(batch).await.unwrap();
    let error = answers.take(wrong).unwrap_err();
    assert!(
        matches!(&error, Error::Decode { request_id: Some(id), .. } if id == "q-7"),
        "{error:?}"
    );
    assert!(answers.take(page).unwrap_err().api().is_some());
    assert!(!format!("{answers:?}").contains("48213"));
}

#[tokio::test]
async fn a_handle_fits_its_own_batch_only() {
    let (car, _stub) = answering(BODY).await;
    let foreign = Batch::new().add(paths::ODOMETER);
    let mut batch = Batch::new();
    let own = batch.add(paths::ODOMETER);
    let mut answers = car.batch(batch).await.unwrap();
    assert!(matches!(answers.take(foreign), Err(Error::Input(_))));
    assert!(answers.take(own).is_ok());
}

#[tokio::test]
async fn a_batch_that_is_refused_is_one_error() {
    let body = r#"{"type":"VALIDATION","code":null,"description":"No such path.","docURL":"d",
        "statusCode":400,"requestId":"q","resolution":{"type":null}}"#;
    let stub = Stub::answering(400, &[], body).await;
    let car = Api::at(&stub.origin).unwrap().vehicle("v", "t0");
    let error = car.batch(Batch::new()).await.unwrap_err();
    assert_eq!(error.api().unwrap().type_, "VALIDATION");
    assert_eq!(stub.seen().body, r#"{"requests":[]}"#);
}
