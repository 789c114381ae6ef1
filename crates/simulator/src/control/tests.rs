//! Cars made, connected, steered and kept, over a real store.

mod driving;
mod making;
mod scenarios;

use std::time::Duration;

use carport_connector::{
    AccountKey, Connector as _, Fault, LoginInput, LoginRefused, LoginStep, Reached, SendError,
};
use carport_model::reading::Readings;
use carport_model::simulation::{Effect, Latency, Motion, Speed};
use carport_model::vehicle::Powertrain;
use carport_model::{Account, AccountId, Command, Mode, Secret, Vehicle, error, signal};
use carport_store::{Simulated, StoreUrl};
use carport_testkit::TestBed;
use serde_json::json;

use super::*;
use crate::SimulatedConnector;

/// A server's simulator, over a store that may be another server's too.
struct Site {
    bed: TestBed,
    store: Store,
    connector: SimulatedConnector,
    cars: Simulations,
    application: ApplicationId,
}

impl Site {
    async fn new() -> Self {
        let bed = TestBed::new().await;
        let application = bed.application().await.application.id;
        Self::over(bed, application).await
    }

    /// Another process on the same database.
    async fn restarted(self) -> Self {
        let Self {
            bed, application, ..
        } = self;
        Self::over(bed, application).await
    }

    async fn over(bed: TestBed, application: ApplicationId) -> Self {
        let path = bed.store.sqlite_path().unwrap().to_owned();
        let store = Store::open(&StoreUrl::Sqlite(path)).await.unwrap();
        let catalogue = Catalogue::embedded();
        let trips = Trips::new(None, store.clone());
        let connector = SimulatedConnector::new(
            catalogue.brands.clone(),
            store.clone(),
            bed.clock(),
            bed.rng(),
            trips.clone(),
        );
        let (clock, rng) = (bed.clock(), bed.rng());
        let cars = Simulations::new(store.clone(), clock, rng, catalogue, trips, 3);
        Self {
            bed,
            store,
            connector,
            cars,
            application,
        }
    }

    async fn make(&self, car: CarWish) -> Result<Simulation, ControlError> {
        self.cars.create(wish(self.application, car)).await
    }

    async fn kia(&self) -> Simulation {
        self.make(model("kia", "ev6")).await.unwrap()
    }

    async fn steer(&self, car: &Simulation, steps: Vec<Step>) -> Result<Simulation, ControlError> {
        self.cars.steer(self.application, car.id, steps).await
    }

    fn key(&self, make: &str, login: &str) -> AccountKey {
        AccountKey {
            application: self.application,
            mode: Mode::Simulated,
            brand: self.cars.catalogue.brands.find(make).unwrap().id.clone(),
            login: login.to_owned(),
        }
    }

    async fn log_in(
        &self,
        account: &AccountKey,
        (password, country): (&str, &str),
        vin: Option<&carport_model::Vin>,
    ) -> Result<LoginStep, LoginRefused> {
        let input = LoginInput {
            account,
            brand: self.cars.catalogue.brands.get(&account.brand).unwrap(),
            country,
            password: &Secret::new(password.to_owned()),
            vin,
        };
        self.connector.login(&input).await
    }

    /// The car as the vehicle API reaches it.
    async fn reach<T>(&self, car: &Simulation, act: impl AsyncFnOnce(Reached<'_>) -> T) -> T {
        let simulation = self.cars.find(self.application, car.id).await.unwrap();
        let account = Account {
            id: AccountId::from_bytes([1; 16]),
            mode: Mode::Simulated,
            brand: car.car.make.clone(),
            login: car.username.clone(),
        };
        let vehicle = Vehicle {
            id: car.vehicle,
            application: self.application,
            mode: Mode::Simulated,
            car: car.car.clone(),
        };
        let reached = Reached {
            account: &account,
            vehicle: &vehicle,
            held: &carport_model::Held::default(),
            simulation: &Simulated::Car(Arc::new(simulation.course)),
        };
        act(reached).await
    }

    async fn read(&self, car: &Simulation) -> Result<Readings, Fault> {
        let want: Vec<Signal> = signal::all().collect();
        self.reach(car, async |it| self.connector.read(it, &want).await)
            .await
    }

    async fn send(&self, car: &Simulation, command: Command) -> Result<(), SendError> {
        let sent = self.reach(car, async |it| self.connector.send(it, &command).await);
        sent.await.map(drop)
    }
}

fn model(make: &str, model: &str) -> CarWish {
    CarWish::Model {
        make: make.to_owned(),
        model: model.to_owned(),
        year: None,
        powertrain: None,
    }
}

fn wish(application: ApplicationId, car: CarWish) -> NewSimulation {
    NewSimulation {
        application,
        car,
        name: None,
        country: None,
        city: None,
        scenario: None,
        is_stateless: false,
        latency: Latency::Ideal,
        is_played: true,
    }
}

fn stage(name: &str) -> Step {
    Step::Jump(StageName::Name(name.to_owned()))
}
