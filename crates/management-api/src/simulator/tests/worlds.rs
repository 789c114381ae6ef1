//! Scenarios, profiles, cities.

use super::*;

const NAPS: &str = r#"
id = "naps"
name = "Naps"
about = "An hour awake, an hour asleep."
starts_at = "12:00"
repeats = true
temperature = { low = 6, high = 17 }
start = { charge = 0.8, fuel = 0.62, odometer = [12000, 90000] }
[[stage]]
name = "Awake"
do = "park"
at = "home"
for = "1h"
[[stage]]
name = "Asleep"
do = "sleep"
at = "home"
for = "1h"
"#;

#[tokio::test]
async fn an_own_scenario_is_added_followed_and_deleted() {
    let site = Site::dev().await;
    let added = site.send("/scenarios", &json!({ "text": NAPS })).await;
    assert_eq!(added.status, 201);
    let view = added.json();
    assert_eq!(
        (&view["id"], &view["isOwn"], &view["text"]),
        (&json!("naps"), &json!(true), &json!(NAPS))
    );
    assert_refused(
        &site.send("/scenarios", &json!({ "text": NAPS })).await,
        409,
        "id",
    );
    let listed = site.get("/scenarios").await.json();
    let listed = listed["scenarios"].as_array().unwrap();
    let ids: Vec<_> = listed
        .iter()
        .map(|view| view["id"].as_str().unwrap())
        .collect();
    assert!(
        ids.contains(&"day-commute") && ids.last() == Some(&"naps"),
        "{ids:?}"
    );
    assert!(listed.iter().all(|view| view.get("text").is_none()));
    let car = json!({ "powertrain": "ICE", "scenario": "naps", "play": true });
    let car = site.send("/simulations", &car).await.json();
    assert_eq!(
        (&car["scenario"], &car["stage"]["name"]),
        (&json!("naps"), &json!("Awake"))
    );
    assert_refused(&site.delete("/scenarios/naps").await, 409, "id");
    site.delete(&format!("/simulations/{}", car["id"].as_str().unwrap()))
        .await;
    assert_eq!(site.delete("/scenarios/naps").await.status, 204);
    for id in ["naps", "day-commute"] {
        assert_refused(&site.delete(&format!("/scenarios/{id}")).await, 404, "id");
    }
    assert_refused(&site.get("/scenarios/naps").await, 404, "id");
    let brought = site.get("/scenarios/day-commute").await.json();
    assert_eq!(
        (&brought["isOwn"], brought.get("text")),
        (&json!(false), None)
    );
}

#[tokio::test]
async fn a_scenario_that_cannot_be_is_refused_with_the_place() {
    let site = Site::dev().await;
    let told = async |text: &str| {
        let answer = site.send("/scenarios", &json!({ "text": text })).await;
        assert_refused(&answer, 400, "scenario");
        answer.json()["detail"][0]["message"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    for (from, to) in [
        ("for = \"1h\"\n[[", "for = \"1h\"\npower = 11\n[["),
        (
            "at = \"home\"\nfor = \"1h\"\n[[",
            "at = \"moon\"\nfor = \"1h\"\n[[",
        ),
        ("starts_at", "colour = 3\nstarts_at"),
    ] {
        let text = NAPS.replacen(from, to, 1);
        assert_ne!(text, NAPS);
        let told = told(&text).await;
        assert!(told.starts_with("scenario, line "), "{told}");
    }
    let taken = NAPS.replace("\"naps\"", "\"parked\"");
    assert_refused(
        &site.send("/scenarios", &json!({ "text": taken })).await,
        409,
        "id",
    );
}

#[tokio::test]
async fn the_catalogue_is_told() {
    let site = Site::dev().await;
    let profiles = site.get("/profiles").await.json();
    let profiles = profiles["profiles"].as_array().unwrap();
    assert!(profiles.len() >= 40);
    let ev6 = profiles
        .iter()
        .find(|profile| profile["id"] == "kia-ev6")
        .unwrap();
    assert_eq!((&ev6["make"], &ev6["tank"]), (&json!("KIA"), &Value::Null));
    let cities = site.get("/cities").await.json();
    assert!(cities["cities"].as_array().unwrap().len() >= 6);
    let latencies = site.get("/latencies").await.json();
    assert!(latencies["latencies"][0]["readMs"].is_u64());
}
