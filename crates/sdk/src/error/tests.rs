//! What answers become errors, and what is left of them.

use std::time::Duration;

use super::*;
use crate::stub::Stub;
use crate::{Api, Vehicle};

const ID: &str = "8a1d2c44-5b6e-4c7f-8d90-1e2f3a4b5c6d";

fn car(stub: &Stub) -> Vehicle {
    Api::at(&stub.origin).unwrap().vehicle(ID, "t0")
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
async fn older_forms_of_errors_are_understood() {
    let word = r#"{"type":"VEHICLE_STATE","code":null,"description":"No.","statusCode":409,
        "resolution":"RETRY_LATER"}"#;
    let null = r#"{"type":"VEHICLE_STATE","description":"No.","resolution":null}"#;
    for (body, resolution) in [(word, Some("RETRY_LATER")), (null, None)] {
        let stub = Stub::answering(409, &[], body).await;
        let error = car(&stub).lock().await.unwrap_err();
        let error = error.api().unwrap();
        assert_eq!(
            (error.type_.as_str(), error.status_code),
            ("VEHICLE_STATE", 409)
        );
        assert_eq!(error.resolution.type_.as_deref(), resolution);
    }
    let body = r#"{"error":"vehicle_state_error","message":"Door open.","code":"VS_001",
        "statusCode":409,"requestId":"q"}"#;
    let stub = Stub::answering(409, &[], body).await;
    let error = car(&stub).version("1.0").lock().await.unwrap_err();
    assert_eq!(error.to_string(), "vehicle_state_error/VS_001: Door open.");
    assert_eq!(error.api().unwrap().request_id.as_deref(), Some("q"));
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
    let error = api.vehicle(ID, "t0").vin().await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");

    let stub = Stub::answering(200, &[], "welcome").await;
    let error = car(&stub).vin().await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
}
