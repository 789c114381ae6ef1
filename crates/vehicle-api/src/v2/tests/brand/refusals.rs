//! Who may not ask, and which car cannot answer.

use super::*;

/// Every row of a brand: make, method, path, permission, and a body that it takes.
fn rows() -> Vec<(&'static str, Method, String, Option<Permission>, Value)> {
    let shown = ENDPOINTS.iter().filter_map(|row| {
        let path = row.path[1..].to_owned();
        Some((row.make?, Method::GET, path, row.permission, Value::Null))
    });
    let unserved = UNSERVED.iter().map(|row| {
        let path = row.path[1..].to_owned();
        (row.make, Method::GET, path, row.permission, Value::Null)
    });
    let orders = ORDERS.iter().filter_map(|row| {
        let (path, body) = working(row);
        Some((
            row.make?,
            row.method.clone(),
            path,
            Some(row.permission),
            body,
        ))
    });
    shown.chain(unserved).chain(orders).collect()
}

#[tokio::test]
async fn without_its_permission_nothing_is_told_or_done() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    for (make, method, path, permission, body) in rows() {
        // All others where it needs one, and none where it does not.
        let granted: Vec<&str> = match permission {
            Some(permission) => {
                let others = ALL.iter().copied();
                others.filter(|name| *name != permission.name()).collect()
            }
            None => vec!["read_vin"],
        };
        let car = car_of(&bed, Some(make), &granted).await;
        let answer = send(&app, &car, (method, &path), &body).await;
        let expected = if permission.is_some() { 403 } else { 200 };
        assert_eq!(answer.status, expected, "{path}");
    }
}

#[tokio::test]
async fn every_permission_opens_what_the_contract_says() {
    for (_, method, path, permission, _) in rows() {
        let rest = path.split_once('/').unwrap().1;
        let rest = rest.split('?').next().unwrap();
        let name = permission.map(Permission::name);
        let controls = method != Method::GET;
        let expected = match rest {
            "user/access" => None,
            "user/info" => Some("read_user_profile"),
            "alerts" => Some("read_alerts"),
            "attributes" | "status" => Some("read_extended_vehicle_info"),
            "virtual_key" | "migration" => Some("read_vehicle_info"),
            "battery" => Some("read_battery"),
            "compass" => Some("read_compass"),
            "speedometer" => Some("read_speedometer"),
            "pin" => Some("control_pin"),
            "security/frunk" | "security/trunk" => Some("control_trunk"),
            "charge/records" | "charge/records/billing" => Some("read_charge_records"),
            "charge/schedule_by_location" if !controls => Some("read_charge_locations"),
            _ if rest.starts_with("thermometer/") => Some("read_thermometer"),
            _ if rest.starts_with("climate/") && controls => Some("control_climate"),
            _ if rest.starts_with("climate/") => Some("read_climate"),
            _ if rest.starts_with("charge") && controls => Some("control_charge"),
            _ if rest.starts_with("charge") => Some("read_charge"),
            _ => panic!("{path} is not in the contract"),
        };
        assert_eq!(name, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn cars_of_other_makes_do_not_have_it() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    let kia = car_of(&bed, Some("KIA"), ALL).await;
    for (_, method, path, _, body) in rows() {
        let answer = send(&app, &kia, (method, &path), &body).await;
        let expected = (501, json!("COMPATIBILITY"), json!("VEHICLE_NOT_CAPABLE"));
        assert_eq!(error_of(&answer), expected, "{path}");
    }
}

#[tokio::test]
async fn cars_that_cannot_do_not_have_it_either() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    let client = bed.application().await;
    let petrol = found_vehicle("0SCTESLA1A2B3C4D9", Level::Fuel);
    let petrol = bed.connect_vehicle(&client, petrol, ALL).await;
    for path in ["tesla/battery", "tesla/charge", "tesla/charge/records"] {
        assert_eq!(ask(&app, &petrol, path).await.status, 501, "{path}");
    }
    let body = json!({ "amperage": 16 });
    let answer = post(&app, &petrol, "tesla/charge/ammeter", &body).await;
    assert_eq!(answer.json()["code"], "VEHICLE_NOT_CAPABLE");
    // An engine lies where a battery car has a boot.
    let answer = post(
        &app,
        &petrol,
        "tesla/security/frunk",
        &json!({ "action": "OPEN" }),
    )
    .await;
    assert_eq!(answer.json()["code"], "VEHICLE_NOT_CAPABLE");
}

#[tokio::test]
async fn what_no_signal_tells_is_said_to_be_so() {
    let bed = TestBed::new().await;
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    let app = door(&bed);
    for path in ["tesla/alerts", "tesla/migration"] {
        let answer = ask(&app, &car, path).await;
        let expected = (501, json!("COMPATIBILITY"), json!("SMARTCAR_NOT_CAPABLE"));
        assert_eq!(error_of(&answer), expected, "{path}");
    }
}

#[tokio::test]
async fn a_make_in_upper_case_is_refused_to_those_who_may_ask() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    for make in crate::v2::brand::MAKES {
        let car = car_of(&bed, Some(make), ALL).await;
        for (method, rest) in [(Method::GET, "charge"), (Method::POST, "charge/ammeter")] {
            let path = format!("{make}/{rest}");
            let answer = send(&app, &car, (method, &path), &Value::Null).await;
            let expected = (403, json!("PERMISSION"), Value::Null);
            assert_eq!(error_of(&answer), expected, "{path}");
        }
        // Every make of the list has something.
        let has = |row: &&&crate::v2::endpoint::Endpoint| row.make == Some(make);
        let lower = make.to_lowercase();
        let mut own = ENDPOINTS.iter().filter(has).peekable();
        assert!(own.peek().is_some(), "{make}");
        assert!(own.all(|row| row.path.split('/').nth(1) == Some(&lower)));
    }
    let car = car_of(&bed, Some("TESLA"), ALL).await;
    assert_eq!(app.get(&car.path("TESLA/charge")).send().await.status, 401);
    let bad = app.get("/v2.0/vehicles/bad_id/TESLA/charge");
    assert_eq!(bad.bearer(&car.access_token).send().await.status, 400);
    for path in [
        "Tesla/charge",
        "tesla/nothing",
        "KIA/charge",
        "TESLA",
        "tesla",
    ] {
        assert_eq!(ask(&app, &car, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn every_row_fails_as_a_failing_login_asks() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    let client = bed.application().await;
    for (make, method, path, _, body) in rows() {
        if UNSERVED.iter().any(|row| row.path[1..] == path) {
            continue;
        }
        let mut asleep = found_vehicle("0SCLR0002E8896323", Level::Compatible);
        asleep.make = BrandId::new(make);
        let car = bed.connect_vehicle(&client, asleep, ALL).await;
        let answer = send(&app, &car, (method, &path), &body).await;
        let expected = (409, json!("VEHICLE_STATE"), json!("ASLEEP"));
        assert_eq!(error_of(&answer), expected, "{path}");
    }
}
