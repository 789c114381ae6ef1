//! Bodies have exactly their keys.

use super::*;

/// Path, place within the body, keys in order of the alphabet.
const KEYS: &[(&str, &str, &str)] = &[
    (
        "/audi/charge",
        "",
        "chargeMode chargePortColor chargePortLatch chargeRate chargeType chargingStatus \
         completionTime externalPowerStatus isPluggedIn socLimit wattage",
    ),
    ("/bmw/charge/records", "", "records"),
    (
        "/bmw/charge/records",
        "/records/0",
        "chargeEnd chargeStart chargingType endPercentRemaining energy isPublic location \
         startPercentRemaining",
    ),
    ("/mini/charge/records", "", "records"),
    ("/cadillac/charge/completion", "", "time"),
    ("/cadillac/charge/voltmeter", "", "voltage"),
    ("/chevrolet/charge/completion", "", "time"),
    ("/chevrolet/charge/voltmeter", "", "voltage"),
    ("/ford/charge/schedule_by_location", "", "chargingLocations"),
    (
        "/ford/charge/schedule_by_location",
        "/chargingLocations/0",
        "chargeLimit chargingSchedules location",
    ),
    (
        "/ford/charge/schedule_by_location",
        "/chargingLocations/0/location",
        "latitude longitude",
    ),
    (
        "/ford/charge/schedule_by_location",
        "/chargingLocations/0/chargingSchedules",
        "weekday weekend",
    ),
    (
        "/ford/charge/schedule_by_location",
        "/chargingLocations/0/chargingSchedules/weekday/0",
        "end start",
    ),
    (
        "/lincoln/charge/schedule_by_location",
        "",
        "chargingLocations",
    ),
    ("/nissan/charge/schedule", "", "chargeSchedules"),
    (
        "/nissan/charge/schedule",
        "/chargeSchedules/0",
        "days end start",
    ),
    (
        "/tesla/attributes",
        "",
        "atHome driveUnit driverAssistVersion efficiencyPackage firmwareVersion id make model \
         nickname performancePackage sentryMode style trimBadging wheel year",
    ),
    ("/tesla/attributes", "/sentryMode", "available enabled"),
    (
        "/tesla/attributes",
        "/style",
        "exteriorColor exteriorTrim interiorTrim",
    ),
    ("/tesla/attributes", "/wheel", "diameter style"),
    ("/tesla/attributes", "/driveUnit", "front rear"),
    ("/tesla/status", "", "gear inService status"),
    (
        "/tesla/battery",
        "",
        "heaterOn maxRangeChargeCounter notEnoughPowerToHeat percentRemaining \
         percentRemainingUsable range rangeEstimated rangeIdeal",
    ),
    (
        "/tesla/charge",
        "",
        "amperage amperageMaxCharger amperageMaxVehicle amperageRequested chargePortColor \
         chargePortLatch chargePortOpen chargeRate chargerPhases completionTime connector \
         energyAdded fastChargerBrand fastChargerPresent fastChargerType isPluggedIn \
         rangeAddedIdeal rangeAddedRated socLimit socLimitDefault socLimitMax socLimitMin state \
         voltage wattage",
    ),
    ("/tesla/charge/ammeter", "", "amperage"),
    ("/tesla/charge/completion", "", "time"),
    ("/tesla/charge/voltmeter", "", "voltage"),
    ("/tesla/charge/wattmeter", "", "wattage"),
    ("/tesla/charge/records", "", "records"),
    ("/tesla/charge/records/billing", "", "hasMoreData records"),
    (
        "/tesla/charge/records/billing",
        "/records/0",
        "chargeEnd chargeStart cost energyConsumed location recordId",
    ),
    (
        "/tesla/charge/records/billing",
        "/records/0/cost",
        "currency energy other",
    ),
    ("/tesla/charge/schedule", "", "departureTime startTime"),
    ("/tesla/charge/schedule", "/departureTime", "enabled time"),
    ("/tesla/climate/cabin", "", "status temperature"),
    ("/tesla/climate/defroster", "", "frontStatus rearStatus"),
    ("/tesla/climate/steering_wheel", "", "status"),
    ("/tesla/compass", "", "direction heading"),
    ("/tesla/speedometer", "", "speed"),
    ("/tesla/thermometer/exterior", "", "temperature"),
    ("/tesla/thermometer/interior", "", "temperature"),
    ("/tesla/virtual_key", "", "isPaired"),
    ("/tesla/user/access", "", "accessType permissions"),
    ("/tesla/user/info", "", "email"),
];

#[tokio::test]
async fn every_body_has_exactly_its_keys() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    for endpoint in ENDPOINTS.iter().filter(|row| row.make.is_some()) {
        let car = car_of(&bed, endpoint.make, ALL).await;
        post(&app, &car, "charge", &json!({ "action": "START" })).await;
        let body = ask(&app, &car, &endpoint.path[1..]).await.json();
        let known: Vec<_> = KEYS.iter().filter(|row| row.0 == endpoint.path).collect();
        assert!(!known.is_empty(), "{}", endpoint.path);
        for (path, place, keys) in known {
            let object = body
                .pointer(place)
                .unwrap_or_else(|| panic!("{path} {body}"));
            let object = object.as_object().unwrap();
            let mut found: Vec<&str> = object.keys().map(String::as_str).collect();
            found.sort_unstable();
            assert_eq!(found.join(" "), *keys, "{path} {place}");
        }
    }
}

#[tokio::test]
async fn a_test_tesla_tells_what_its_signals_say() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    let read = async |path: &str| ask(&app, &car, path).await.json();
    let attributes = read("tesla/attributes").await;
    assert_eq!(attributes["id"], car.vehicle.to_string());
    assert_eq!(
        (&attributes["make"], &attributes["year"]),
        (&json!("TESLA"), &json!(2021))
    );
    assert_eq!(attributes["performancePackage"], "Performance Base");
    assert_eq!(attributes["efficiencyPackage"], "Efficiency 2026");
    assert_eq!(
        attributes["sentryMode"],
        json!({ "available": true, "enabled": true })
    );
    assert_eq!(attributes["driverAssistVersion"], Value::Null);
    assert!(attributes["atHome"].is_boolean());
    let status = read("tesla/status").await;
    assert_eq!(
        (&status["status"], &status["inService"]),
        (&json!("ONLINE"), &json!(false))
    );
    let battery = read("tesla/battery").await;
    let number = |name: &str| battery[name].as_f64().unwrap();
    assert!(number("rangeEstimated") < number("range"));
    assert!(number("range") < number("rangeIdeal"));
    assert!(battery["maxRangeChargeCounter"].is_u64());
    let compass = read("tesla/compass").await;
    assert!((0.0..360.0).contains(&compass["heading"].as_f64().unwrap()));
    assert_eq!(read("tesla/virtual_key").await, json!({ "isPaired": true }));
    let access = read("tesla/user/access").await;
    assert_eq!(access["accessType"], "OWNER");
    assert_eq!(access["permissions"].as_array().unwrap().len(), 3);
    let info = read("tesla/user/info").await;
    assert_eq!(info, json!({ "email": "owner@ladebaer.test" }));
}

#[tokio::test]
async fn every_read_of_a_brand_can_be_asked_for_in_a_batch() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    let rows = || ENDPOINTS.iter().filter(|row| row.make.is_some());
    // With and without a slash in front.
    let mut paths: Vec<String> = rows().map(|row| row.path[1..].to_owned()).collect();
    paths.extend(UNSERVED.iter().map(|row| row.path.to_owned()));
    let requests: Vec<Value> = paths.iter().map(|path| json!({ "path": path })).collect();
    let answer = post(&app, &car, "batch", &json!({ "requests": requests })).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    let responses = body["responses"].as_array().unwrap();
    assert_eq!(responses.len(), rows().count() + UNSERVED.len());
    for (response, row) in responses.iter().zip(rows()) {
        assert_eq!(response["path"], row.path);
        let expected = if row.make == Some("TESLA") { 200 } else { 501 };
        assert_eq!(response["code"], expected, "{}", row.path);
        let has_units = row.names_unit_system() && expected == 200;
        let units = response["headers"]["sc-unit-system"].as_str();
        assert_eq!(units, has_units.then_some("metric"), "{}", row.path);
    }
    for response in &responses[rows().count()..] {
        assert_eq!(response["code"], 501);
        assert_eq!(response["body"]["code"], "SMARTCAR_NOT_CAPABLE");
    }
    // The query of an item is its own.
    let requests = json!({ "requests": [
        { "path": "/tesla/charge/records?startDate=1990-01-01" },
        { "path": "/tesla/charge/records" },
        { "path": "/TESLA/charge" },
    ]});
    assert_eq!(post(&app, &car, "batch", &requests).await.status, 400);
    let requests = json!({ "requests": [requests["requests"][0], requests["requests"][1]] });
    let body = post(&app, &car, "batch", &requests).await.json();
    let count = |index: usize| {
        let records = &body["responses"][index]["body"]["records"];
        records.as_array().unwrap().len()
    };
    assert_eq!((count(0), count(1)), (3, 2));
}
