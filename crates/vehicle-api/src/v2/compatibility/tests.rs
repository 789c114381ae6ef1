//! Both calls through the router. The VINs are those of the contract's table (rest-v2, 4.1), which
//! official suites ask for.

use carport_model::{Level, Permission};
use carport_testkit::{Answer, Registered, TestApp, TestBed, found_vehicle};
use serde_json::{Value, json};

use super::*;
use crate::v2::tests::door;

mod matrix;
mod questions;

/// A server and an application of it.
pub(super) struct Asking {
    pub(super) bed: TestBed,
    pub(super) app: TestApp,
    pub(super) client: Registered,
}

impl Asking {
    pub(super) async fn new() -> Self {
        let bed = TestBed::new().await;
        let client = bed.application().await;
        let app = door(&bed);
        Self { bed, app, client }
    }

    pub(super) async fn get(&self, path_and_query: &str) -> Answer {
        let request = self.app.get(&format!("/v2.0{path_and_query}"));
        let request = request.basic(&self.client.id, &self.client.secret);
        request.send().await
    }

    /// The whole answer about a VIN. `more` is put behind the query.
    async fn about(&self, vin: &str, scope: &str, more: &str) -> Value {
        let scope = scope.replace(' ', "+");
        let path = format!("/compatibility?vin={vin}&scope={scope}{more}");
        let answer = self.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("sc-request-id").len(), 36);
        answer.json()
    }
}

/// `endpoint` capable, or the reason why not, as `/odometer` or `/fuel VEHICLE_NOT_CAPABLE`.
fn capabilities(answer: &Value) -> Vec<String> {
    let entries = answer["capabilities"].as_array().unwrap().iter();
    entries
        .map(|entry| {
            let keys: Vec<_> = entry.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["permission", "endpoint", "capable", "reason"]);
            let endpoint = entry["endpoint"].as_str().unwrap();
            match entry["reason"].as_str() {
                None => {
                    assert_eq!(entry["capable"], true);
                    endpoint.to_owned()
                }
                Some(reason) => {
                    assert_eq!(entry["capable"], false);
                    format!("{endpoint} {reason}")
                }
            }
        })
        .collect()
}

fn is_compatible(answer: &Value) -> bool {
    let compatible = answer["compatible"].as_bool().unwrap();
    assert_eq!(answer["reason"].is_null(), compatible);
    compatible
}

#[tokio::test]
async fn a_tesla_of_2017_tells_odometer_and_location() {
    let asking = Asking::new().await;
    let scope = "read_odometer read_location";
    let answer = asking.about("5YJXCDE22HF068739", scope, "").await;
    assert_eq!(
        answer,
        json!({
            "compatible": true,
            "reason": null,
            "capabilities": [
                {"permission": "read_odometer", "endpoint": "/odometer", "capable": true, "reason": null},
                {"permission": "read_location", "endpoint": "/location", "capable": true, "reason": null},
            ],
        })
    );
}

#[tokio::test]
async fn an_audi_of_2016_is_compatible_and_tells_neither() {
    let asking = Asking::new().await;
    let scope = "read_odometer read_location";
    let answer = asking.about("WAUAFAFL1GN014882", scope, "").await;
    assert!(is_compatible(&answer));
    assert_eq!(
        capabilities(&answer),
        [
            "/odometer VEHICLE_NOT_CAPABLE",
            "/location VEHICLE_NOT_CAPABLE"
        ]
    );
}

#[tokio::test]
async fn a_bmw_of_2013_is_not_compatible() {
    let asking = Asking::new().await;
    let scope = "read_odometer read_location";
    let answer = asking.about("WBAKE5C58DJ107700", scope, "").await;
    let refused = json!({
        "compatible": false, "reason": "VEHICLE_NOT_COMPATIBLE", "capabilities": [],
    });
    assert_eq!(answer, refused);
}

#[tokio::test]
async fn a_tesla_is_asked_for_fuel_by_no_one() {
    let asking = Asking::new().await;
    let answer = asking
        .about("5YJSA1E29LF403082", "read_odometer read_fuel", "")
        .await;
    assert!(is_compatible(&answer));
    assert_eq!(
        capabilities(&answer),
        ["/odometer", "/fuel SMARTCAR_NOT_CAPABLE"]
    );
}

#[tokio::test]
async fn a_test_vin_is_known_without_its_mode() {
    let asking = Asking::new().await;
    let answer = asking
        .about(
            "0SCGMCT0386A85356",
            "read_odometer read_fuel",
            "&country=US",
        )
        .await;
    assert!(is_compatible(&answer));
    assert_eq!(
        capabilities(&answer),
        ["/odometer", "/fuel VEHICLE_NOT_CAPABLE"]
    );
}

#[tokio::test]
async fn a_level_without_test_mode_is_ignored() {
    let asking = Asking::new().await;
    for level in ["compatible", "incompatible", "nonsense"] {
        let more = format!("&test_mode_compatibility_level={level}");
        let answer = asking
            .about("WAUAFAFL1GN014882", "read_vehicle_info", &more)
            .await;
        assert!(is_compatible(&answer));
        assert_eq!(capabilities(&answer), ["/"]);
    }
}

#[tokio::test]
async fn a_vehicle_that_was_connected_is_told_as_it_is() {
    let asking = Asking::new().await;
    let vin = "0SCTESL1A2B3C4D5E";
    let scope = "read_battery read_fuel";
    // As every Tesla of test mode, until it is known better.
    let answer = asking.about(vin, scope, "&country=US").await;
    assert!(is_compatible(&answer));
    let unknown = capabilities(&answer);
    assert_eq!(unknown.last().unwrap(), "/fuel VEHICLE_NOT_CAPABLE");

    let car = found_vehicle(vin, Level::Fuel);
    asking
        .bed
        .connect_vehicle(&asking.client, car, &["read_vin"])
        .await;
    let answer = asking.about(vin, scope, "&country=US").await;
    assert!(is_compatible(&answer));
    assert_eq!(
        capabilities(&answer),
        [
            "/battery VEHICLE_NOT_CAPABLE",
            "/battery/capacity VEHICLE_NOT_CAPABLE",
            "/battery/nominal_capacity VEHICLE_NOT_CAPABLE",
            "/tesla/battery VEHICLE_NOT_CAPABLE",
            "/fuel",
        ]
    );

    // Other applications have not seen it.
    let other = Asking {
        client: asking.bed.application().await,
        ..asking
    };
    let answer = other.about(vin, scope, "&country=US").await;
    assert_eq!(capabilities(&answer), unknown);
}

#[tokio::test]
async fn levels_of_test_mode() {
    let asking = Asking::new().await;
    let scope = "read_vehicle_info read_fuel read_charge";
    for (level, expected) in [
        ("compatible", vec!["/", "/fuel", "/charge", "/charge/limit"]),
        ("phev", vec!["/", "/fuel", "/charge", "/charge/limit"]),
        (
            "bev",
            vec!["/", "/fuel VEHICLE_NOT_CAPABLE", "/charge", "/charge/limit"],
        ),
        (
            "fuel",
            vec![
                "/",
                "/fuel",
                "/charge VEHICLE_NOT_CAPABLE",
                "/charge/limit VEHICLE_NOT_CAPABLE",
            ],
        ),
        ("dinosaur", vec![]),
        ("incompatible", vec![]),
    ] {
        let more = format!("&mode=test&test_mode_compatibility_level={level}");
        // Whatever the VIN says: it is one of no maker, of another level, and too old.
        for vin in [
            "XXXKE5C58DJ107700",
            "0SCGMCT0386A85356",
            "WBAKE5C58DJ107700",
        ] {
            let answer = asking.about(vin, scope, &more).await;
            assert_eq!(
                is_compatible(&answer),
                !expected.is_empty(),
                "{level} {vin}"
            );
            assert_eq!(capabilities(&answer), expected, "{level} {vin}");
            if expected.is_empty() {
                assert_eq!(answer["reason"], "VEHICLE_NOT_COMPATIBLE");
            }
        }
    }
}

#[tokio::test]
async fn test_vins_forecast_what_test_mode_does_with_them() {
    let asking = Asking::new().await;
    let scope = "read_vehicle_info read_vin read_odometer";
    for (vin, reason) in [
        ("0SCLR000270BE6600", "MAKE_NOT_COMPATIBLE"),
        ("0SCAUDI012FE3B132", "VEHICLE_NOT_COMPATIBLE"),
        ("0SCXXXX0000000000", "MAKE_NOT_COMPATIBLE"),
    ] {
        let answer = asking.about(vin, scope, "").await;
        assert_eq!(
            (is_compatible(&answer), &answer["reason"]),
            (false, &json!(reason))
        );
    }
    for (vin, odometer) in [
        ("0SCLR0002DC18F57F", "/odometer SMARTCAR_NOT_CAPABLE"),
        ("0SCLR00024C7CDF7A", "/odometer VEHICLE_NOT_CAPABLE"),
        ("0SCLR0002E8896323", "/odometer"),
        ("0SCAUDI037A5ADB1C", "/odometer"),
        ("0SCAUDI0155C49A95", "/odometer"),
    ] {
        let answer = asking.about(vin, scope, "").await;
        assert!(is_compatible(&answer));
        assert_eq!(capabilities(&answer), ["/", "/vin", odometer], "{vin}");
    }
}

#[tokio::test]
async fn a_simulated_vin_needs_its_mode() {
    let asking = Asking::new().await;
    let vin = "1SCTESL1A2B3C4D5E";
    for mode in [
        "",
        "&mode=live",
        "&mode=test&test_mode_compatibility_level=bev",
    ] {
        let path = format!("/compatibility?vin={vin}&scope=read_vin{mode}");
        let answer = asking.get(&path).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["detail"][0]["field"], "vin");
    }
    let answer = asking.about(vin, "read_battery", "&mode=simulated").await;
    assert!(is_compatible(&answer));
    // A real VIN is what it is in this mode too.
    let answer = asking
        .about("5YJSA1E29LF403082", "read_fuel", "&mode=simulated")
        .await;
    assert_eq!(capabilities(&answer), ["/fuel SMARTCAR_NOT_CAPABLE"]);
}

#[tokio::test]
async fn outside_the_united_states_only_the_overall_answer_is_given() {
    let asking = Asking::new().await;
    let about = async |vin: &str, country: &str| {
        let more = format!("&country={country}");
        let answer = asking.about(vin, "read_odometer", &more).await;
        assert_eq!(answer["capabilities"], json!([]));
        let reason = answer["reason"].as_str().map(str::to_owned);
        (is_compatible(&answer), reason.unwrap_or_default())
    };
    let yes = (true, String::new());
    let no = |reason: &str| (false, reason.to_owned());
    assert_eq!(about("5YJXCDE22HF068739", "CA").await, yes);
    assert_eq!(about("5YJXCDE22HF068739", "de").await, yes);
    assert_eq!(about("0SCGMCT0386A85356", "DE").await, yes);
    // Rivians are sold in the United States; nothing is in Antarctica.
    assert_eq!(
        about("7FCTGAAA0NN000001", "DE").await,
        no("MAKE_NOT_COMPATIBLE")
    );
    assert_eq!(
        about("5YJXCDE22HF068739", "AQ").await,
        no("MAKE_NOT_COMPATIBLE")
    );
    // A Volt was sold to Canadians from 2011 on.
    assert_eq!(about("1G1RC6S54HU100000", "CA").await, yes);
    assert_eq!(
        about("WBAKE5C58DJ107700", "CA").await,
        no("VEHICLE_NOT_COMPATIBLE")
    );
}

#[tokio::test]
async fn endpoints_of_one_make_are_told_for_its_cars() {
    let asking = Asking::new().await;
    let scope = "read_compass control_pin read_charge_events read_charge";
    let tesla = asking.about("5YJSA1E29LF403082", scope, "").await;
    let tesla = capabilities(&tesla);
    assert_eq!(
        tesla[..4],
        ["/tesla/compass", "/tesla/pin", "/charge", "/charge/limit"]
    );
    assert!(
        tesla[4..]
            .iter()
            .all(|endpoint| endpoint.starts_with("/tesla/charge"))
    );
    // A Volt has those of Chevrolet; that it has no compass is said and not passed over.
    let volt = asking.about("1G1RC6S54HU100000", scope, "").await;
    assert_eq!(
        capabilities(&volt),
        [
            "/tesla/compass SMARTCAR_NOT_CAPABLE",
            "/tesla/pin SMARTCAR_NOT_CAPABLE",
            "/charge",
            "/charge/limit",
            "/chevrolet/charge/completion",
            "/chevrolet/charge/voltmeter",
        ]
    );
    let test_car = asking.about("0SCCHEV0000000000", "read_compass", "").await;
    assert_eq!(
        capabilities(&test_car),
        ["/tesla/compass VEHICLE_NOT_CAPABLE"]
    );
}

#[tokio::test]
async fn the_order_is_that_of_the_scope() {
    let asking = Asking::new().await;
    let mut scope: Vec<&str> = Permission::ALL.iter().map(|each| each.name()).collect();
    for _ in 0..2 {
        scope.reverse();
        let answer = asking
            .about("0SCTESL0000000000", &scope.join(" "), "")
            .await;
        let entries = answer["capabilities"].as_array().unwrap();
        let mut told: Vec<_> = entries
            .iter()
            .map(|entry| entry["permission"].as_str().unwrap())
            .collect();
        told.dedup();
        // The one permission that opens nothing in v2.0.
        let expected: Vec<_> = scope
            .iter()
            .copied()
            .filter(|name| *name != "read_charge_events")
            .collect();
        assert_eq!(told, expected);
    }
}

#[tokio::test]
async fn version_one_knows_one_member() {
    let asking = Asking::new().await;
    let old = Asking {
        // As the listener does for a request that came by `/v1.0`.
        app: asking.app.clone().with_extension(OldVersion),
        ..asking
    };
    for (vin, compatible) in [
        ("5YJXCDE22HF068739", true),
        ("WBAKE5C58DJ107700", false),
        ("XXXKE5C58DJ107700", false),
    ] {
        let answer = old.about(vin, "read_odometer", "").await;
        assert_eq!(answer, json!({ "compatible": compatible }));
    }
    let more = "&mode=test&test_mode_compatibility_level=incompatible";
    let answer = old.about("5YJXCDE22HF068739", "read_odometer", more).await;
    assert_eq!(answer, json!({"compatible": false}));
    let refused = old
        .get("/compatibility?vin=short&scope=read_odometer")
        .await;
    assert_eq!(refused.json()["error"], "validation_error");
}
