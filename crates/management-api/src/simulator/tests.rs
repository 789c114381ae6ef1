//! The door through the router.

mod cars;
mod clock;
mod entering;
mod faults;
mod requests;
mod worlds;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::routing::post;
use carport_testkit::{Answer, Registered, TestApp, TestBed};
use carport_web::envelope::{Render, json_of};
use carport_web::layers;
use serde_json::{Value, json};

use super::consent::Asked;
use super::{Cars, Consents, Controller, Journal, Open, Sent, SimulatorApi, Switch};
use carport_model::clock::MovableClock;
use carport_model::{Catalogue, Mode};
use carport_simulator::time::Time;
use carport_simulator::{Simulations, Trips};

/// A server with one application, behind an open door or a closed one.
struct Site {
    bed: TestBed,
    app: TestApp,
    client: Registered,
    journal: Option<Arc<Journal>>,
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
        let journal = is_dev.then(|| Arc::new(Journal::keeping(100)));
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
            cars(&bed),
        )
        .with_faults(has_faults.then(|| Switch {
            faults: Arc::default(),
            routes,
        }))
        .with_journal(journal.clone());
        let probe = Router::new()
            .route("/probe", post(probe).get(async |_: Controller| "seen"))
            .layer(Render(Arc::from("http://carport.test:2277")))
            .with_state(api.clone());
        let routes = super::routes(api).merge(probe);
        let app = TestApp::serving(layers::identified(routes, bed.rng()));
        Self {
            bed,
            app,
            client,
            journal,
        }
    }

    /// Sends JSON from the server's own machine.
    async fn send(&self, path: &str, body: &Value) -> Answer {
        let request = self.app.post(&format!("/simulator/v1{path}"));
        request.header("host", "localhost").json(body).send().await
    }

    async fn delete(&self, path: &str) -> Answer {
        let path = format!("/simulator/v1{path}");
        let request = self.app.request(axum::http::Method::DELETE, &path);
        request.header("host", "localhost").send().await
    }

    async fn get(&self, path: &str) -> Answer {
        let request = self.app.get(&format!("/simulator/v1{path}"));
        request.header("host", "localhost").send().await
    }
}

/// Simulated cars, two an application, and owners who say what they were asked for.
fn cars(bed: &TestBed) -> Cars {
    let trips = Trips::new(None, bed.store.clone());
    Cars {
        simulations: Simulations::new(
            bed.store.clone(),
            bed.clock(),
            bed.rng(),
            Catalogue::embedded(),
            trips,
            2,
        ),
        consents: Arc::new(Echo),
    }
}

/// Consents to everything but live mode, and tells in the redirect what it was asked.
struct Echo;

#[async_trait::async_trait]
impl Consents for Echo {
    async fn consent(&self, asked: &Asked) -> Result<String, String> {
        if asked.scope.as_deref() == Some("nothing") {
            return Err("nothing is no permission".to_owned());
        }
        let simulated = asked.mode == Mode::Simulated;
        let (login, password) = &asked.login;
        let known = password.is_some();
        let brand = &asked.brand;
        Ok(format!(
            "https://app.test/?code=abc&brand={brand}&login={login}&known={known}&simulated={simulated}"
        ))
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
