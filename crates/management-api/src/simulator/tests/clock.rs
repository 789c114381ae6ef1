//! The clock through the router. Lengths and instants that do not read have tests where they are
//! read.

use std::time::Duration;

use super::*;

const START: &str = "2026-03-01T08:15:30.250Z";

#[tokio::test]
async fn shown_stopped_hurried_and_moved() {
    let site = Site::dev().await;
    let shown = site.get("/clock").await.json();
    let expected = json!({ "now": START, "isFrozen": false, "speed": 1.0, "aheadSeconds": 0.0 });
    assert_eq!(shown, expected);
    let frozen = site.send("/clock/freeze", &json!({})).await.json();
    assert_eq!(frozen["isFrozen"], true);
    site.bed.clock.advance(Duration::from_mins(1));
    let advanced = site
        .send("/clock/advance", &json!({ "by": "2h" }))
        .await
        .json();
    assert_eq!(advanced["now"], "2026-03-01T10:15:30.250Z");
    assert_eq!(advanced["aheadSeconds"], 7140.0);
    let advanced = site
        .send("/clock/advance", &json!({ "by": 1.5 }))
        .await
        .json();
    assert_eq!(advanced["now"], "2026-03-01T10:15:31.750Z");
    let set = json!({ "to": "2026-03-02T00:00:00+01:00" });
    let set = site.send("/clock/set", &set).await.json();
    assert_eq!(set["now"], "2026-03-01T23:00:00.000Z");
    let hurried = site
        .send("/clock/speed", &json!({ "speed": 60 }))
        .await
        .json();
    assert_eq!(
        (&hurried["speed"], &hurried["isFrozen"]),
        (&json!(60.0), &json!(true))
    );
    site.send("/clock/resume", &json!({})).await;
    site.bed.clock.advance(Duration::from_mins(1));
    assert_eq!(
        site.get("/clock").await.json()["now"],
        "2026-03-02T00:00:00.000Z"
    );
}

#[tokio::test]
async fn the_bodiless_need_no_body() {
    let site = Site::dev().await;
    for path in ["freeze", "resume"] {
        let request = site.app.post(&format!("/simulator/v1/clock/{path}"));
        let answer = request.header("host", "localhost").send().await;
        assert_eq!(answer.status, 200, "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let site = Site::dev().await;
    let before = site.get("/clock").await.json();
    for (path, field, body) in [
        ("set", "to", json!({ "to": "2026-03-01T08:15:30.249Z" })),
        ("set", "to", json!({ "to": "yesterday" })),
        ("set", "body", json!({ "at": START })),
        ("set", "body", json!({ "to": 5 })),
        ("advance", "by", json!({ "by": "-2h" })),
        ("advance", "by", json!({ "by": -1 })),
        ("advance", "by", json!({ "by": null })),
        ("advance", "by", json!({ "by": ["2h"] })),
        ("advance", "by", json!({ "by": "9000000d" })),
        ("advance", "body", json!({})),
        ("speed", "speed", json!({ "speed": -1 })),
        ("speed", "speed", json!({ "speed": 0 })),
        ("speed", "speed", json!({ "speed": 3601 })),
        ("speed", "body", json!({ "speed": "fast" })),
    ] {
        let answer = site.send(&format!("/clock/{path}"), &body).await;
        assert_refused(&answer, 400, field);
    }
    let back = site
        .send("/clock/set", &json!({ "to": "2026-03-01" }))
        .await
        .json();
    let expected = format!(
        "The clock does not run backwards: it shows {START}, which is later than 2026-03-01T00:00:00.000Z."
    );
    assert_eq!(back["detail"][0]["message"], expected);
    assert_eq!(site.get("/clock").await.json(), before);
}

#[tokio::test]
async fn other_servers_keep_the_machines_time() {
    let site = Site::serve().await;
    let token = &site.client.management_token;
    let show = site.app.get("/simulator/v1/clock").basic("default", token);
    assert_refused(&show.send().await, 403, "clock");
    for path in ["freeze", "resume", "set", "advance", "speed"] {
        let body = json!({ "to": "2030-01-01", "by": "2h", "speed": 2 });
        let body = match path {
            "set" => json!({ "to": body["to"] }),
            "advance" => json!({ "by": body["by"] }),
            "speed" => json!({ "speed": body["speed"] }),
            _ => json!({}),
        };
        let request = site.app.post(&format!("/simulator/v1/clock/{path}"));
        let answer = request.basic("default", token).json(&body).send().await;
        assert_refused(&answer, 403, "clock");
    }
}
