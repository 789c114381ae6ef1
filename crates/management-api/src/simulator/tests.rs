//! The door through the router.

mod clock;
mod entering;
mod faults;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::routing::post;
use carport_testkit::{Answer, Registered, TestApp, TestBed};
use carport_web::envelope::{Render, json_of};
use carport_web::layers;
use serde_json::{Value, json};

use super::{Controller, Open, Sent, SimulatorApi, Switch};
use carport_model::clock::MovableClock;
use carport_simulator::time::Time;

/// A server with one application, behind an open door or a closed one.
struct Site {
    bed: TestBed,
    app: TestApp,
    client: Registered,
}

impl Site {
    async fn dev() -> Self {
        Self::new(true, true).await
    }

    async fn serve() -> Self {
        Self::new(false, false).await
    }

    /// With faults, open or not.
    async fn with_faults(is_dev: bool) -> Self {
        Self::new(is_dev, true).await
    }

    async fn new(is_dev: bool, has_faults: bool) -> Self {
        let bed = TestBed::new().await;
        let client = bed.application().await;
        let open = is_dev.then(|| {
            let clock = Arc::new(MovableClock::over(bed.clock()));
            let open = Open::with(Arc::new(Time::of(clock)));
            open.stand_for(client.id.parse().unwrap());
            open
        });
        let api = SimulatorApi::new(
            bed.store.clone(),
            bed.clock(),
            "http://carport.test:2277",
            open,
        )
        .with_faults(has_faults.then(|| Switch {
            faults: Arc::default(),
            routes,
        }));
        let probe = Router::new()
            .route("/probe", post(probe).get(async |_: Controller| "seen"))
            .layer(Render(Arc::from("http://carport.test:2277")))
            .with_state(api.clone());
        let routes = super::routes(api).merge(probe);
        let app = TestApp::serving(layers::identified(routes, bed.rng()));
        Self { bed, app, client }
    }

    /// Sends JSON from the server's own machine.
    async fn send(&self, path: &str, body: &Value) -> Answer {
        let request = self.app.post(&format!("/simulator/v1{path}"));
        request.header("host", "localhost").json(body).send().await
    }

    async fn get(&self, path: &str) -> Answer {
        let request = self.app.get(&format!("/simulator/v1{path}"));
        request.header("host", "localhost").send().await
    }
}

/// Some of the routes of a server.
fn routes() -> &'static [String] {
    static ROUTES: LazyLock<Vec<String>> = LazyLock::new(|| {
        ["/v2.0/vehicles/{id}/odometer", "/v2.0/user", "/oauth/token"]
            .map(str::to_owned)
            .to_vec()
    });
    &ROUTES
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, field: &str) {
    let body = answer.json();
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(body["statusCode"], status);
    assert_eq!(body["detail"][0]["field"], field, "{body}");
    assert_eq!(body["requestId"], answer.header("sc-request-id"));
}

/// Says for whom something would be made.
async fn probe(
    caller: Controller,
    Sent(body): Sent<Value>,
) -> Result<axum::response::Response, crate::error::ManagementError> {
    let named = body["application"].as_str().map(|id| id.parse().unwrap());
    let application = caller.acts_for(named)?;
    Ok(json_of(&json!({ "for": application.to_string() })))
}
