//! Faults on demand, where this API meets them. How rules match and count has tests in the model.

use std::sync::Arc;
use std::time::Duration;

use carport_model::error::{self, ERRORS};
use carport_model::fault::{Effect, Faults, Latency, Matcher, Rule};
use carport_testkit::{Answer, Car, TestApp, TestBed};
use carport_web::layers::Attendance;
use carport_web::watch::Watch;
use serde_json::{Value, json};

use super::errors::{TABLE, assert_row};
use super::*;

/// A car behind a switch.
struct Site {
    bed: TestBed,
    app: TestApp,
    car: Car,
    faults: Arc<Faults>,
}

impl Site {
    async fn new() -> Self {
        let bed = TestBed::new().await;
        let car = bed.connect(ALL).await;
        let faults = Arc::new(Faults::default());
        let api = VehicleApi::from(Services {
            faults: faults.clone(),
            ..Services::clone(&api(&bed))
        });
        let attendance = Attendance {
            recorder: None,
            clock: None,
            watch: Some(Watch {
                faults: faults.clone(),
                clock: bed.clock(),
                is_journaled: false,
            }),
        };
        let routes = layers::attended(crate::routes(api), bed.rng(), attendance);
        Self {
            app: TestApp::serving(routes),
            bed,
            car,
            faults,
        }
    }

    /// A rule about a route below the car, or about all.
    fn rule(&self, route: Option<&str>, effect: Effect) -> String {
        let rule = Rule {
            matches: Matcher {
                vehicle: Some(self.car.vehicle),
                route: route.map(|path| format!("/v2.0/vehicles/{{id}}{path}")),
                ..Matcher::default()
            },
            ..any(effect)
        };
        self.faults.add(rule).unwrap().id.to_string()
    }

    async fn read(&self, endpoint: &str) -> Answer {
        ask(&self.app, &self.car, endpoint).await
    }

    async fn post(&self, endpoint: &str, body: &Value) -> Answer {
        let request = self.app.post(&self.car.path(endpoint));
        let request = request.bearer(&self.car.access_token);
        request.json(body).send().await
    }
}

fn any(effect: Effect) -> Rule {
    Rule {
        matches: Matcher::default(),
        effect,
        after: 0,
        times: None,
        probability: 1.0,
        seed: None,
        from: None,
        until: None,
    }
}

fn answering(spec: &'static carport_model::ErrorSpec) -> Effect {
    Effect::Error {
        spec,
        retry_after: None,
    }
}

#[tokio::test]
async fn every_error_of_the_contract_can_be_had() {
    let site = Site::new().await;
    assert_eq!(ERRORS.len(), TABLE.len());
    for (spec, row) in ERRORS.iter().zip(TABLE) {
        let id = site.rule(Some("/odometer"), answering(spec));
        let answer = site.read("odometer").await;
        assert_eq!((spec.kind.as_str(), spec.code), (row.0, row.1));
        assert_eq!(answer.header("sc-carport-fault"), id, "{spec}");
        assert_eq!(
            answer.header("content-type"),
            "application/json; charset=utf-8"
        );
        assert_eq!(answer.status, row.2, "{spec}");
        assert_row(*row, &answer.json(), &site.car);
        let has_wait = **spec == error::RATE_LIMIT_VEHICLE;
        let wait = if has_wait { "60" } else { "" };
        assert_eq!(answer.header("retry-after"), wait, "{spec}");
        assert_eq!(site.read("fuel").await.status, 200);
        site.faults.remove(|_| true);
    }
    let answer = site.read("odometer").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("sc-carport-fault")),
        (200, "")
    );
}

#[tokio::test]
async fn a_rate_limit_says_when_to_come_back() {
    let site = Site::new().await;
    let effect = Effect::Error {
        spec: &error::RATE_LIMIT_VEHICLE,
        retry_after: Some(Duration::from_millis(29_001)),
    };
    site.rule(None, effect);
    let answer = site.read("odometer").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (429, "30")
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_request_comes_first() {
    let site = Site::new().await;
    site.rule(None, answering(&error::ASLEEP));
    let nobody = site.app.get(&site.car.path("odometer")).send().await;
    assert_eq!(
        (nobody.status.as_u16(), nobody.header("sc-carport-fault")),
        (401, "")
    );
    let body = json!({ "action": "DANCE" });
    assert_eq!(
        site.post("charge", &body).await.json()["type"],
        "VALIDATION"
    );
    let other = site.bed.connect(&["read_vin"]).await;
    assert_eq!(ask(&site.app, &other, "odometer").await.status, 403);
    assert_eq!(ask(&site.app, &other, "vin").await.status, 200);
    assert_eq!(site.faults.list()[0].met, 0);
    let body = json!({ "action": "START" });
    assert_eq!(site.post("charge", &body).await.json()["code"], "ASLEEP");
}

#[tokio::test]
async fn a_refused_command_has_not_happened() {
    let site = Site::new().await;
    site.rule(Some("/charge/limit"), answering(&error::NO_RESPONSE));
    let before = site.car.path("charge/limit");
    let body = json!({ "limit": 0.55 });
    assert_eq!(
        site.post("charge/limit", &body).await.json()["code"],
        "NO_RESPONSE"
    );
    site.faults.remove(|_| true);
    let now = site
        .app
        .get(&before)
        .bearer(&site.car.access_token)
        .send()
        .await;
    assert_ne!(now.json()["limit"], 0.55);
}

#[tokio::test]
async fn in_a_batch_a_rule_hits_its_read() {
    let site = Site::new().await;
    let odometer = site.rule(Some("/odometer"), answering(&error::RATE_LIMIT_VEHICLE));
    let stale = site.rule(Some("/fuel"), Effect::Stale(Duration::from_hours(2)));
    let late = Effect::Latency(Latency::Fixed(Duration::from_secs(1)));
    let itself = site.rule(Some(""), late);
    let paths = json!({ "requests": ["/odometer", "/fuel", "/battery", "/", "/tesla/alerts"] });
    let answer = site.post("batch", &paths).await;
    let expected = format!("{odometer}, {itself}, {stale}");
    let mut rules: Vec<&str> = answer.header("sc-carport-fault").split(", ").collect();
    rules.sort_unstable();
    let mut names: Vec<&str> = expected.split(", ").collect();
    names.sort_unstable();
    assert_eq!(rules, names);
    let body = answer.json();
    let codes: Vec<u64> = (0..5)
        .map(|at| body["responses"][at]["code"].as_u64().unwrap())
        .collect();
    assert_eq!(codes, [429, 200, 200, 200, 501]);
    assert_eq!(body["responses"][0]["headers"]["retry-after"], 60);
    let now = site.bed.clock().now();
    let two_hours_ago = now.minus(Duration::from_hours(2)).to_string();
    assert_eq!(
        body["responses"][1]["headers"]["sc-data-age"],
        two_hours_ago
    );
    assert_eq!(
        body["responses"][1]["headers"]["sc-fetched-at"],
        now.to_string()
    );
    assert_eq!(
        body["responses"][2]["headers"]["sc-data-age"],
        now.to_string()
    );
}

#[tokio::test]
async fn a_whole_batch_goes_wrong_by_its_own_name() {
    let site = Site::new().await;
    site.rule(Some("/batch"), answering(&error::INTERNAL));
    let answer = site
        .post("batch", &json!({ "requests": ["/odometer"] }))
        .await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["code"]),
        (500, &json!("INTERNAL"))
    );
    assert_eq!(site.read("odometer").await.status, 200);
}

#[tokio::test]
async fn readings_can_be_old() {
    let site = Site::new().await;
    let id = site.rule(None, Effect::Stale(Duration::from_hours(24)));
    let answer = site.read("odometer").await;
    assert_eq!(answer.header("sc-carport-fault"), id);
    let now = site.bed.clock().now();
    let yesterday = now.minus(Duration::from_hours(24)).to_string();
    assert_eq!(answer.header("sc-data-age"), yesterday);
    assert_eq!(answer.header("sc-fetched-at"), now.to_string());
}

#[tokio::test]
async fn requests_without_a_vehicle_go_wrong_too() {
    let site = Site::new().await;
    let client = &site.car.client;
    let matches = Matcher {
        application: Some(client.application.id),
        ..Matcher::default()
    };
    let rule = Rule {
        matches,
        ..any(answering(&error::INTERNAL))
    };
    site.faults.add(rule).unwrap();
    let bearer = |path: &str| site.app.get(path).bearer(&site.car.access_token);
    let query = "/v2.0/compatibility?vin=0SCTESLA1A2B3C4D5&scope=read_vin&country=US";
    let asked = [
        bearer("/v2.0/user").send().await,
        bearer("/v2.0/vehicles").send().await,
        site.app
            .get(query)
            .basic(&client.id, &client.secret)
            .send()
            .await,
        site.app
            .request(axum::http::Method::DELETE, &site.car.path("application"))
            .bearer(&client.management_token)
            .send()
            .await,
    ];
    for answer in asked {
        assert_eq!(
            (answer.status.as_u16(), answer.header("sc-carport-fault")),
            (500, "fault-1")
        );
    }
    let other = site.bed.connect(&["read_vin"]).await;
    let theirs = site.app.get("/v2.0/user").bearer(&other.access_token);
    assert_eq!(theirs.send().await.status, 200);
}

#[tokio::test]
async fn what_reaches_no_room_is_met_on_the_way_out() {
    let site = Site::new().await;
    site.faults.add(any(Effect::Drop)).unwrap();
    let unknown = site.app.get(&site.car.path("odometer")).send().await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.header("sc-carport-fault")),
        (401, "fault-1")
    );
    // What is not the API is left alone.
    let page = site.app.get("/docs/errors").send().await;
    assert_eq!(page.header("sc-carport-fault"), "");
    assert_eq!(site.faults.list()[0].met, 1);
    // And nothing is met twice.
    site.read("odometer").await;
    assert_eq!(site.faults.list()[0].met, 2);
}
