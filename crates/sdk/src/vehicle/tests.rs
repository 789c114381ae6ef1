//! What goes over the wire to the vehicle API, and what comes back.

use super::*;
use crate::data::{
    CapacitySource, ChargeState, Health, OpenState, Paging, ServiceRange, ServiceRecord,
};
use crate::error::Error;
use crate::stub::Stub;

const ID: &str = "8a1d2c44-5b6e-4c7f-8d90-1e2f3a4b5c6d";

fn car(stub: &Stub) -> Vehicle {
    Api::at(&stub.origin).unwrap().vehicle(ID, "t0")
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

/// A car whose server answers with this body.
async fn answering(body: &str) -> (Vehicle, Stub) {
    let stub = Stub::answering(200, &[("sc-request-id", "q-1")], body).await;
    (car(&stub), stub)
}

#[tokio::test]
async fn batteries() {
    let (it, stub) = answering(r#"{"capacity":18.4}"#).await;
    let capacity = it.battery_capacity().await.unwrap();
    assert!(capacity.capacity > 18.0);
    assert_eq!(capacity.meta.request_id.as_deref(), Some("q-1"));
    assert_eq!(stub.seen().target, reading("/battery/capacity"));

    let known = r#"{"availableCapacities":[{"capacity":18.4,"description":null}],
        "capacity":{"nominal":18.4,"source":"SMARTCAR"},"url":null}"#;
    let (it, stub) = answering(known).await;
    let nominal = it.nominal_capacity().await.unwrap();
    assert_eq!(nominal.capacity.unwrap().source, CapacitySource::Smartcar);
    assert_eq!(nominal.available_capacities[0].capacity, Some(18.4));
    assert_eq!(stub.seen().target, reading("/battery/nominal_capacity"));

    let open = r#"{"availableCapacities":[{"capacity":75,"description":"BEV:Long Range"},
        {"capacity":null,"description":null}],"capacity":null,"url":"http://c/battery-capacity"}"#;
    let (it, _stub) = answering(open).await;
    let nominal = it.nominal_capacity().await.unwrap();
    assert!(nominal.capacity.is_none() && nominal.url.is_some());

    let (it, stub) = answering(r#"{"limit":1}"#).await;
    assert!(it.charge_limit().await.unwrap().limit > 0.9);
    assert_eq!(stub.seen().target, reading("/charge/limit"));
}

#[tokio::test]
async fn oil_locks_and_diagnostics() {
    let (it, stub) = answering(r#"{"lifeRemaining":0.71}"#).await;
    assert!(it.engine_oil().await.unwrap().life_remaining < 1.0);
    assert_eq!(stub.seen().target, reading("/engine/oil"));

    let body = r#"{"isLocked":true,"doors":[{"type":"frontLeft","status":"CLOSED"}],
        "windows":[{"type":"backRight","status":"AJAR"}],"sunroof":[],
        "storage":[{"type":"rear","status":"OPEN"}],"chargingPort":[]}"#;
    let (it, stub) = answering(body).await;
    let security = it.lock_status().await.unwrap();
    assert!(security.is_locked && security.sunroof.is_empty());
    assert_eq!(security.doors[0].type_, "frontLeft");
    assert_eq!(security.windows[0].status, OpenState::Unknown);
    assert_eq!(security.storage[0].status, OpenState::Open);
    assert_eq!(stub.seen().target, reading("/security"));

    let body = r#"{"systems":[{"systemId":"SYSTEM_ABS","status":"OK","description":null},
        {"systemId":"SYSTEM_MIL","status":"ALERT","description":"Lamp on"}]}"#;
    let (it, stub) = answering(body).await;
    let systems = &it.diagnostic_system_status().await.unwrap().data.systems;
    assert_eq!(
        (systems[0].status, systems[1].status),
        (Health::Ok, Health::Alert)
    );
    assert_eq!(stub.seen().target, reading("/diagnostics/system_status"));

    let body = r#"{"activeCodes":[{"code":"P0171","timestamp":"2026-02-20T09:12:00.000Z"},
        {"code":"B1342","timestamp":null}]}"#;
    let (it, stub) = answering(body).await;
    let codes = &it
        .diagnostic_trouble_codes()
        .await
        .unwrap()
        .data
        .active_codes;
    assert_eq!(
        codes[0].timestamp.unwrap().to_string(),
        "2026-02-20T09:12:00Z"
    );
    assert_eq!(
        (codes[1].code.as_str(), codes[1].timestamp),
        ("B1342", None)
    );
    assert_eq!(stub.seen().target, reading("/diagnostics/dtcs"));
}

#[tokio::test]
async fn a_service_history_is_a_list_and_takes_a_range() {
    let body = r#"[{"serviceId":"SVC-1042","odometerDistance":30120.5,
        "serviceDate":"2026-02-11T00:00:00.000Z",
        "serviceTasks":[{"taskId":"7","taskDescription":null}],
        "serviceDetails":[{"type":"Service Dealer","value":"Example Motors"}],
        "serviceCost":{"totalCost":129.0,"currency":"USD"}},
        {"serviceId":null,"odometerDistance":1.5,"serviceDate":null,"serviceTasks":[],
        "serviceDetails":[],"serviceCost":{"totalCost":null,"currency":null}}]"#;
    let (it, stub) = answering(body).await;
    let range = ServiceRange::default().start("2026-01-01".parse().unwrap());
    let history = it
        .service_history(range.end("2026-02-28".parse().unwrap()))
        .await
        .unwrap();
    assert_eq!(history.len(), 2);
    assert_eq!(history[0].service_cost.currency.as_deref(), Some("USD"));
    assert_eq!(history[0].service_details[0].type_, "Service Dealer");
    assert!(history[1].service_date.is_none());
    let dates = "?start_date=2026-01-01&end_date=2026-02-28";
    assert_eq!(
        stub.seen().target,
        reading(&format!("/service/history{dates}"))
    );

    let (it, stub) = answering("[]").await;
    let none: Vec<ServiceRecord> = it
        .service_history(ServiceRange::default())
        .await
        .unwrap()
        .data;
    assert!(none.is_empty());
    assert_eq!(stub.seen().target, reading("/service/history"));
}

const DONE: &str = r#"{"status":"success","message":"Successfully sent request to vehicle"}"#;

#[tokio::test]
async fn commands_say_what_to_do() {
    let (it, stub) = answering(DONE).await;
    let it = it.unit_system(UnitSystem::Imperial);
    let check = |path: &str, body: &str| {
        let seen = stub.seen();
        assert_eq!(
            (seen.method.as_str(), seen.target.clone()),
            ("POST", reading(path))
        );
        assert_eq!(seen.body, body);
        assert_eq!(seen.header("content-type"), "application/json");
        assert_eq!(seen.header("authorization"), "Bearer t0");
        assert_eq!(seen.header("sc-unit-system"), "imperial");
    };
    let done = it.lock().await.unwrap();
    assert_eq!(done.status, "success");
    assert_eq!(
        done.message.as_deref(),
        Some("Successfully sent request to vehicle")
    );
    check("/security", r#"{"action":"LOCK"}"#);
    it.unlock().await.unwrap();
    check("/security", r#"{"action":"UNLOCK"}"#);
    it.start_charge().await.unwrap();
    check("/charge", r#"{"action":"START"}"#);
    it.stop_charge().await.unwrap();
    check("/charge", r#"{"action":"STOP"}"#);
    it.set_charge_limit(0.7).await.unwrap();
    check("/charge/limit", r#"{"limit":0.7}"#);
    it.send_destination(-90.0, 180.0).await.unwrap();
    check(
        "/navigation/destination",
        r#"{"latitude":-90.0,"longitude":180.0}"#,
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_not_sent() {
    let (it, stub) = answering(DONE).await;
    for refused in [
        it.set_charge_limit(f64::NAN).await,
        it.send_destination(90.1, 0.0).await,
        it.send_destination(0.0, -180.5).await,
        it.send_destination(f64::NAN, 0.0).await,
    ] {
        assert!(matches!(refused, Err(Error::Input(_))), "{refused:?}");
    }
    assert!(stub.all().is_empty());
}

#[tokio::test]
async fn subscriptions_and_the_end() {
    let body = format!(r#"{{"webhookId":"w-1","vehicleId":"{ID}"}}"#);
    let (it, stub) = answering(&body).await;
    let subscription = it.subscribe("w-1").await.unwrap();
    assert_eq!(
        (
            subscription.webhook_id.as_str(),
            subscription.vehicle_id.as_str()
        ),
        ("w-1", ID)
    );
    let seen = stub.seen();
    assert_eq!(
        (seen.method.as_str(), seen.target.clone()),
        ("POST", reading("/webhooks/w-1"))
    );
    assert_eq!(
        (seen.header("authorization"), seen.body.as_str()),
        ("Bearer t0", "")
    );

    let (it, stub) = answering(r#"{"status":"success"}"#).await;
    assert_eq!(
        it.unsubscribe(&"amt".into(), "w/1").await.unwrap().status,
        "success"
    );
    let seen = stub.seen();
    assert_eq!(
        (seen.method.as_str(), seen.target.clone()),
        ("DELETE", reading("/webhooks/w%2F1"))
    );
    assert_eq!(seen.header("authorization"), "Bearer amt");

    assert_eq!(it.disconnect().await.unwrap().status, "success");
    let seen = stub.seen();
    assert_eq!(
        (seen.method.as_str(), seen.target.clone()),
        ("DELETE", reading("/application"))
    );
    assert_eq!(seen.header("authorization"), "Bearer t0");
}

#[tokio::test]
async fn a_request_can_be_anything_below_the_car() {
    let (it, stub) = answering(r#"{"direction":"NE","heading":47.5}"#).await;
    let answer = it
        .request::<serde_json::Value>(
            Request::new(Method::PUT, "/tesla//charge/schedule/")
                .query("startDate", "2026-01-01")
                .body(serde_json::json!({"enable": true}))
                .header("sc-unit-system", "imperial")
                .unwrap()
                .header("X-Mine", "1")
                .unwrap(),
        )
        .await
        .unwrap();
    assert_eq!(answer["direction"], "NE");
    assert_eq!(answer.meta.request_id.as_deref(), Some("q-1"));
    let seen = stub.seen();
    assert_eq!(seen.method, "PUT");
    assert_eq!(
        seen.target,
        reading("/tesla/charge/schedule?startDate=2026-01-01")
    );
    assert_eq!(seen.body, r#"{"enable":true}"#);
    assert_eq!(
        (seen.header("sc-unit-system"), seen.header("x-mine")),
        ("imperial", "1")
    );
    assert_eq!(seen.header("authorization"), "Bearer t0");

    let stranger = Request::get("../../user")
        .header("authorization", "Bearer other")
        .unwrap();
    it.request::<serde_json::Value>(stranger).await.unwrap();
    let seen = stub.seen();
    assert_eq!(
        (seen.target.clone(), seen.header("authorization")),
        (reading("/user"), "Bearer other")
    );
    for (name, value) in [("no name", "x"), ("x", "two\nlines")] {
        assert!(matches!(
            Request::get("vin").header(name, value),
            Err(Error::Input(_))
        ));
    }
}

#[tokio::test]
async fn every_page_of_vehicles_is_fetched() {
    let stub = Stub::with(|seen| {
        let offset = if seen.target.ends_with("offset=50") {
            50
        } else {
            0
        };
        let ids: Vec<_> = (offset..120.min(offset + 50))
            .map(|id| format!("\"v{id}\""))
            .collect();
        // Two vehicles went away between the pages.
        let ids = if offset == 0 {
            ids.join(",")
        } else {
            ids[..10].join(",")
        };
        let paging = format!(
            r#"{{"count":{},"offset":{offset}}}"#,
            if offset == 0 { 62 } else { 60 }
        );
        crate::stub::plain(200, format!(r#"{{"vehicles":[{ids}],"paging":{paging}}}"#))
    })
    .await;
    let api = Api::at(&stub.origin).unwrap();
    let cars = api.all_vehicles("t0").into_vec().await.unwrap();
    assert_eq!((cars.len(), cars[0].id(), cars[59].id()), (60, "v0", "v59"));
    let targets: Vec<_> = stub.all().into_iter().map(|seen| seen.target).collect();
    assert_eq!(
        targets,
        [
            "/v2.0/vehicles?limit=50&offset=0",
            "/v2.0/vehicles?limit=50&offset=50"
        ]
    );

    let stub = Stub::answering(
        200,
        &[],
        r#"{"vehicles":[],"paging":{"count":9,"offset":0}}"#,
    )
    .await;
    let api = Api::at(&stub.origin).unwrap();
    assert!(api.all_vehicles("t0").next().await.is_none());
    assert_eq!(stub.all().len(), 1);
}

#[tokio::test]
async fn owner_calls_have_no_unit_header() {
    let stub = Stub::answering(200, &[], r#"{"id":"u"}"#).await;
    let api = Api::at(&format!("{}/", stub.origin)).unwrap();
    assert_eq!(api.get_user("t0").await.unwrap().id, "u");
    let seen = stub.seen();
    assert_eq!(
        (seen.target.as_str(), seen.header("sc-unit-system")),
        ("/v2.0/user", "")
    );

    let body = r#"{"vehicles":[],"paging":{"count":1,"offset":1}}"#;
    let stub = Stub::answering(200, &[], body).await;
    let api = Api::at(&stub.origin).unwrap().version("3.1");
    api.get_vehicles("t0", Paging::default().offset(1))
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

fn reading(path: &str) -> String {
    format!("/v2.0/vehicles/{ID}{path}")
}
