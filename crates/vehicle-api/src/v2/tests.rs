//! The endpoints through the router, over a store and test cars.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use carport_connector::{Reader, Registry, Sender};
use carport_model::reading::Readings;
use carport_model::unit::UnitSystem;
use carport_model::{
    BrandId, Catalogue, ErrorType, Level, LinkKey, Reading, SignalValue, Timestamp, error, signal,
};
use carport_oauth::{OAuth, Settings};
use carport_simulator::TestConnector;
use carport_store::{StoreError, Tx, token_pairs};
use carport_testkit::{Answer, Car, TestApp, TestBed, found_vehicle};
use carport_web::layers;
use carport_web::query::Pairs;
use serde_json::Value;

use super::ENDPOINTS;
use super::error::{doc_path, kebab};
use super::values::{Asked, Values};
use crate::links::Links;
use crate::{Services, VehicleApi};

mod batch;
mod brand;
mod capacity;
mod commands;
mod errors;
mod faults;
mod history;
mod old;
mod order;
mod plan;
mod precision;
mod rates;
mod simulated;

fn link_key() -> LinkKey {
    LinkKey::of(&"0".repeat(64).parse().unwrap())
}

/// The API over a bed's store, with test cars.
pub(super) fn door(bed: &TestBed) -> TestApp {
    serve(bed, api(bed))
}

fn serve(bed: &TestBed, api: VehicleApi) -> TestApp {
    TestApp::serving(layers::identified(crate::routes(api), bed.rng()))
}

pub(crate) fn api(bed: &TestBed) -> VehicleApi {
    let catalogue = Catalogue::embedded();
    let cars = TestConnector::new(catalogue.brands.clone(), bed.clock(), bed.rng());
    api_over(bed, catalogue, Registry::with_generated(Arc::new(cars)))
}

fn api_over(bed: &TestBed, catalogue: Catalogue, connectors: Registry) -> VehicleApi {
    let public_url = "http://carport.test";
    let services = Services {
        store: bed.store.clone(),
        reader: Reader::new(connectors.clone()),
        sender: Sender::new(connectors, bed.store.clone(), bed.clock()),
        clock: bed.clock(),
        mint: bed.mint(),
        oauth: OAuth::new(
            bed.store.clone(),
            bed.clock(),
            bed.rng(),
            bed.mint(),
            Settings::for_issuer(public_url),
        ),
        catalogue,
        links: Links::new(public_url, link_key()),
        public_url: public_url.into(),
        usage: None,
        faults: Arc::default(),
        serves_test_vehicle: false,
    };
    services.into()
}

async fn ask(app: &TestApp, car: &Car, endpoint: &str) -> Answer {
    app.get(&car.path(endpoint))
        .bearer(&car.access_token)
        .send()
        .await
}

/// All permissions.
const ALL: &[&str] = &[
    "read_vehicle_info",
    "read_vin",
    "read_odometer",
    "read_location",
    "read_fuel",
    "read_battery",
    "read_charge",
    "read_charge_events",
    "read_charge_locations",
    "read_charge_records",
    "read_tires",
    "read_engine_oil",
    "read_security",
    "read_service_history",
    "read_diagnostics",
    "read_alerts",
    "read_climate",
    "read_compass",
    "read_extended_vehicle_info",
    "read_speedometer",
    "read_thermometer",
    "read_user_profile",
    "control_charge",
    "control_climate",
    "control_navigation",
    "control_pin",
    "control_security",
    "control_trunk",
];

/// A car of a make that can do everything; without one, of any.
async fn car_of(bed: &TestBed, make: Option<&str>, permissions: &[&str]) -> Car {
    let client = bed.application().await;
    let mut found = found_vehicle("0SCTESLA1A2B3C4D5", Level::Compatible);
    if let Some(make) = make {
        found.make = BrandId::new(make);
    }
    bed.connect_vehicle(&client, found, permissions).await
}

#[tokio::test]
async fn every_row_of_the_table_is_served_with_its_headers() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    for endpoint in ENDPOINTS {
        let car = car_of(&bed, endpoint.make, ALL).await;
        // Some reads need a car that charges.
        let start = app.post(&car.path("charge")).bearer(&car.access_token);
        let start = start.json(&serde_json::json!({ "action": "START" }));
        assert_eq!(start.send().await.status, 200);
        let answer = ask(&app, &car, endpoint.path.trim_start_matches('/')).await;
        assert_eq!(answer.status, 200, "{}", endpoint.path);
        assert_eq!(
            answer.header("content-type"),
            "application/json; charset=utf-8"
        );
        assert_eq!(answer.header("sc-request-id").len(), 36);
        assert_eq!(answer.header("sc-data-age"), bed.clock().now().to_string());
        assert_eq!(
            answer.header("sc-fetched-at"),
            bed.clock().now().to_string()
        );
        let units = if endpoint.names_unit_system() {
            "metric"
        } else {
            ""
        };
        assert_eq!(answer.header("sc-unit-system"), units, "{}", endpoint.path);
        // Every signal of the list that claims a place here is read here.
        for signal in signal::all() {
            let claims = signal
                .spec()
                .v2
                .is_some_and(|place| place.path == endpoint.path);
            assert!(!claims || endpoint.signals.contains(&signal), "{signal}");
        }
    }
}

#[tokio::test]
async fn bodies_have_exactly_their_keys() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let keys = [
        ("", "id make model year"),
        ("vin", "vin"),
        ("permissions", "paging permissions"),
        ("odometer", "distance"),
        ("location", "latitude longitude"),
        ("fuel", "amountRemaining percentRemaining range"),
        ("battery", "percentRemaining range"),
        ("battery/capacity", "capacity"),
        (
            "battery/nominal_capacity",
            "availableCapacities capacity url",
        ),
        ("charge", "isPluggedIn state"),
        ("charge/limit", "limit"),
        ("engine/oil", "lifeRemaining"),
        (
            "security",
            "chargingPort doors isLocked storage sunroof windows",
        ),
        ("diagnostics/system_status", "systems"),
        ("diagnostics/dtcs", "activeCodes"),
        ("tires/pressure", "backLeft backRight frontLeft frontRight"),
    ];
    for (endpoint, expected) in keys {
        let answer = app.get(car.path(endpoint).trim_end_matches('/'));
        let body = answer.bearer(&car.access_token).send().await.json();
        let mut found: Vec<&str> = body
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), expected, "{endpoint}");
    }
    let attributes = app
        .get(car.path("").trim_end_matches('/'))
        .bearer(&car.access_token);
    insta::assert_json_snapshot!(attributes.send().await.redacted(), @r#"
    {
      "id": "[id]",
      "make": "TESLA",
      "model": "Model 3",
      "year": 2021
    }
    "#);
}

#[tokio::test]
async fn a_missing_permission_says_so() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let app = door(&bed);
    let answer = ask(&app, &car, "odometer").await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.json()["requestId"], answer.header("sc-request-id"));
    insta::assert_json_snapshot!(answer.redacted());
    // The permission comes before what is wrong with the request, and before what the car can do.
    let both = app.get(&car.path("fuel")).bearer(&car.access_token);
    assert_eq!(
        both.header("sc-unit-system", "furlongs")
            .send()
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn tokens_that_do_not_work() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let status = async |header: &str| {
        app.get(&car.path("vin"))
            .header("authorization", header)
            .send()
            .await
            .status
            .as_u16()
    };
    assert_eq!(app.get(&car.path("vin")).send().await.status, 401);
    assert_eq!(status("Bearer").await, 401);
    assert_eq!(status("Bearer abc").await, 401);
    assert_eq!(status(&format!("Basic {}", car.access_token)).await, 401);
    assert_eq!(status(&format!("bearer {}", car.access_token)).await, 200);
    assert_eq!(status(&format!("Bearer {}", car.refresh_token)).await, 401);
    bed.clock.advance(Duration::from_hours(2));
    assert_eq!(status(&format!("Bearer {}", car.access_token)).await, 401);
    let answer = app.get("/v2.0/user").send().await;
    insta::assert_json_snapshot!(answer.redacted());
}

#[tokio::test]
async fn a_revoked_token_stops_working_at_once() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    assert_eq!(ask(&app, &car, "vin").await.status, 200);
    let (token, now) = (bed.mint.digest(&car.access_token), bed.clock().now());
    let revoked = bed
        .store
        .write(async move |tx: &mut Tx<'_>| token_pairs::revoke_access(tx, &token, now).await)
        .await;
    assert!(revoked.map_err(|error: StoreError| error).unwrap());
    assert_eq!(ask(&app, &car, "vin").await.status, 401);
}

#[tokio::test]
async fn ids_that_lead_nowhere() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let foreign = bed.connect(ALL).await;
    let app = door(&bed);
    let bad = app
        .get("/v2.0/vehicles/bad_id/odometer")
        .bearer(&car.access_token)
        .send()
        .await;
    assert_eq!(bad.status, 400);
    insta::assert_json_snapshot!(bad.redacted());
    let unknown = "/v2.0/vehicles/00000000-0000-4000-8000-000000000000/odometer";
    assert_eq!(
        app.get(unknown)
            .bearer(&car.access_token)
            .send()
            .await
            .status,
        403
    );
    let theirs = app
        .get(&foreign.path("odometer"))
        .bearer(&car.access_token)
        .send()
        .await;
    assert_eq!(theirs.status, 403);
    // Without a token nobody learns whether an id is one.
    assert_eq!(
        app.get("/v2.0/vehicles/bad_id/odometer")
            .send()
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn units() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let ask = |units: &str| {
        let request = app
            .get(&car.path("tires/pressure"))
            .bearer(&car.access_token);
        request.header("SC-Unit-System", units).send()
    };
    let imperial = ask("imperial").await;
    assert_eq!(imperial.header("sc-unit-system"), "imperial");
    let psi = imperial.json()["frontLeft"].as_f64().unwrap();
    assert!((175.0 / 6.9..237.0 / 6.89).contains(&psi), "{psi}");
    let wrong = ask("furlongs").await;
    assert_eq!(
        (wrong.status.as_u16(), &wrong.json()["type"]),
        (400, &Value::from("VALIDATION"))
    );
}

#[tokio::test]
async fn a_car_without_a_tank_and_one_that_sleeps() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let tesla = found_vehicle("0SCTESLA1A2B3C4D6", Level::Bev);
    let tesla = bed.connect_vehicle(&client, tesla, ALL).await;
    let app = door(&bed);
    let fuel = ask(&app, &tesla, "fuel").await;
    assert_eq!(fuel.status, 501);
    insta::assert_json_snapshot!(fuel.redacted());
    // A VIN of the contract's table: everything but what is static answers its error.
    let asleep = found_vehicle("0SCLR0002E8896323", Level::Compatible);
    let asleep = bed.connect_vehicle(&client, asleep, ALL).await;
    let has = |make: Option<&str>| make.is_none_or(|make| make == "TESLA");
    for endpoint in ENDPOINTS.iter().filter(|endpoint| has(endpoint.make)) {
        let answer = ask(&app, &asleep, endpoint.path.trim_start_matches('/')).await;
        assert_eq!(answer.status, 409, "{}", endpoint.path);
        assert_eq!(answer.json()["code"], "ASLEEP");
        assert_eq!(answer.header("retry-after"), "");
    }
    for endpoint in ["vin", "permissions"] {
        assert_eq!(ask(&app, &asleep, endpoint).await.status, 200);
    }
}

#[tokio::test]
async fn a_lost_login_says_where_to_renew_it() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let car = found_vehicle("0SCLR00021D803C7B", Level::Compatible);
    let car = bed.connect_vehicle(&client, car, ALL).await;
    let answer = ask(&door(&bed), &car, "odometer").await;
    assert_eq!(answer.status, 400);
    let expected = format!(
        "http://carport.test/oauth/reauthenticate?response_type=vehicle_id&client_id={}&vehicle_id={}",
        client.id, car.vehicle
    );
    assert_eq!(answer.json()["resolution"]["url"], expected);
    assert_eq!(answer.json()["resolution"]["type"], "REAUTHENTICATE");
}

#[tokio::test]
async fn pages() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let mut cars = Vec::new();
    for number in 0..12 {
        let found = found_vehicle(&format!("0SCTESLA1A2B3C4{number:02}"), Level::Compatible);
        cars.push(
            bed.connect_vehicle(&client, found, &["read_vin", "read_fuel"])
                .await,
        );
    }
    let app = door(&bed);
    let ask = async |path: String| app.get(&path).bearer(&cars[0].access_token).send().await;
    let list = ask("/v2.0/vehicles".to_owned()).await.json();
    assert_eq!(list["vehicles"].as_array().unwrap().len(), 10);
    assert_eq!(
        list["paging"],
        serde_json::json!({ "count": 12, "offset": 0 })
    );
    let rest = ask("/v2.0/vehicles?limit=50&offset=10&flags=country%3ADE".to_owned())
        .await
        .json();
    assert_eq!(rest["vehicles"].as_array().unwrap().len(), 2);
    let past = ask("/v2.0/vehicles?limit=1&offset=99".to_owned())
        .await
        .json();
    assert_eq!(
        past,
        serde_json::json!({ "vehicles": [], "paging": { "count": 12, "offset": 99 } })
    );
    for wrong in [
        "limit=51",
        "limit=-1",
        "limit=x",
        "offset=-1",
        "offset=1.5",
        "limit=%FF",
    ] {
        assert_eq!(
            ask(format!("/v2.0/vehicles?{wrong}")).await.status,
            400,
            "{wrong}"
        );
    }
    let second = ask(format!("{}?limit=1&offset=1", cars[0].path("permissions")))
        .await
        .json();
    assert_eq!(second["permissions"], serde_json::json!(["read_fuel"]));
    assert_eq!(
        second["paging"],
        serde_json::json!({ "count": 2, "offset": 1 })
    );
    let user = ask("/v2.0/user".to_owned()).await.json();
    assert_eq!(user, serde_json::json!({ "id": cars[0].user.to_string() }));
}

#[tokio::test]
async fn unknown_paths_methods_and_versions() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let answers = [
        (Method::GET, "/v2.0".to_owned(), "PATH"),
        (Method::GET, "/v2.0/nothing".to_owned(), "PATH"),
        (Method::GET, car.path("colour"), "PATH"),
        (Method::DELETE, car.path("odometer"), "PATH"),
        (Method::POST, "/v2.0/user".to_owned(), "PATH"),
        (Method::PUT, "/v-unknown/user".to_owned(), "VERSION"),
    ];
    for (method, path, code) in answers {
        let answer = app
            .request(method, &path)
            .bearer(&car.access_token)
            .send()
            .await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (404, &Value::from(code))
        );
        assert_eq!(answer.header("sc-request-id").len(), 36);
    }
    // A query says nothing to a read that has none.
    for query in ["flags=country%3ADE+flag%3Atrue", "x=%FF", "&&="] {
        let answer = ask(&app, &car, &format!("odometer?{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
    }
    // Some SDKs send a JSON body with a GET.
    let with_body = app.get(&car.path("vin")).bearer(&car.access_token);
    assert_eq!(
        with_body.json(&serde_json::json!({})).send().await.status,
        200
    );
}

#[tokio::test]
async fn every_doc_url_leads_to_its_paragraph() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    for spec in error::ERRORS {
        let path = doc_path(spec);
        let page = app.get(path.split('#').next().unwrap()).send().await;
        assert_eq!(page.status, 200, "{path}");
        if let Some((_, anchor)) = path.split_once('#') {
            assert!(page.text().contains(&format!("id=\"{anchor}\"")), "{path}");
        }
        assert!(
            page.header("content-security-policy")
                .contains("frame-ancestors 'none'")
        );
    }
    let list = app.get("/docs/errors").send().await;
    for kind in ErrorType::ALL {
        assert!(
            list.text()
                .contains(&format!("/docs/errors/{}", kebab(kind.as_str())))
        );
    }
    assert_eq!(app.get("/docs/errors/colour").send().await.status, 404);
    assert_eq!(
        app.get("/openapi/v2.json").send().await.json()["openapi"],
        "3.1.0"
    );
}

#[tokio::test]
async fn whole_numbers_keep_their_fraction() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let connected = bed.store.connected(car.user, car.vehicle).await.unwrap();
    let at = Timestamp::from_millis(0);
    let reading = Reading {
        value: SignalValue::Number(275.0),
        measured_at: at,
        received_at: at,
    };
    let readings = Readings::from([(signal::odometer::TRAVELED_DISTANCE, reading)]);
    let asked = Asked {
        car: &connected.unwrap(),
        units: UnitSystem::Metric,
        query: &Pairs::default(),
        now: at,
        links: &Links::new("http://carport.test", link_key()),
    };
    let values = Values::new(&readings, &asked);
    let body = (super::odometer::ENDPOINT.view)(&values).unwrap();
    assert_eq!(body.get(), r#"{"distance":275.0}"#);
    // What the maker does not tell is null, never left out; what a view needs is a fault.
    let fuel = (super::fuel::ENDPOINT.view)(&values).unwrap();
    assert_eq!(
        fuel.get(),
        r#"{"percentRemaining":null,"amountRemaining":null,"range":null}"#
    );
    let fault = (super::battery::ENDPOINT.view)(&values).unwrap_err();
    assert_eq!(fault.error, &error::VEHICLE_NOT_CAPABLE);
}
