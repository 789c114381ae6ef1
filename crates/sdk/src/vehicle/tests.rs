//! What goes over the wire to the vehicle API, and what comes back.

use std::time::Duration;

use super::*;
use crate::data::ChargeState;
use crate::error::Error;
use crate::stub::Stub;

const ID: &str = "8a1d2c44-5b6e-4c7f-8d90-1e2f3a4b5c6d";

fn car(stub: &Stub) -> Vehicle {
    Api::at(&stub.origin).unwrap().vehicle(ID, &"t0".into())
}

#[tokio::test]
async fn a_reading_carries_token_and_units_and_brings_its_meta() {
    let headers = &[
        ("sc-request-id", "q-1"),
        ("sc-data-age", "2026-03-01T08:15:30.250Z"),
        ("sc-fetched-at", "2026-03-01T08:15:31.000Z"),
        ("sc-unit-system", "imperial"),
    ];
    let stub = Stub::answering(200, headers, r#"{"distance":59801.6373441601}"#).await;
    let odometer = car(&stub)
        .unit_system(UnitSystem::Imperial)
        .odometer()
        .await
        .unwrap();
    assert!((odometer.distance - 59_801.637_344_160_1).abs() < f64::EPSILON);
    assert_eq!(odometer.meta.request_id.as_deref(), Some("q-1"));
    assert_eq!(
        odometer.meta.data_age.unwrap().to_string(),
        "2026-03-01T08:15:30.25Z"
    );
    assert!(odometer.meta.fetched_at > odometer.meta.data_age);
    assert_eq!(odometer.meta.unit_system, Some(UnitSystem::Imperial));

    let seen = stub.seen();
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("GET", &*reading("/odometer"))
    );
    assert_eq!(seen.header("authorization"), "Bearer t0");
    assert_eq!(seen.header("sc-unit-system"), "imperial");
}

#[tokio::test]
async fn missing_and_strange_headers_are_none() {
    let headers = &[("sc-data-age", "yesterday"), ("sc-unit-system", "furlongs")];
    let stub = Stub::answering(200, headers, r#"{"latitude":1.5,"longitude":-2}"#).await;
    let location = car(&stub).location().await.unwrap();
    assert_eq!(location.meta, crate::Meta::default());
    assert_eq!(format!("{:?}", location.data), "Location(***)");
}

#[tokio::test]
async fn every_read_has_its_path_and_its_form() {
    let car = |body| async move {
        let stub = Stub::answering(200, &[], body).await;
        (car(&stub), stub)
    };

    let (it, stub) = car(r#"{"id":"i","make":"KIA","model":"EV6","year":2023}"#).await;
    assert_eq!(it.attributes().await.unwrap().year, 2023);
    assert_eq!(stub.seen().target, reading(""));

    let (it, stub) = car(r#"{"vin":"0SCCHEV012A4B6C8D"}"#).await;
    assert_eq!(it.vin().await.unwrap().vin, "0SCCHEV012A4B6C8D");
    assert_eq!(stub.seen().target, reading("/vin"));

    let (it, stub) = car(r#"{"permissions":["read_vin"],"paging":{"count":3,"offset":2}}"#).await;
    let page = it
        .permissions(Paging::default().limit(1).offset(2))
        .await
        .unwrap();
    assert_eq!(
        (
            page.permissions.len(),
            page.paging.count,
            page.paging.offset
        ),
        (1, 3, 2)
    );
    assert_eq!(stub.seen().target, reading("/permissions?limit=1&offset=2"));

    let (it, stub) = car(r#"{"percentRemaining":null,"amountRemaining":21,"range":1.5}"#).await;
    let fuel = it.fuel().await.unwrap();
    assert_eq!(
        (fuel.percent_remaining, fuel.amount_remaining),
        (None, Some(21.0))
    );
    assert_eq!(stub.seen().target, reading("/fuel"));

    let (it, stub) = car(r#"{"percentRemaining":0.63,"range":231.4}"#).await;
    assert!(it.battery().await.unwrap().percent_remaining < 1.0);
    assert_eq!(stub.seen().target, reading("/battery"));

    let (it, stub) = car(r#"{"isPluggedIn":true,"state":"FULLY_CHARGED"}"#).await;
    assert_eq!(it.charge().await.unwrap().state, ChargeState::FullyCharged);
    assert_eq!(stub.seen().target, reading("/charge"));

    let (it, _stub) = car(r#"{"isPluggedIn":true,"state":"RESTING"}"#).await;
    assert_eq!(it.charge().await.unwrap().state, ChargeState::Unknown);

    let (it, stub) =
        car(r#"{"frontLeft":1.5,"frontRight":1.5,"backLeft":1.5,"backRight":2.5}"#).await;
    assert!(it.tire_pressure().await.unwrap().back_right > 2.0);
    assert_eq!(stub.seen().target, reading("/tires/pressure"));
}

#[tokio::test]
async fn owner_calls_have_no_unit_header() {
    let stub = Stub::answering(200, &[], r#"{"id":"u"}"#).await;
    let api = Api::at(&format!("{}/", stub.origin)).unwrap();
    assert_eq!(api.get_user(&"t0".into()).await.unwrap().id, "u");
    let seen = stub.seen();
    assert_eq!(
        (seen.target.as_str(), seen.header("sc-unit-system")),
        ("/v2.0/user", "")
    );

    let body = r#"{"vehicles":[],"paging":{"count":1,"offset":1}}"#;
    let stub = Stub::answering(200, &[], body).await;
    let api = Api::at(&stub.origin).unwrap().version("3.1");
    api.get_vehicles(&"t0".into(), Paging::default().offset(1))
        .await
        .unwrap();
    assert_eq!(stub.seen().target, "/v3.1/vehicles?offset=1");
}

#[tokio::test]
async fn an_id_stays_one_piece_of_the_path() {
    let stub = Stub::answering(200, &[], r#"{"vin":"v"}"#).await;
    let odd = Vehicle::new("a/../b?c", "t")
        .unwrap()
        .origin(&stub.origin)
        .unwrap();
    odd.version("2.0").vin().await.unwrap();
    assert_eq!(stub.seen().target, "/v2.0/vehicles/a%2F..%2Fb%3Fc/vin");
}

#[tokio::test]
async fn an_error_of_the_api_keeps_all_it_says() {
    let body = r#"{"type":"RATE_LIMIT","code":"VEHICLE","description":"Too many calls. Wait.",
        "docURL":"http://d/rate-limit#vehicle","statusCode":429,"requestId":"q-9",
        "resolution":{"type":"RETRY_LATER","url":"http://r"},
        "detail":[{"field":"f","message":"m"}],"suggestedUserMessage":"Later."}"#;
    let stub = Stub::answering(429, &[("retry-after", "61")], body).await;
    let error = car(&stub).odometer().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "RATE_LIMIT/VEHICLE: Too many calls. Wait."
    );
    let error = error.api().unwrap();
    assert_eq!(
        error.doc_url.as_deref(),
        Some("http://d/rate-limit#vehicle")
    );
    assert_eq!(error.status_code, 429);
    assert_eq!(error.request_id.as_deref(), Some("q-9"));
    assert_eq!(error.resolution.type_.as_deref(), Some("RETRY_LATER"));
    assert_eq!(error.resolution.url.as_deref(), Some("http://r"));
    assert_eq!(error.detail[0]["message"], "m");
    assert_eq!(error.suggested_user_message.as_deref(), Some("Later."));
    assert_eq!(error.retry_after, Some(Duration::from_secs(61)));
}

#[tokio::test]
async fn a_bare_error_leaves_the_rest_empty() {
    let body = r#"{"type":"AUTHENTICATION","code":null,"description":"No.","docURL":"d",
        "statusCode":401,"requestId":"q","resolution":{"type":null}}"#;
    let stub = Stub::answering(401, &[], body).await;
    let error = car(&stub).odometer().await.unwrap_err();
    assert!(error.is_authentication());
    assert_eq!(error.to_string(), "AUTHENTICATION: No.");
    let error = error.api().unwrap();
    assert_eq!(error.resolution, crate::Resolution::default());
    assert!(error.detail.is_empty() && error.code.is_none() && error.retry_after.is_none());
}

#[tokio::test]
async fn what_is_not_the_apis_own_becomes_an_sdk_error_with_its_text() {
    for body in ["<h1>Bad gateway</h1>", r#"{"message":"not ours"}"#] {
        let stub = Stub::answering(502, &[("sc-request-id", "q-3")], body).await;
        let error = car(&stub).odometer().await.unwrap_err();
        let error = error.api().unwrap();
        assert_eq!(
            (error.type_.as_str(), error.status_code),
            ("SDK_ERROR", 502)
        );
        assert_eq!(error.description, body);
        assert_eq!(error.request_id.as_deref(), Some("q-3"));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let stub = Stub::answering(302, &[("location", "http://127.0.0.1:9/")], "").await;
    let error = car(&stub).odometer().await.unwrap_err();
    assert_eq!(error.api().unwrap().status_code, 302);
}

#[tokio::test]
async fn no_server_is_a_transport_error_and_prose_a_decode_error() {
    let gone = Stub::answering(200, &[], "").await.origin.clone();
    let api = Api::at(&gone).unwrap();
    let error = api.vehicle(ID, &"t0".into()).vin().await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");

    let stub = Stub::answering(200, &[], "welcome").await;
    let error = car(&stub).vin().await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
}

fn reading(path: &str) -> String {
    format!("/v2.0/vehicles/{ID}{path}")
}
