//! The page through the router.

mod acting;
mod entering;
mod looking;
mod streaming;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
use carport_model::clock::MovableClock;
use carport_model::fault::Faults;
use carport_model::simulation::Latency;
use carport_model::{Powertrain, Simulation};
use carport_simulator::Simulations;
use carport_simulator::control::{CarWish, NewSimulation};
use carport_simulator::time::Time;
use carport_store::RequestLog;
use carport_testkit::{Answer, Registered, TestApp, TestBed, TestRequest};
use carport_web::{Stopping, assets};

use crate::testing;
use crate::{Access, Services};

const PAGE: &str = "/dashboard/simulator";

/// A server with one application, and a browser that has its cookie.
pub(crate) struct Site {
    pub(crate) bed: TestBed,
    pub(crate) app: TestApp,
    pub(crate) client: Registered,
    clock: Arc<MovableClock>,
    simulations: Simulations,
    faults: Arc<Faults>,
    stopping: Stopping,
    pub(crate) log: RequestLog,
}

impl Site {
    pub(crate) async fn dev() -> Self {
        Self::with(Access::Everyone).await
    }

    pub(crate) async fn with(access: Access) -> Self {
        let bed = TestBed::new().await;
        let client = bed.application().await;
        let clock = Arc::new(MovableClock::over(bed.clock()));
        let log = bed.folder().join("log.db");
        let log = RequestLog::spawn(&log, 1 << 24).unwrap();
        let (faults, stopping) = (Arc::new(Faults::default()), Stopping::default());
        let time = (access == Access::Everyone).then(|| Arc::new(Time::of(clock.clone())));
        let services = Services {
            time,
            faults: Some(faults.clone()),
            api: Arc::new(LazyLock::new(Box::new(api))),
            request_log: Some(log.clone()),
            stopping: stopping.clone(),
            ..testing::services(&bed, access, clock.clone())
        };
        let simulations = services.simulations.clone();
        let app = TestApp::serving(crate::routes(services));
        Self {
            bed,
            app,
            client,
            clock,
            simulations,
            faults,
            stopping,
            log,
        }
    }

    /// A battery car in Denver that has begun its day, at midnight.
    pub(crate) async fn car(&self, name: &str) -> Simulation {
        self.car_of(name, Powertrain::Bev, "US").await
    }

    async fn car_of(&self, name: &str, powertrain: Powertrain, country: &str) -> Simulation {
        let new = NewSimulation {
            application: self.client.application.id,
            car: CarWish::Powertrain {
                powertrain,
                make: None,
            },
            name: Some(name.to_owned()),
            country: Some(country.to_owned()),
            city: None,
            scenario: None,
            is_stateless: false,
            latency: Latency::Ideal,
            is_played: true,
        };
        self.simulations.create(new).await.unwrap()
    }

    async fn kept(&self, car: &Simulation) -> Simulation {
        self.simulations
            .find(car.application, car.id)
            .await
            .unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self.app.get(path).header("host", "localhost:2277");
        request.header("cookie", COOKIE).send().await
    }

    /// Posts a form as the page would.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.posting(path).form(&all).send().await
    }

    /// A field that proves a form to be of the page.
    pub(crate) fn csrf(&self) -> String {
        carport_web::csrf::draw(SECRET, &*self.bed.rng)
    }

    /// A post of the browser, to be filled and sent.
    pub(crate) fn posting(&self, path: &str) -> TestRequest {
        let request = self.app.post(path).header("host", "localhost:2277");
        let request = request.header("origin", "http://localhost:2277");
        request.header("cookie", COOKIE)
    }
}

/// An API that says by which token it was asked.
fn api() -> Router {
    let told = async |headers: HeaderMap| {
        let bearer = headers["authorization"].to_str().unwrap().to_owned();
        format!("{{\"asked\":\"{bearer}\"}}")
    };
    Router::new().route("/v2.0/vehicles/{id}/odometer", get(told))
}

const SECRET: &str = "00112233445566778899aabbccddeeff";
const COOKIE: &str = "carport_dashboard=00112233445566778899aabbccddeeff";

/// A page without what differs from one load to the next.
fn steady(answer: &Answer) -> String {
    let html = assets::unhashed(answer.text());
    cut(&cut(&html, "name=\"csrf\" value=\""), "seen=")
}

/// `html` without the rest of the attributes in which `mark` is.
fn cut(html: &str, mark: &str) -> String {
    let mut parts = html.split(mark);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| {
        let rest = part.find('"').map_or("", |end| &part[end..]);
        format!("{kept}{mark}…{rest}")
    })
}
