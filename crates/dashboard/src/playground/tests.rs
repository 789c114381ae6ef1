//! The playground through the router. The token endpoint is the real one; the vehicle API, which is
//! another door, is a stand-in.

mod building;
mod running;
mod trouble;

use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::routing::{any, get};
use axum::{Json, Router};
use carport_model::Permission;
use carport_oauth::OAuth;
use carport_store::{Tx, audit_log};
use carport_testkit::{Answer, Car, TestApp, TestBed};
use serde_json::json;
use tower::ServiceExt as _;

use super::{CALLBACK, PAGE};
use crate::testing;
use crate::{Access, Carry, Endpoint, OwnApi, Services};

const ORIGIN: &str = "http://localhost:2277";
const OWN: &str = "http://localhost:2277/dashboard/try/callback";
const SECRET: &str = "00112233445566778899aabbccddeeff";

/// A server with one application, whose owner connected one car.
struct Site {
    bed: TestBed,
    app: TestApp,
    car: Car,
}

impl Site {
    async fn new() -> Self {
        Self::with(Access::Everyone).await
    }

    async fn with(access: Access) -> Self {
        let bed = TestBed::new().await;
        let car = bed.connect(&["read_vehicle_info", "read_odometer"]).await;
        let services = testing::services(&bed, access, bed.clock());
        let services = Services {
            own_api: OwnApi {
                carry: carry(&services.oauth, &car),
                endpoints,
            },
            faults: None,
            ..services
        };
        let app = TestApp::serving(crate::routes(services));
        Self { bed, app, car }
    }

    /// With the playground's redirect URI registered.
    async fn ready() -> Self {
        let site = Self::new().await;
        let answer = site.post("/dashboard/try/callback-uri", &[]).await;
        assert_eq!(answer.status, 303);
        site
    }

    async fn get(&self, path: &str) -> Answer {
        self.get_as(SECRET, path).await
    }

    /// As another browser.
    async fn get_as(&self, secret: &str, path: &str) -> Answer {
        let request = self.app.get(path).header("host", "localhost:2277");
        let cookie = format!("carport_dashboard={secret}");
        request.header("cookie", &cookie).send().await
    }

    /// Posts a form as the page would.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_as(SECRET, path, fields).await
    }

    async fn post_as(&self, secret: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = carport_web::csrf::draw(secret, &*self.bed.rng);
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        let request = self.app.post(path).header("host", "localhost:2277");
        let request = request.header("origin", ORIGIN);
        let cookie = format!("carport_dashboard={secret}");
        request.header("cookie", &cookie).form(&all).send().await
    }

    /// Opens Connect; the parameters of its link.
    async fn open(&self, fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let answer = self.post("/dashboard/try/open", fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let link = answer.header("location");
        let query = link.strip_prefix("http://localhost:2277/oauth/authorize?");
        let pairs = form_urlencoded::parse(query.unwrap().as_bytes());
        pairs.into_owned().collect()
    }

    /// A code as Connect would make it, for a challenge.
    async fn code(&self, challenge: Option<&str>) -> String {
        let challenge = challenge.map(|challenge| {
            carport_model::code_challenge::CodeChallenge::parse(challenge, Some("S256")).unwrap()
        });
        let change = |code: &mut carport_store::authorization_codes::AuthorizationCode| {
            code.redirect_uri = OWN.to_owned();
            code.redirect_uri_given = true;
            code.challenge = challenge;
        };
        self.bed.code_with(&self.car, change).await
    }

    /// A run whose code has arrived: its address.
    async fn arrived(&self, fields: &[(&str, &str)]) -> String {
        let link = self.open(fields).await;
        let (state, challenge) = (value(&link, "state"), find(&link, "code_challenge"));
        let code = self.code(challenge).await;
        let answer = self.come_back(&[("code", &code), ("state", state)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.header("location").to_owned()
    }

    async fn come_back(&self, parts: &[(&str, &str)]) -> Answer {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.extend_pairs(parts).finish();
        self.get(&format!("{CALLBACK}?{query}")).await
    }

    /// A run whose vehicles are known: its address.
    async fn at_the_calls(&self) -> String {
        let run = self.arrived(&[]).await;
        self.post(&format!("{run}/tokens"), &[]).await;
        self.post(&format!("{run}/vehicles"), &[]).await;
        run
    }

    /// What the audit log says, in no order.
    async fn audited(&self) -> Vec<String> {
        let id = self.car.client.application.id;
        let read = async move |tx: &mut Tx<'_>| audit_log::newest(tx, id, 10).await;
        let entries = self.bed.store.read(read).await.unwrap();
        let said = entries.into_iter();
        let said = said.map(|entry| format!("{} {}", entry.actor, entry.action));
        let mut said: Vec<String> = said.collect();
        said.sort();
        said
    }
}

fn find<'a>(link: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = link.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

fn value<'a>(link: &'a [(String, String)], name: &str) -> &'a str {
    find(link, name).unwrap_or_default()
}

/// The token endpoint, and answers in place of the vehicle API that repeat what was asked.
fn carry(oauth: &OAuth, car: &Car) -> Carry {
    let listed = car.vehicle.to_string();
    let list = get(async move || Json(json!({"vehicles": [listed]})));
    let attributes =
        get(async || Json(json!({"id": "x", "make": "TESLA", "model": "Model 3", "year": 2021})));
    let echo = async |Path((_, rest)): Path<(String, String)>, request: Request| {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 9999).await.unwrap();
        let header = |name: &str| text(&head.headers, name);
        if rest == "asleep" {
            let error = json!({
                "type": "VEHICLE_STATE", "code": "ASLEEP", "description": "It sleeps.",
                "docURL": "http://localhost:2277/docs/errors/vehicle-state#asleep",
            });
            return (StatusCode::CONFLICT, Json(error));
        }
        let told = json!({
            "method": head.method.as_str(),
            "bearer": header("authorization").len(),
            "units": header("sc-unit-system"),
            "query": head.uri.query(),
            "body": String::from_utf8_lossy(&body),
        });
        (StatusCode::OK, Json(told))
    };
    let routes = carport_oauth::http::routes(oauth.clone()).merge(
        Router::new()
            .route("/v2.0/vehicles", list)
            .route("/v2.0/vehicles/{id}", attributes)
            .route("/v2.0/vehicles/{id}/{*rest}", any(echo)),
    );
    Arc::new(move |request| {
        let routes = routes.clone();
        Box::pin(async move {
            let path = request.uri().path().to_owned();
            let Ok(response) = routes.oneshot(request).await;
            (!path.ends_with("/cut")).then_some(response)
        })
    })
}

fn text(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

fn endpoints() -> &'static [Endpoint] {
    static ALL: std::sync::LazyLock<Vec<Endpoint>> = std::sync::LazyLock::new(|| {
        let one = |method: Method, rest: &str, permission: Option<Permission>| Endpoint {
            path: format!("/v2.0/vehicles/{{id}}{rest}"),
            summary: format!("What {rest} does."),
            make: (rest == "/kia").then(|| "KIA".to_owned()),
            permission,
            units: rest == "/odometer",
            by_client: false,
            query: Vec::new(),
            body: (method == Method::POST).then(|| "{\"action\": \"START\"}".to_owned()),
            method,
        };
        vec![
            one(Method::GET, "", Some(Permission::ReadVehicleInfo)),
            one(Method::GET, "/odometer", Some(Permission::ReadOdometer)),
            one(Method::POST, "/charge", Some(Permission::ControlCharge)),
            one(Method::GET, "/kia", None),
            one(Method::GET, "/asleep", Some(Permission::ReadFuel)),
            one(Method::GET, "/cut", None),
        ]
    });
    &ALL
}
