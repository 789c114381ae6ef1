//! The page through the router.

mod acting;
mod entering;
mod looking;
mod streaming;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use carport_connector::{Reader, Registry};
use carport_model::clock::MovableClock;
use carport_model::fault::Faults;
use carport_model::simulation::Latency;
use carport_model::{Brands, Catalogue, Clock, Powertrain, Simulation};
use carport_oauth::applications::Applications;
use carport_oauth::sealing::Sealer;
use carport_oauth::{OAuth, Settings};
use carport_simulator::control::{CarWish, NewSimulation};
use carport_simulator::time::Time;
use carport_simulator::{Simulations, TestConnector, Trips};
use carport_store::RequestLog;
use carport_testkit::{Answer, Registered, TestApp, TestBed, TestRequest};
use carport_web::{Stopping, assets};

use crate::{Access, OwnApi, Previews, Services, Shown};

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
        let brands = Arc::new(Brands::embedded());
        let simulations = Simulations::new(
            bed.store.clone(),
            clock.clone(),
            bed.rng(),
            Catalogue::new(brands.clone(), None),
            Trips::new(None, bed.store.clone()),
            1000,
        );
        let connector: Arc<dyn carport_connector::Connector> = Arc::new(TestConnector::new(
            brands.clone(),
            clock.clone() as Arc<dyn Clock>,
            bed.rng(),
        ));
        let log = bed.folder().join("log.db");
        let log = RequestLog::spawn(&log, 1 << 24).unwrap();
        let (faults, stopping) = (Arc::new(Faults::default()), Stopping::default());
        let time = (access == Access::Everyone).then(|| Arc::new(Time::of(clock.clone())));
        let services = Services {
            store: bed.store.clone(),
            applications: Applications::new(
                bed.store.clone(),
                clock.clone(),
                bed.rng(),
                Sealer::new(&[7; 32]),
            ),
            public_url: "http://localhost:2277".parse().unwrap(),
            access,
            clock: clock.clone() as Arc<dyn Clock>,
            time,
            rng: bed.rng(),
            oauth: OAuth::new(
                bed.store.clone(),
                bed.clock(),
                bed.rng(),
                bed.mint(),
                Settings::for_issuer("http://localhost:2277"),
            ),
            own_api: OwnApi {
                carry: Arc::new(|_| Box::pin(async { None })),
                endpoints: || &[],
            },
            brands,
            previews: Arc::new(Told),
            simulations: simulations.clone(),
            faults: Some(faults.clone()),
            reader: Reader::new(Registry::with_generated(connector)),
            mint: bed.mint(),
            api: api(),
            request_log: Some(log.clone()),
            request_log_keeps: Duration::from_hours(24 * 30),
            stopping: stopping.clone(),
        };
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
    async fn car(&self, name: &str) -> Simulation {
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

/// Previews that say what they were asked for.
pub(crate) struct Told;

impl Previews for Told {
    fn start_page(&self, shown: Shown) -> Response {
        let accent = shown.settings.accent.unwrap_or_default();
        format!("start {accent} {}", shown.settings.welcome).into_response()
    }

    fn grant_page(&self, shown: Shown) -> Response {
        format!("grant {}", shown.application.default_scope).into_response()
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
