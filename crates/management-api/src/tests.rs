//! The calls through the router. Each line of contract connect-oauth, F.1, has a test.

mod deleting;
mod listing;
mod proving;

use std::time::Duration;

use axum::http::Method;
use carport_model::{Level, Mode};
use carport_testkit::{Answer, Car, Registered, TestApp, TestBed, TestRequest, found_vehicle};
use carport_web::layers;
use serde_json::{Value, json};

use crate::ManagementApi;

const PATH: &str = "/v2.0/management/connections";

/// A server with one application.
struct Server {
    bed: TestBed,
    app: TestApp,
    client: Registered,
}

impl Server {
    async fn new() -> Self {
        let bed = TestBed::new().await;
        let client = bed.application().await;
        let api = ManagementApi::new(bed.store.clone(), bed.clock(), "http://carport.test");
        let app = TestApp::serving(layers::identified(crate::routes(api), bed.rng()));
        Self { bed, app, client }
    }

    /// A car with this number of the owner with this login, connected a second after the last one.
    async fn connect(&self, owner: (Mode, &'static str), number: u32) -> Car {
        self.bed.clock.advance(Duration::from_secs(1));
        let found = found_vehicle(&format!("0SCTESLA{number:09}"), Level::Bev);
        let permissions = ["read_vin"];
        self.bed
            .connect_owner(&self.client, owner, found, &permissions)
            .await
    }

    fn asked(&self, method: Method, query: &str) -> TestRequest {
        self.app
            .request(method, &format!("{PATH}?{query}"))
            .basic("default", &self.client.management_token)
    }

    async fn list(&self, query: &str) -> Answer {
        self.asked(Method::GET, query).send().await
    }

    async fn delete(&self, query: &str) -> Answer {
        self.asked(Method::DELETE, query).send().await
    }

    /// Vehicles of a list, in its order.
    async fn listed(&self, query: &str) -> Vec<String> {
        vehicles(&self.list(query).await)
    }
}

fn vehicles(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let connections = body["connections"].as_array().unwrap();
    let id = |connection: &Value| connection["vehicleId"].as_str().unwrap().to_owned();
    connections.iter().map(id).collect()
}

fn ids<const N: usize>(cars: [&Car; N]) -> Vec<String> {
    cars.map(|car| car.vehicle.to_string()).to_vec()
}

/// Asserts a `VALIDATION` that names a field, in the whole envelope.
#[track_caller]
fn assert_invalid(answer: &Answer, field: &str) {
    let body = answer.json();
    assert_eq!(answer.status, 400, "{body}");
    assert_eq!(body["requestId"], answer.header("sc-request-id"));
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert_eq!(body["detail"][0]["field"], field, "{body}");
    let expected = json!({
        "type": "VALIDATION",
        "code": null,
        "description": body["description"],
        "docURL": "http://carport.test/docs/errors/validation",
        "statusCode": 400,
        "requestId": body["requestId"],
        "resolution": { "type": null },
        "detail": body["detail"],
    });
    assert_eq!(body, expected);
}
