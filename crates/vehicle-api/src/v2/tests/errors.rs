//! Every error of the contract, provoked and compared with a table of its own.

use carport_model::vin::TestVin;
use carport_model::{Mode, RequestId, VehicleId};
use carport_testkit::{Answer, Car, TestApp, TestBed, found_vehicle};
use carport_web::Refusal;
use serde_json::{Value, json};

use super::*;

/// Contract rest-v2, 5.3: type, code, HTTP status, resolution.
#[rustfmt::skip]
pub(super) const TABLE: &[(&str, Option<&str>, u16, Option<&str>)] = &[
    ("AUTHENTICATION", None, 401, None),
    ("BILLING", Some("VEHICLE_LIMIT"), 430, Some("CONTACT_SUPPORT")),
    ("BILLING", Some("INVALID_PLAN"), 430, Some("CONTACT_SUPPORT")),
    ("BILLING", Some("VEHICLE_REQUEST_LIMIT"), 430, Some("CONTACT_SUPPORT")),
    ("BILLING", Some("ACCOUNT_SUSPENDED"), 430, Some("FINANCE")),
    ("COMPATIBILITY", Some("MAKE_NOT_COMPATIBLE"), 501, None),
    ("COMPATIBILITY", Some("PLATFORM_NOT_CAPABLE"), 501, Some("REAUTHENTICATE")),
    ("COMPATIBILITY", Some("SMARTCAR_NOT_CAPABLE"), 501, None),
    ("COMPATIBILITY", Some("VEHICLE_NOT_CAPABLE"), 501, None),
    ("CONNECTED_SERVICES_ACCOUNT", Some("ACCOUNT_ISSUE"), 400, None),
    ("CONNECTED_SERVICES_ACCOUNT", Some("AUTHENTICATION_FAILED"), 400, Some("REAUTHENTICATE")),
    ("CONNECTED_SERVICES_ACCOUNT", Some("NO_VEHICLES"), 400, None),
    ("CONNECTED_SERVICES_ACCOUNT", Some("PERMISSION"), 400, Some("REAUTHENTICATE")),
    ("CONNECTED_SERVICES_ACCOUNT", Some("SUBSCRIPTION"), 400, None),
    ("CONNECTED_SERVICES_ACCOUNT", Some("VEHICLE_MISSING"), 400, None),
    ("CONNECTED_SERVICES_ACCOUNT", Some("VIRTUAL_KEY_REQUIRED"), 400, Some("ACTION_REQUIRED")),
    ("PERMISSION", None, 403, Some("REAUTHENTICATE")),
    ("RATE_LIMIT", Some("SMARTCAR_API"), 429, Some("RETRY_LATER")),
    ("RATE_LIMIT", Some("VEHICLE"), 429, Some("RETRY_LATER")),
    ("RESOURCE_NOT_FOUND", Some("PATH"), 404, None),
    ("RESOURCE_NOT_FOUND", Some("VERSION"), 404, None),
    ("SERVER", Some("INTERNAL"), 500, Some("RETRY_LATER")),
    ("SERVER", Some("RECORD_NOT_FOUND"), 500, Some("CONTACT_SUPPORT")),
    ("SERVER", Some("MULTIPLE_RECORDS_FOUND"), 500, Some("CONTACT_SUPPORT")),
    ("UPSTREAM", Some("INVALID_DATA"), 502, Some("RETRY_LATER")),
    ("UPSTREAM", Some("KNOWN_ISSUE"), 502, Some("RETRY_LATER")),
    ("UPSTREAM", Some("NO_RESPONSE"), 502, Some("RETRY_LATER")),
    ("UPSTREAM", Some("RATE_LIMIT"), 502, Some("RETRY_LATER")),
    ("UPSTREAM", Some("UNKNOWN_ISSUE"), 502, Some("RETRY_LATER")),
    ("VALIDATION", None, 400, None),
    ("VALIDATION", Some("PARAMETER"), 400, None),
    ("VEHICLE_STATE", Some("ASLEEP"), 409, None),
    ("VEHICLE_STATE", Some("CHARGING_IN_PROGRESS"), 409, None),
    ("VEHICLE_STATE", Some("CHARGING_PLUG_CONNECTED"), 409, None),
    ("VEHICLE_STATE", Some("CHARGING_PLUG_NOT_CONNECTED"), 409, None),
    ("VEHICLE_STATE", Some("CHARGE_FAULT"), 409, None),
    ("VEHICLE_STATE", Some("DOOR_OPEN"), 409, None),
    ("VEHICLE_STATE", Some("FULLY_CHARGED"), 409, None),
    ("VEHICLE_STATE", Some("HOOD_OPEN"), 409, None),
    ("VEHICLE_STATE", Some("IGNITION_ON"), 409, None),
    ("VEHICLE_STATE", Some("IN_MOTION"), 409, None),
    ("VEHICLE_STATE", Some("LOW_BATTERY"), 409, Some("RETRY_LATER")),
    ("VEHICLE_STATE", Some("NOT_CHARGING"), 409, None),
    ("VEHICLE_STATE", Some("REMOTE_ACCESS_DISABLED"), 409, None),
    ("VEHICLE_STATE", Some("TRUNK_OPEN"), 409, None),
    ("VEHICLE_STATE", Some("UNKNOWN"), 409, Some("RETRY_LATER")),
    ("VEHICLE_STATE", Some("UNREACHABLE"), 409, None),
    ("VEHICLE_STATE", Some("VEHICLE_OFFLINE_FOR_SERVICE"), 409, None),
];

/// Where the errors are that name a place.
fn place(code: Option<&str>, vehicle: VehicleId, client: &str) -> Value {
    match code {
        Some("AUTHENTICATION_FAILED") => json!(format!(
            "http://carport.test/oauth/reauthenticate?response_type=vehicle_id\
             &client_id={client}&vehicle_id={vehicle}"
        )),
        Some("VIRTUAL_KEY_REQUIRED") => {
            json!("http://carport.test/docs/errors/connected-services-account#virtual-key-required")
        }
        _ => Value::Null,
    }
}

/// A body as the table says it must be.
pub(super) fn assert_row(
    (kind, code, status, resolution): (&str, Option<&str>, u16, Option<&str>),
    body: &Value,
    car: &Car,
) {
    assert_eq!(body["type"], kind, "{body}");
    assert_eq!(body["code"], json!(code), "{body}");
    assert_eq!(body["statusCode"], status, "{body}");
    assert_eq!(body["resolution"]["type"], json!(resolution), "{body}");
    let place = place(code, car.vehicle, &car.client.id);
    assert_eq!(
        body["resolution"].get("url").cloned().unwrap_or_default(),
        place,
        "{body}"
    );
    assert!(body["description"].as_str().unwrap().len() > 10, "{body}");
    let anchor = code
        .map(|code| format!("#{}", kebab(code)))
        .unwrap_or_default();
    let page = format!("http://carport.test/docs/errors/{}{anchor}", kebab(kind));
    assert_eq!(body["docURL"], page);
}

/// An ordinary request that meets one of the errors without a code.
async fn provoked(app: &TestApp, car: &Car, kind: &str) -> Answer {
    let request = app.get(&car.path("odometer"));
    match kind {
        "AUTHENTICATION" => request.send().await,
        "PERMISSION" => ask(app, car, "fuel").await,
        "VALIDATION" => {
            let request = request.bearer(&car.access_token);
            request.header("sc-unit-system", "furlongs").send().await
        }
        other => panic!("{other} has codes"),
    }
}

async fn nested(app: &TestApp, car: &Car, paths: &[&str]) -> Value {
    let request = app.post(&car.path("batch")).bearer(&car.access_token);
    let answer = request.json(&json!({ "requests": paths })).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["responses"].clone()
}

#[tokio::test]
async fn every_row_of_the_table_is_reached_by_its_login() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let app = door(&bed);
    for row @ (kind, code, status, _) in TABLE.iter().copied() {
        let login = format!("{kind}.{}@smartcar.com", code.unwrap_or_default());
        let login: &'static str = Box::leak(login.to_lowercase().into_boxed_str());
        let car = found_vehicle("0SCTESLA1A2B3C4D5", Level::Compatible);
        let granted = ["read_odometer", "read_vin"];
        let car = bed
            .connect_owner(&client, (Mode::Test, login), car, &granted)
            .await;
        let answer = match code {
            Some(_) => ask(&app, &car, "odometer").await,
            None => provoked(&app, &car, kind).await,
        };
        assert_eq!(answer.status, status, "{kind} {code:?}");
        assert_row(row, &answer.json(), &car);
        assert_eq!(answer.json()["requestId"], answer.header("sc-request-id"));
        assert_eq!(
            answer.header("content-type"),
            "application/json; charset=utf-8"
        );
        let is_vehicle_limit = (kind, code) == ("RATE_LIMIT", Some("VEHICLE"));
        let wait = if is_vehicle_limit { "60" } else { "" };
        assert_eq!(answer.header("retry-after"), wait, "{kind} {code:?}");
        let Some(code) = code else { continue };
        // In a batch it is nested, and what is static is served.
        let items = nested(&app, &car, &["/odometer", "/vin"]).await;
        assert_eq!(items[0]["code"], status);
        assert_row(row, &items[0]["body"], &car);
        let headers = if is_vehicle_limit {
            json!({ "retry-after": 60, "Retry-After": 60 })
        } else {
            json!({})
        };
        assert_eq!(items[0]["headers"], headers, "{kind} {code}");
        assert_eq!(items[1]["code"], 200);
        // Its page says how to provoke it.
        let page = app
            .get(&format!("/docs/errors/{}", kebab(kind)))
            .send()
            .await;
        assert!(page.text().contains(&format!("{kind}.{code}@smartcar.com")));
    }
    assert_eq!(TABLE.len(), error::ERRORS.len());
}

#[tokio::test]
async fn a_vin_of_the_contract_s_table_does_what_its_login_does() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let app = door(&bed);
    let mut vins = 0;
    for row @ (kind, code, status, _) in TABLE.iter().copied() {
        let spec = code.and_then(|code| carport_model::ErrorSpec::find(kind, code));
        let Some(vin) = spec.and_then(TestVin::failing_with) else {
            continue;
        };
        let car = found_vehicle(vin.as_str(), Level::Compatible);
        let car = bed.connect_vehicle(&client, car, &["read_odometer"]).await;
        let answer = ask(&app, &car, "odometer").await;
        assert_eq!(answer.status, status, "{code:?}");
        assert_row(row, &answer.json(), &car);
        vins += 1;
    }
    assert_eq!(vins, 25);
}

#[tokio::test]
async fn besides_a_vehicle_s_limit_only_a_busy_server_says_when_to_come_back() {
    let bed = TestBed::new().await;
    let api = api(&bed);
    let id = RequestId::from_bytes([7; 16]);
    for (refusal, status, wait) in [
        (Refusal::Busy, 503, Some("1")),
        (Refusal::SlowBody, 408, None),
        (Refusal::BrokenBody, 400, None),
    ] {
        let answer = api.refused(refusal, id);
        assert_eq!(answer.status(), status);
        let header = answer.headers().get("retry-after");
        assert_eq!(header.map(|value| value.to_str().unwrap()), wait);
    }
}
