//! Rules of faults through the router. What they do has tests where they act.

use axum::http::Method;
use carport_testkit::TestRequest;

use super::*;

impl Site {
    fn asked(&self, method: Method, path: &str) -> TestRequest {
        let request = self.app.request(method, &format!("/simulator/v1{path}"));
        request.header("host", "localhost")
    }
}

fn asleep() -> Value {
    json!({ "kind": "error", "type": "VEHICLE_STATE", "code": "ASLEEP" })
}

#[tokio::test]
async fn made_shown_listed_and_removed() {
    let site = Site::dev().await;
    let vehicle = "36ab27d0-fd9d-4455-823a-ce30af709ffc";
    let sent = json!({
        "match": { "vehicle": vehicle, "application": site.client.id, "route": "odometer/", "method": "get" },
        "effect": asleep(),
        "after": 1, "times": 2, "probability": 0.25, "seed": 7,
        "from": "10m", "until": "2026-03-01T12:00:00Z",
    });
    let made = site.send("/faults", &sent).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let expected = json!({
        "id": "fault-1",
        "match": {
            "application": site.client.id,
            "vehicle": vehicle,
            "route": "/v2.0/vehicles/{id}/odometer",
            "method": "GET",
        },
        "effect": asleep(),
        "after": 1, "times": 2, "probability": 0.25, "seed": 7,
        "from": "2026-03-01T08:25:30.250Z", "until": "2026-03-01T12:00:00.000Z",
        "met": 0, "struck": 0,
    });
    assert_eq!(made.json(), expected);
    assert_eq!(site.get("/faults/fault-1").await.json(), expected);
    // What is shown can be sent again.
    let mut again = expected.clone();
    for read_only in ["id", "met", "struck"] {
        again.as_object_mut().unwrap().remove(read_only);
    }
    assert_eq!(site.send("/faults", &again).await.json()["id"], "fault-2");
    let ids = async || {
        let listed = site.get("/faults").await.json();
        let faults = listed["faults"].as_array().unwrap().clone();
        faults
            .iter()
            .map(|fault| fault["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids().await, ["fault-1", "fault-2"]);
    let removed = site.asked(Method::DELETE, "/faults/fault-1").send().await;
    assert_eq!(removed.status, 204);
    assert_eq!(ids().await, ["fault-2"]);
    for (method, id) in [
        (Method::DELETE, "fault-1"),
        (Method::GET, "fault-1"),
        (Method::GET, "x"),
        (Method::DELETE, "x"),
    ] {
        let answer = site.asked(method, &format!("/faults/{id}")).send().await;
        assert_refused(&answer, 404, "id");
    }
    assert_eq!(
        site.asked(Method::DELETE, "/faults").send().await.status,
        204
    );
    assert_eq!(ids().await, [""; 0]);
}

#[tokio::test]
async fn effects_are_shown_as_they_are() {
    let site = Site::dev().await;
    for (sent, shown) in [
        (
            json!({ "kind": "error", "type": "PERMISSION" }),
            json!({ "kind": "error", "type": "PERMISSION" }),
        ),
        (
            json!({ "kind": "error", "type": "RATE_LIMIT", "code": "VEHICLE" }),
            json!({ "kind": "error", "type": "RATE_LIMIT", "code": "VEHICLE", "retryAfter": 60.0 }),
        ),
        (
            json!({ "kind": "oauth", "error": "slow_down" }),
            json!({ "kind": "oauth", "error": "slow_down", "retryAfter": 60.0 }),
        ),
        (
            json!({ "kind": "latency", "by": "2s" }),
            json!({ "kind": "latency", "distribution": "fixed", "by": 2.0 }),
        ),
        (
            json!({ "kind": "latency", "distribution": "uniform", "from": 1, "to": 3.5 }),
            json!({ "kind": "latency", "distribution": "uniform", "from": 1.0, "to": 3.5 }),
        ),
        (
            json!({ "kind": "latency", "distribution": "normal", "mean": "2s", "deviation": "500ms" }),
            json!({ "kind": "latency", "distribution": "normal", "mean": 2.0, "deviation": 0.5 }),
        ),
        (
            json!({ "kind": "latency", "distribution": "exponential", "mean": "2s" }),
            json!({ "kind": "latency", "distribution": "exponential", "mean": 2.0 }),
        ),
        (
            json!({ "kind": "stale", "by": "PT2H" }),
            json!({ "kind": "stale", "by": 7200.0 }),
        ),
        (json!({ "kind": "drop" }), json!({ "kind": "drop" })),
        (
            json!({ "kind": "slowBody", "bytesPerSecond": 9 }),
            json!({ "kind": "slowBody", "bytesPerSecond": 9 }),
        ),
    ] {
        let made = site.send("/faults", &json!({ "effect": sent })).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.json()["effect"], shown);
    }
}

#[tokio::test]
async fn bad_rules_are_refused_with_field_and_reason() {
    let site = Site::dev().await;
    let effect = |effect: Value| json!({ "effect": effect });
    let with = |field: &str, value: Value| json!({ "effect": asleep(), field: value });
    let about =
        |field: &str, value: Value| json!({ "effect": asleep(), "match": { field: value } });
    for (field, sent) in [
        (
            "effect.type",
            effect(json!({ "kind": "error", "type": "VEHICLE" })),
        ),
        (
            "effect.code",
            effect(json!({ "kind": "error", "type": "VEHICLE_STATE", "code": "TIRED" })),
        ),
        (
            "effect.code",
            effect(json!({ "kind": "error", "type": "VEHICLE_STATE" })),
        ),
        (
            "effect.code",
            effect(json!({ "kind": "error", "type": "PERMISSION", "code": "ASLEEP" })),
        ),
        (
            "effect.retryAfter",
            effect(json!({ "kind": "error", "type": "PERMISSION", "retryAfter": 5 })),
        ),
        (
            "effect.retryAfter",
            effect(json!({ "kind": "oauth", "error": "invalid_grant", "retryAfter": 5 })),
        ),
        (
            "effect.retryAfter",
            effect(json!({ "kind": "oauth", "error": "slow_down", "retryAfter": -5 })),
        ),
        (
            "effect.error",
            effect(json!({ "kind": "oauth", "error": "invalid_mood" })),
        ),
        ("effect.by", effect(json!({ "kind": "latency" }))),
        (
            "effect.by",
            effect(json!({ "kind": "latency", "by": "soon" })),
        ),
        (
            "effect.by",
            effect(
                json!({ "kind": "latency", "distribution": "normal", "by": 1, "mean": 1, "deviation": 1 }),
            ),
        ),
        (
            "effect.to",
            effect(json!({ "kind": "latency", "distribution": "uniform", "from": 2, "to": 1 })),
        ),
        (
            "effect.deviation",
            effect(json!({ "kind": "latency", "distribution": "normal", "mean": 2 })),
        ),
        (
            "effect.distribution",
            effect(json!({ "kind": "latency", "distribution": "odd" })),
        ),
        ("effect.by", effect(json!({ "kind": "stale", "by": "-2h" }))),
        (
            "effect.bytesPerSecond",
            effect(json!({ "kind": "slowBody", "bytesPerSecond": 0 })),
        ),
        ("body", effect(json!({ "kind": "slowBody" }))),
        ("body", effect(json!({ "kind": "explode" }))),
        ("body", effect(json!({ "kind": "drop", "by": 5 }))),
        ("body", json!({})),
        ("body", with("colour", json!(3))),
        ("probability", with("probability", json!(1.5))),
        ("probability", with("probability", json!(0))),
        ("probability", with("probability", json!(-0.5))),
        ("times", with("times", json!(-1))),
        ("times", with("times", json!(0))),
        ("after", with("after", json!(-1))),
        ("from", with("from", json!("once"))),
        ("until", with("until", json!("-5m"))),
        (
            "until",
            json!({ "effect": asleep(), "from": "2h", "until": "1h" }),
        ),
        ("match.application", about("application", json!("me"))),
        ("match.vehicle", about("vehicle", json!("mine"))),
        ("match.route", about("route", json!("/nowhere"))),
        ("match.route", about("route", json!("/oauth/token"))),
        ("match.method", about("method", json!("SEND"))),
        ("body", about("colour", json!("red"))),
        (
            "match.route",
            json!({ "effect": { "kind": "oauth", "error": "invalid_grant" }, "match": { "route": "/odometer" } }),
        ),
    ] {
        let answer = site.send("/faults", &sent).await;
        assert_eq!(answer.status, 400, "{sent}");
        assert_refused(&answer, 400, field);
    }
    assert_eq!(site.get("/faults").await.json(), json!({ "faults": [] }));
}

#[tokio::test]
async fn an_application_has_rules_about_itself_alone() {
    let site = Site::with_faults(false).await;
    let other = site.bed.application().await;
    let ask = |method: Method, path: &str, token: &str| {
        let request = site.app.request(method, &format!("/simulator/v1{path}"));
        request.basic("default", token)
    };
    let own = &site.client;
    let rule = json!({ "effect": asleep() });
    let made = ask(Method::POST, "/faults", &own.management_token).json(&rule);
    let made = made.send().await.json();
    assert_eq!(made["match"]["application"], own.id);
    let foreign = json!({ "effect": asleep(), "match": { "application": other.id } });
    let foreign = ask(Method::POST, "/faults", &own.management_token).json(&foreign);
    assert_refused(&foreign.send().await, 400, "match.application");
    let theirs = |method: Method, path: &str| ask(method, path, &other.management_token);
    let listed = theirs(Method::GET, "/faults").send().await.json();
    assert_eq!(listed, json!({ "faults": [] }));
    for method in [Method::GET, Method::DELETE] {
        let answer = theirs(method, "/faults/fault-1").send().await;
        assert_refused(&answer, 404, "id");
    }
    theirs(Method::DELETE, "/faults").send().await;
    let mine = ask(Method::GET, "/faults", &own.management_token)
        .send()
        .await
        .json();
    assert_eq!(mine["faults"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn where_faults_are_off_there_are_none() {
    let site = Site::serve().await;
    let token = &site.client.management_token;
    for (method, path) in [
        (Method::GET, "/faults"),
        (Method::DELETE, "/faults"),
        (Method::GET, "/faults/fault-1"),
    ] {
        let request = site.app.request(method, &format!("/simulator/v1{path}"));
        let answer = request.basic("default", token).send().await;
        assert_refused(&answer, 403, "faults");
    }
    let request = site
        .app
        .post("/simulator/v1/faults")
        .basic("default", token);
    let answer = request.json(&json!({ "effect": asleep() })).send().await;
    assert_refused(&answer, 403, "faults");
}
