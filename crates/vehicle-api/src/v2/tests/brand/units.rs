//! The caller's units, where they apply.

use super::*;

async fn imperial(app: &TestApp, car: &Car, path: &str) -> Answer {
    let request = app.get(&car.path(path)).bearer(&car.access_token);
    request.header("sc-unit-system", "imperial").send().await
}

#[tokio::test]
async fn numbers_are_in_the_callers_units() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    // The signal, the unit, and where a drawn value lies in metric and imperial units.
    let rows = [
        (
            "TESLA",
            "tesla/speedometer",
            "/speed",
            0.0..130.0,
            0.0..80.78,
        ),
        (
            "TESLA",
            "tesla/charge",
            "/chargeRate",
            5.0..80.0,
            3.1..49.71,
        ),
        ("AUDI", "audi/charge", "/chargeRate", 5.0..80.0, 3.1..49.71),
        (
            "TESLA",
            "tesla/thermometer/exterior",
            "/temperature",
            -10.0..40.0,
            14.0..104.0,
        ),
        (
            "TESLA",
            "tesla/thermometer/interior",
            "/temperature",
            5.0..40.0,
            41.0..104.0,
        ),
        (
            "TESLA",
            "tesla/climate/cabin",
            "/temperature",
            21.0..21.01,
            69.8..69.81,
        ),
        (
            "TESLA",
            "tesla/battery",
            "/rangeIdeal",
            1.1..555.5,
            0.7..345.2,
        ),
    ];
    for (make, path, place, metric, miles) in rows {
        let car = car_of(&bed, Some(make), ALL).await;
        let answer = ask(&app, &car, path).await;
        assert_eq!(answer.header("sc-unit-system"), "metric", "{path}");
        let number = |answer: &Answer| answer.json().pointer(place).and_then(Value::as_f64);
        assert!(metric.contains(&number(&answer).unwrap()), "{path}");
        for _ in 0..20 {
            let answer = imperial(&app, &car, path).await;
            assert_eq!(answer.header("sc-unit-system"), "imperial", "{path}");
            let number = number(&answer).unwrap();
            assert!(miles.contains(&number), "{path} {number}");
        }
    }
    // Electric units are the same everywhere, and are told in kilowatts.
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    for units in ["metric", "imperial"] {
        let request = app.get(&car.path("tesla/charge/wattmeter"));
        let request = request.bearer(&car.access_token);
        let answer = request.header("sc-unit-system", units).send().await;
        assert_eq!(answer.header("sc-unit-system"), "");
        let kilowatts = answer.json()["wattage"].as_f64().unwrap();
        assert!((1.0..11.0).contains(&kilowatts), "{kilowatts}");
    }
}

#[tokio::test]
async fn a_temperature_is_sent_in_the_callers_unit() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    let set = async |units: &str, temperature: Value| {
        let request = app.post(&car.path("tesla/climate/cabin"));
        let request = request.bearer(&car.access_token);
        let body = json!({ "action": "SET", "temperature": temperature });
        request
            .header("sc-unit-system", units)
            .json(&body)
            .send()
            .await
    };
    let answer = set("imperial", json!(77)).await;
    assert_eq!(
        answer.json(),
        json!({ "status": "OFF", "temperature": 77.0 })
    );
    let metric = ask(&app, &car, "tesla/climate/cabin").await.json();
    assert_eq!(metric["temperature"], 25.0);
    // The ends of the scale are on it in either unit.
    for (units, temperature) in [("imperial", 59.0), ("imperial", 82.4), ("metric", 28.0)] {
        assert_eq!(
            set(units, json!(temperature)).await.status,
            200,
            "{temperature}"
        );
    }
    for (units, temperature) in [("metric", 77.0), ("imperial", 25.0), ("metric", 14.9)] {
        let answer = set(units, json!(temperature)).await;
        assert_eq!(answer.status, 400, "{units} {temperature}");
        assert_eq!(answer.json()["detail"][0]["field"], "temperature");
    }
    assert_eq!(set("furlongs", json!(20)).await.status, 400);
}
