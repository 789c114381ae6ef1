//! The matrix.

use std::collections::BTreeSet;

use super::*;

async fn models(asking: &Asking, query: &str) -> Value {
    let answer = asking.get(&format!("/compatibility/matrix?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn makes(matrix: &Value) -> Vec<&str> {
    matrix
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn rows(matrix: &Value) -> impl Iterator<Item = &Value> {
    let makes = matrix.as_object().unwrap().values();
    makes.flat_map(|make| make.as_array().unwrap())
}

#[tokio::test]
async fn electric_nissans_as_the_suites_ask_for_them() {
    let asking = Asking::new().await;
    let query = "region=US&make=NISSAN&type=BEV&scope=read_battery+read_charge";
    insta::assert_json_snapshot!(models(&asking, query).await);
}

#[tokio::test]
async fn every_entry_has_its_six_keys() {
    let asking = Asking::new().await;
    for region in ["US", "CA", "EUROPE"] {
        let matrix = models(&asking, &format!("region={region}")).await;
        assert!(makes(&matrix).len() > 20 && rows(&matrix).count() > 80);
        for row in rows(&matrix) {
            let keys: Vec<_> = row.as_object().unwrap().keys().collect();
            let expected = [
                "model",
                "startYear",
                "endYear",
                "type",
                "endpoints",
                "permissions",
            ];
            assert_eq!(keys, expected);
            assert!(
                row["startYear"].as_i64() <= row["endYear"].as_i64(),
                "{row}"
            );
            assert!(!row["endpoints"].as_array().unwrap().is_empty());
            assert!(
                row["endpoints"].as_array().unwrap().len()
                    <= row["permissions"].as_array().unwrap().len()
            );
        }
    }
}

#[tokio::test]
async fn regions_and_types_narrow() {
    let asking = Asking::new().await;
    let us = models(&asking, "region=us").await;
    let europe = models(&asking, "region=Europe").await;
    assert!(makes(&us).contains(&"RIVIAN") && !makes(&us).contains(&"RENAULT"));
    assert!(makes(&europe).contains(&"RENAULT") && !makes(&europe).contains(&"RIVIAN"));
    let mut kinds = BTreeSet::new();
    let mut narrowed = 0;
    for kind in ["ICE", "hev", "PHEV", "Bev"] {
        let matrix = models(&asking, &format!("region=US&type={kind}")).await;
        for row in rows(&matrix) {
            assert_eq!(row["type"], kind.to_uppercase());
            kinds.insert(kind);
            narrowed += 1;
        }
    }
    assert_eq!((kinds.len(), narrowed), (4, rows(&us).count()));
}

#[tokio::test]
async fn makes_in_any_spelling_and_number() {
    let asking = Asking::new().await;
    for (sent, expected) in [
        ("NISSAN", vec!["NISSAN"]),
        ("nissan+Tesla", vec!["NISSAN", "TESLA"]),
        ("TESLA%20LAND_ROVER%20TESLA", vec!["LAND_ROVER", "TESLA"]),
        (
            "Land+Rover+bmw+alfa+romeo",
            vec!["ALFA_ROMEO", "BMW", "LAND_ROVER"],
        ),
        ("VW", vec!["VOLKSWAGEN"]),
        // Known, and not sold here.
        ("RENAULT", vec![]),
    ] {
        let matrix = models(&asking, &format!("region=US&make={sent}")).await;
        assert_eq!(makes(&matrix), expected, "{sent}");
    }
}

#[tokio::test]
async fn a_scope_asks_for_all_of_it() {
    let asking = Asking::new().await;
    let both = models(&asking, "region=US&scope=read_fuel+required:control_charge").await;
    assert!(rows(&both).count() > 5);
    assert!(rows(&both).all(|row| row["type"] == "PHEV"));
    let compass = models(&asking, "region=US&scope=read_compass").await;
    assert_eq!(makes(&compass), ["TESLA"]);
    let none = models(&asking, "region=US&scope=read_compass+read_fuel").await;
    assert_eq!(none, json!({}));
}

#[tokio::test]
async fn a_model_that_is_still_made_ends_this_year() {
    let asking = Asking::new().await;
    let end = async || {
        let matrix = models(&asking, "region=US&make=TESLA").await;
        matrix["TESLA"][1]["endYear"].clone()
    };
    assert_eq!(end().await, 2026);
    asking
        .bed
        .clock
        .advance(std::time::Duration::from_hours(24 * 366));
    assert_eq!(end().await, 2027);
    let ended = models(&asking, "region=US&make=CHEVROLET&type=PHEV").await;
    assert_eq!(ended["CHEVROLET"][0]["endYear"], 2019);
}

#[tokio::test]
async fn the_mode_changes_nothing_but_must_be_one() {
    let asking = Asking::new().await;
    let query = "region=US&make=TESLA";
    let live = models(&asking, query).await;
    for mode in ["test", "live", "simulated"] {
        assert_eq!(models(&asking, &format!("{query}&mode={mode}")).await, live);
    }
}

#[tokio::test]
async fn parameters_that_are_wrong_are_named() {
    let asking = Asking::new().await;
    let many = format!("region=US&make={}", "KIA+".repeat(129));
    for (query, field) in [
        ("", "region"),
        ("region=MARS", "region"),
        ("region=US&type=STEAM", "type"),
        ("region=US&make=NISSAN+TRABANT", "make"),
        ("region=US&scope=read_everything", "scope"),
        ("region=US&mode=dream", "mode"),
        (&many, "make"),
    ] {
        let answer = asking.get(&format!("/compatibility/matrix?{query}")).await;
        let body = answer.json();
        assert_eq!(
            (answer.status.as_u16(), &body["type"]),
            (400, &json!("VALIDATION"))
        );
        assert_eq!(body["detail"][0]["field"], field, "{query}");
    }
}
