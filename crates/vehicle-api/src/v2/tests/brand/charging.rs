//! Schedules, places, meters and records of charging.

use carport_model::Timestamp;
use carport_model::charging::ChargeRecord;
use carport_model::signal::charge::CHARGE_RECORDS;
use carport_store::held_values;

use super::*;

#[tokio::test]
async fn the_current_is_as_it_was_set() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    for (amperage, said) in [(json!(48), "48"), (json!("12.5"), "12.5"), (json!(0), "0")] {
        let answer = post(
            &app,
            &car,
            "tesla/charge/ammeter",
            &json!({ "amperage": amperage }),
        )
        .await;
        let message = format!("Successfully sent the following amperage: {said}");
        assert_eq!(
            answer.json(),
            json!({ "status": "success", "message": message })
        );
        let read = ask(&app, &car, "tesla/charge/ammeter").await.json();
        assert_eq!(read, json!({ "amperage": said.parse::<f64>().unwrap() }));
        let charge = ask(&app, &car, "tesla/charge").await.json();
        assert_eq!(charge["amperageRequested"], read["amperage"]);
    }
}

#[tokio::test]
async fn some_meters_need_a_car_that_charges() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    for make in ["CADILLAC", "CHEVROLET"] {
        let car = car_of(&bed, Some(make), ALL).await;
        let [completion, voltmeter] = ["completion", "voltmeter"]
            .map(|meter| format!("{}/charge/{meter}", make.to_lowercase()));
        post(&app, &car, "charge", &json!({ "action": "STOP" })).await;
        let answer = ask(&app, &car, &completion).await;
        let expected = (409, json!("VEHICLE_STATE"), json!("NOT_CHARGING"));
        assert_eq!(error_of(&answer), expected);
        // A car that was told to stop is plugged in still.
        assert_eq!(ask(&app, &car, &voltmeter).await.status, 200);
        post(&app, &car, "charge", &json!({ "action": "START" })).await;
        let time = ask(&app, &car, &completion).await.json()["time"].clone();
        let (time, _) = Timestamp::read(time.as_str().unwrap()).unwrap();
        let left = time.since(bed.clock().now());
        assert!((Duration::from_mins(10)..Duration::from_hours(8)).contains(&left));
        let unplugged = vec![(
            signal::charge::IS_CHARGING_CABLE_CONNECTED,
            SignalValue::Flag(false),
        )];
        hold(&bed, &car, unplugged).await;
        let answer = ask(&app, &car, &voltmeter).await;
        let code = json!("CHARGING_PLUG_NOT_CONNECTED");
        assert_eq!(error_of(&answer), (409, json!("VEHICLE_STATE"), code));
    }
    // A Tesla has no time instead.
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    post(&app, &car, "charge", &json!({ "action": "STOP" })).await;
    let completion = ask(&app, &car, "tesla/charge/completion").await;
    assert_eq!(completion.json(), json!({ "time": null }));
    assert_eq!(
        ask(&app, &car, "tesla/charge").await.json()["completionTime"],
        Value::Null
    );
}

#[tokio::test]
async fn a_tesla_charges_when_it_was_told() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    let path = "tesla/charge/schedule";
    let of = |departure: Option<&str>, start: Option<&str>| {
        let time = |time: Option<&str>| json!({ "enabled": time.is_some(), "time": time });
        json!({ "departureTime": time(departure), "startTime": time(start) })
    };
    assert_eq!(
        ask(&app, &car, path).await.json(),
        of(Some("07:00"), Some("22:00"))
    );
    let told = [
        (
            json!({ "type": "START_TIME", "enable": true, "time": "01:30" }),
            Some("07:00"),
            Some("01:30"),
        ),
        (
            json!({ "type": "DEPARTURE_TIME", "enabled": true, "time": "06:45" }),
            Some("06:45"),
            Some("01:30"),
        ),
        (
            json!({ "type": "START_TIME", "enable": false, "time": "01:30" }),
            Some("06:45"),
            None,
        ),
        (
            json!({ "type": "DEPARTURE_TIME", "enable": false }),
            None,
            None,
        ),
    ];
    for (body, departure, start) in told {
        let answer = post(&app, &car, path, &body).await;
        let expected = of(departure, start);
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (200, expected),
            "{body}"
        );
        assert_eq!(ask(&app, &car, path).await.json(), answer.json(), "{body}");
    }
}

#[tokio::test]
async fn a_nissan_charges_when_it_was_told() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("NISSAN"), ALL).await;
    let app = door(&bed);
    let path = "nissan/charge/schedule";
    let first = ask(&app, &car, path).await.json();
    let working = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"];
    let expected = json!({ "start": "22:00", "end": "06:00", "days": working });
    assert_eq!(first, json!({ "chargeSchedules": [expected] }));
    let body = json!({ "chargeSchedules": [
        { "start": "23:15", "end": "05:00", "days": ["SUNDAY", "MONDAY"] },
        { "start": "2026-03-01T12:00:00.000Z", "end": "2026-03-01T13:30:00.000Z", "days": ["FRIDAY"] },
    ]});
    let answer = put(&app, &car, path, &body).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, sent()));
    let shown = ask(&app, &car, path).await.json();
    assert_eq!(shown["chargeSchedules"][0], body["chargeSchedules"][0]);
    let second = json!({ "start": "12:00", "end": "13:30", "days": ["FRIDAY"] });
    assert_eq!(shown["chargeSchedules"][1], second);
    put(&app, &car, path, &json!({ "chargeSchedules": [] })).await;
    assert_eq!(
        ask(&app, &car, path).await.json(),
        json!({ "chargeSchedules": [] })
    );
    let one = json!({ "start": "22:00", "end": "06:00", "days": ["MONDAY"] });
    for wrong in [
        json!({}),
        json!({ "chargeSchedules": "none" }),
        json!({ "chargeSchedules": vec![one.clone(); 4] }),
        json!({ "chargeSchedules": [{ "start": "22:00", "end": "06:00", "days": [] }] }),
        json!({ "chargeSchedules": [{ "start": "22:00", "end": "06:00", "days": ["monday"] }] }),
        json!({ "chargeSchedules": [{ "start": "22", "end": "06:00", "days": ["MONDAY"] }] }),
        json!({ "chargeSchedules": [{ "start": "22:00", "days": ["MONDAY"] }] }),
    ] {
        let answer = put(&app, &car, path, &wrong).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert_eq!(answer.json()["detail"][0]["field"], "chargeSchedules");
    }
}

#[tokio::test]
async fn a_ford_and_a_lincoln_charge_at_each_place_as_they_were_told() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    for make in ["FORD", "LINCOLN"] {
        let car = car_of(&bed, Some(make), ALL).await;
        let path = format!("{}/charge/schedule_by_location", make.to_lowercase());
        let places = async || ask(&app, &car, &path).await.json()["chargingLocations"].clone();
        let before = places().await;
        assert_eq!(before.as_array().unwrap().len(), 2);
        assert_eq!(before[0]["chargeLimit"], 0.8);
        let nights = json!([{ "start": "23:00", "end": "05:00" }]);
        assert_eq!(before[0]["chargingSchedules"]["weekday"], nights);
        // One of them has a limit and no times.
        let none = json!({ "weekday": [], "weekend": [] });
        assert_eq!(before[1]["chargingSchedules"], none);
        let global = ask(&app, &car, "charge/limit").await;
        assert_eq!(global.status, 200);

        let windows = json!({
            "weekday": [{ "start": "01:00", "end": "05:00" }, { "start": "12:00", "end": "14:00" }],
            "weekend": []
        });
        let plan =
            json!({ "chargingLocation": { "chargeLimit": 0.55, "chargingWindows": windows } });
        let work = format!("{path}?latitude=40.015&longitude=-105.2705");
        let answer = put(&app, &car, &work, &plan).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (200, sent()),
            "{make}"
        );
        let after = places().await;
        assert_eq!(after[0], before[0]);
        assert_eq!(after[1]["chargeLimit"], 0.55);
        assert_eq!(after[1]["chargingSchedules"], windows);

        let elsewhere = format!("{path}?latitude=12.5&longitude=7");
        let answer = put(&app, &car, &elsewhere, &plan).await;
        assert_eq!(
            error_of(&answer),
            (400, json!("VALIDATION"), json!("PARAMETER"))
        );
        assert_eq!(answer.json()["detail"][0]["field"], "latitude");
        assert_eq!(places().await, after);
    }
}

#[tokio::test]
async fn what_a_place_does_not_take() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("FORD"), ALL).await;
    let app = door(&bed);
    let plan = |limit: Value, windows: Value| json!({ "chargingLocation": { "chargeLimit": limit, "chargingWindows": windows } });
    let at = "?latitude=39.7392&longitude=-104.9903";
    let wrong = [
        ("", plan(json!(0.7), json!({})), "latitude"),
        (
            "?latitude=39.7392",
            plan(json!(0.7), json!({})),
            "longitude",
        ),
        (
            "?latitude=91&longitude=0",
            plan(json!(0.7), json!({})),
            "latitude",
        ),
        (at, json!({}), "chargingLocation"),
        (at, plan(json!(0.4), json!({})), "chargeLimit"),
        (at, plan(json!(0.7), json!([])), "chargingWindows"),
        (
            at,
            plan(json!(0.7), json!({ "weekday": "night" })),
            "weekday",
        ),
        (
            at,
            plan(
                json!(0.7),
                json!({ "weekend": [{ "start": "01:30", "end": "05:00" }] }),
            ),
            "weekend",
        ),
    ];
    for (query, body, field) in wrong {
        let path = format!("ford/charge/schedule_by_location{query}");
        let answer = put(&app, &car, &path, &body).await;
        assert_eq!(answer.status, 400, "{query} {body}");
        assert_eq!(answer.json()["detail"][0]["field"], field, "{query} {body}");
    }
}

#[tokio::test]
async fn charges_of_the_last_thirty_days_or_of_the_range() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    for make in ["BMW", "MINI", "TESLA"] {
        let car = car_of(&bed, Some(make), ALL).await;
        let path = format!("{}/charge/records", make.to_lowercase());
        let count = async |query: &str| {
            let body = ask(&app, &car, &format!("{path}{query}")).await.json();
            body["records"].as_array().unwrap().len()
        };
        // The clock stands at 2026-03-01; a test car charged 2, 9 and 45 days before.
        assert_eq!(count("").await, 2);
        assert_eq!(count("?startDate=2026-01-01").await, 3);
        assert_eq!(count("?startDate=2026-01-01&endDate=2026-01-31").await, 1);
        assert_eq!(count("?endDate=2026-01-31").await, 1);
        assert_eq!(count("?startDate=2026-02-27&endDate=2026-02-27").await, 1);
        assert_eq!(count("?startDate=undefined&endDate=undefined").await, 2);
        let records = ask(&app, &car, &path).await.json()["records"].clone();
        assert!(records[0]["chargeStart"].as_str() > records[1]["chargeStart"].as_str());
        assert_eq!(records[0]["location"], "1 Test Street, Denver");
        assert_eq!(records[0]["energy"], 31.4);
        assert_eq!(
            (&records[0]["isPublic"], &records[1]["isPublic"]),
            (&json!(false), &json!(true))
        );
    }
}

#[tokio::test]
async fn bills_come_in_pages() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    let path = "tesla/charge/records/billing";
    let bills = ask(&app, &car, path).await.json();
    assert_eq!(bills["hasMoreData"], false);
    assert_eq!(
        bills["records"][0]["cost"],
        json!({ "currency": "USD", "energy": 7.85, "other": 0.0 })
    );
    let now = bed.clock().now();
    let record = |hours: u64| ChargeRecord {
        id: Some(format!("R{hours}")),
        start: now.minus(Duration::from_hours(hours)),
        ..ChargeRecord::default()
    };
    let records = SignalValue::ChargeRecords((1..=60).map(record).collect());
    hold(&bed, &car, vec![(CHARGE_RECORDS, records)]).await;
    for (page, ids, more) in [
        ("", ["R1", "R25"], true),
        ("?page=1", ["R1", "R25"], true),
        ("?page=2", ["R26", "R50"], true),
        ("?page=3", ["R51", "R60"], false),
    ] {
        let body = ask(&app, &car, &format!("{path}{page}")).await.json();
        let records = body["records"].as_array().unwrap();
        let ends =
            [records.first(), records.last()].map(|record| record.unwrap()["recordId"].clone());
        assert_eq!(
            (ends, &body["hasMoreData"]),
            (ids.map(Value::from), &json!(more)),
            "{page}"
        );
        // What the maker does not tell.
        let cost = json!({ "currency": null, "energy": null, "other": null });
        assert_eq!(records[0]["cost"], cost);
        assert_eq!(records[0]["chargeEnd"], Value::Null);
    }
    let past = ask(&app, &car, &format!("{path}?page=4")).await.json();
    assert_eq!(past, json!({ "records": [], "hasMoreData": false }));
    for wrong in ["0", "-1", "x", "1.5"] {
        let answer = ask(&app, &car, &format!("{path}?page={wrong}")).await;
        assert_eq!(
            error_of(&answer),
            (400, json!("VALIDATION"), Value::Null),
            "{wrong}"
        );
        assert_eq!(answer.json()["detail"][0]["field"], "page");
    }
}

/// Has a car say something.
async fn hold(bed: &TestBed, car: &Car, values: Vec<(carport_model::Signal, SignalValue)>) {
    let (vehicle, now) = (car.vehicle, bed.clock().now());
    let unit = async move |tx: &mut Tx<'_>| held_values::put(tx, vehicle, &values, now).await;
    let kept: Result<(), StoreError> = bed.store.write(unit).await;
    kept.unwrap();
}
