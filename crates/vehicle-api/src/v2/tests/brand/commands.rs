//! Commands of single brands, and what they leave behind.

use super::*;

#[tokio::test]
async fn every_command_is_carried_out() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    let client = bed.application().await;
    for order in ORDERS.iter().filter(|order| order.make.is_some()) {
        let mut found = found_vehicle("0SCTESLA1A2B3C4D6", Level::Bev);
        found.make = BrandId::new(order.make.unwrap());
        let car = bed.connect_vehicle(&client, found, ALL).await;
        let (path, body) = working(order);
        let answer = send(&app, &car, (order.method.clone(), &path), &body).await;
        assert_eq!(answer.status, 200, "{path} {}", answer.text());
        assert_eq!(answer.header("sc-request-id").len(), 36);
        assert_eq!(answer.header("sc-data-age"), "", "{path}");
    }
}

#[tokio::test]
async fn the_cabin_is_as_it_was_told() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    let path = "tesla/climate/cabin";
    let told = [
        (json!({ "action": "START" }), ("ON", 21.0)),
        (json!({ "action": "STOP" }), ("OFF", 21.0)),
        (
            json!({ "action": "SET", "temperature": 18.5 }),
            ("OFF", 18.5),
        ),
        (
            json!({ "action": "START", "temperature": "23" }),
            ("ON", 23.0),
        ),
        (json!({ "action": "SET", "temperature": 20 }), ("ON", 20.0)),
    ];
    for (body, (status, temperature)) in told {
        let answer = post(&app, &car, path, &body).await;
        let expected = json!({ "status": status, "temperature": temperature });
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (200, expected),
            "{body}"
        );
        assert_eq!(ask(&app, &car, path).await.json(), answer.json(), "{body}");
    }
    for (path, action, on) in [
        ("tesla/climate/defroster", "START", "ON"),
        ("tesla/climate/defroster", "STOP", "OFF"),
        ("tesla/climate/steering_wheel", "START", "ON"),
        ("tesla/climate/steering_wheel", "STOP", "OFF"),
        ("tesla/climate/cabin/steering_wheel", "START", "ON"),
    ] {
        let answer = post(&app, &car, path, &json!({ "action": action })).await;
        assert_eq!(answer.json(), json!({ "status": on }), "{path}");
        let shown = ask(&app, &car, path).await.json();
        let expected = match path {
            "tesla/climate/defroster" => json!({ "frontStatus": on, "rearStatus": on }),
            _ => json!({ "status": on }),
        };
        assert_eq!(shown, expected, "{path}");
    }
}

#[tokio::test]
async fn boots_and_the_flap_are_where_they_were_put() {
    let bed = TestBed::new().await;
    let client = bed.application().await;
    let tesla = found_vehicle("0SCTESLA1A2B3C4D6", Level::Bev);
    let car = bed.connect_vehicle(&client, tesla, ALL).await;
    let app = door(&bed);
    let rows = [
        ("tesla/security/frunk", "/storage/1/status"),
        ("tesla/security/trunk", "/storage/0/status"),
        ("tesla/charge/charge_port_door", "/chargingPort/0/status"),
    ];
    for (path, place) in rows {
        for (action, status) in [("OPEN", "OPEN"), ("CLOSE", "CLOSED"), ("OPEN", "OPEN")] {
            let answer = post(&app, &car, path, &json!({ "action": action })).await;
            assert_eq!((answer.status.as_u16(), answer.json()), (200, sent()));
            let security = ask(&app, &car, "security").await.json();
            assert_eq!(security.pointer(place).unwrap(), status, "{path}");
        }
    }
    let charge = ask(&app, &car, "tesla/charge").await.json();
    assert_eq!(charge["chargePortOpen"], true);
}

#[tokio::test]
async fn a_pin_is_taken_and_kept_nowhere() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    let digits = "8407";
    let answer = post(&app, &car, "tesla/pin", &json!({ "pin": digits })).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, sent()));
    let held = bed.store.connected(car.user, car.vehicle).await.unwrap();
    assert!(held.unwrap().held.is_empty());
    for body in [Value::Null, json!({})] {
        let answer = if body.is_null() {
            let request = app.request(Method::DELETE, &car.path("tesla/pin"));
            request.bearer(&car.access_token).send().await
        } else {
            send(&app, &car, (Method::DELETE, "tesla/pin"), &body).await
        };
        assert_eq!((answer.status.as_u16(), answer.json()), (200, sent()));
    }
    for wrong in [
        json!("123"),
        json!("12345"),
        json!("12a4"),
        json!(1234),
        json!("١٢٣٤"),
    ] {
        let answer = post(&app, &car, "tesla/pin", &json!({ "pin": wrong })).await;
        assert_eq!(answer.json()["detail"][0]["field"], "pin", "{wrong}");
    }
    let get = ask(&app, &car, "tesla/pin").await;
    assert_eq!(
        (get.status.as_u16(), &get.json()["code"]),
        (404, &json!("PATH"))
    );
}

#[tokio::test]
async fn what_a_command_does_not_take() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    let wrong = [
        (
            "tesla/climate/cabin",
            json!({ "action": "SET" }),
            "temperature",
        ),
        ("tesla/climate/cabin", json!({ "action": "ON" }), "action"),
        ("tesla/climate/defroster", json!({}), "action"),
        ("tesla/charge/ammeter", json!({}), "amperage"),
        (
            "tesla/charge/ammeter",
            json!({ "amperage": -1 }),
            "amperage",
        ),
        (
            "tesla/charge/ammeter",
            json!({ "amperage": 81 }),
            "amperage",
        ),
        ("tesla/charge/schedule", json!({ "type": "NOW" }), "type"),
        (
            "tesla/charge/schedule",
            json!({ "type": "START_TIME" }),
            "enable",
        ),
        (
            "tesla/charge/schedule",
            json!({ "type": "START_TIME", "enable": true, "time": "7 am" }),
            "time",
        ),
        (
            "tesla/security/trunk",
            json!({ "action": "UNLOCK" }),
            "action",
        ),
        ("tesla/charge/charge_port_door", json!([]), "body"),
    ];
    for (path, body, field) in wrong {
        let answer = post(&app, &car, path, &body).await;
        assert_eq!(
            error_of(&answer),
            (400, json!("VALIDATION"), Value::Null),
            "{path} {body}"
        );
        assert_eq!(answer.json()["detail"][0]["field"], field, "{path} {body}");
    }
    // A command of another method is no path.
    let answer = put(
        &app,
        &car,
        "tesla/climate/cabin",
        &json!({ "action": "START" }),
    )
    .await;
    assert_eq!(answer.status, 404);
}
