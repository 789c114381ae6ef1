//! Cars made, connected, steered and kept, over a real store.

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

#[tokio::test]
async fn wishes_become_cars() {
    let site = Site::new().await;
    let kia = site.kia().await;
    assert_eq!(
        (kia.car.make.as_str(), kia.car.model.as_str()),
        ("KIA", "EV6")
    );
    assert_eq!(
        (&*kia.course.profile, &*kia.course.city),
        ("kia-ev6", "denver")
    );
    assert_eq!((kia.name.as_str(), kia.country.as_str()), ("Kia EV6", "US"));
    assert!(kia.car.vin.is_simulated());
    assert!(
        !kia.car
            .capabilities
            .contains(carport_model::Permission::ReadFuel)
    );
    let any = CarWish::Powertrain {
        powertrain: Powertrain::Ice,
        make: None,
    };
    let any = site.make(any).await.unwrap();
    assert_eq!(
        (any.car.model.as_str(), &*any.course.profile),
        ("ICE", "generic-ice")
    );
    assert!(any.car.capacities.is_empty());
    let vin = CarWish::Vin("5YJ3E1EA7KF317000".parse().unwrap());
    let tesla = site.make(vin).await.unwrap();
    assert_eq!(
        (tesla.car.make.as_str(), tesla.car.model.as_str()),
        ("TESLA", "Model 3")
    );
    assert_eq!(tesla.car.year, 2019);
    assert!(tesla.car.vin.is_simulated());
    let full = site.make(model("kia", "ev6")).await.unwrap_err();
    assert!(
        matches!(
            full,
            ControlError::Conflict {
                field: "application",
                ..
            }
        ),
        "{full}"
    );
}

#[tokio::test]
async fn wishes_that_cannot_be_are_refused_by_name() {
    let site = Site::new().await;
    let refused = async |change: fn(&mut NewSimulation)| {
        let mut new = wish(site.application, model("kia", "ev6"));
        change(&mut new);
        match site.cars.create(new).await {
            Err(ControlError::Refused { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        refused(|new| new.car = model("trabant", "601")).await,
        "make"
    );
    assert_eq!(
        refused(|new| new.car = model("kia", "Nothing")).await,
        "model"
    );
    assert_eq!(
        refused(|new| new.country = Some("XX".into())).await,
        "country"
    );
    assert_eq!(
        refused(|new| new.city = Some("atlantis".into())).await,
        "city"
    );
    assert_eq!(
        refused(|new| new.scenario = Some("none".into())).await,
        "scenario"
    );
    assert_eq!(refused(|new| new.name = Some(" \n".into())).await, "name");
    let renault = |new: &mut NewSimulation| new.car = model("renault", "Zoe");
    assert_eq!(refused(renault).await, "make");
    let old = |new: &mut NewSimulation| {
        new.car = CarWish::Model {
            make: "kia".into(),
            model: "ev6".into(),
            year: Some(1912),
            powertrain: None,
        };
    };
    assert_eq!(refused(old).await, "year");
    let unknown = CarWish::Vin("XXXZZZ1JZXW000001".parse().unwrap());
    assert!(site.make(unknown).await.is_err());
}

#[tokio::test]
async fn a_login_opens_its_car_when_all_of_it_fits() {
    let site = Site::new().await;
    let car = site.kia().await;
    let key = site.key("KIA", &car.username);
    let right = (car.password.as_str(), "US");
    assert_eq!(site.log_in(&key, right, None).await, Ok(LoginStep::Done));
    let cars = site.connector.vehicles(&key, None).await.unwrap();
    assert_eq!(cars, std::slice::from_ref(&car.car));
    let refused = Err(LoginRefused::Credentials);
    assert_eq!(site.log_in(&key, ("wrong", "US"), None).await, refused);
    assert_eq!(
        site.log_in(&key, (&car.password, "DE"), None).await,
        refused
    );
    let other = site.key("TESLA", &car.username);
    assert_eq!(site.log_in(&other, right, None).await, refused);
    assert_eq!(site.connector.vehicles(&other, None).await.unwrap(), []);
    // In another application it is a login like any other, of a generated car.
    let mut stranger = key.clone();
    stranger.application = site.bed.application().await.application.id;
    assert_eq!(
        site.log_in(&stranger, right, None).await,
        Ok(LoginStep::Done)
    );
    let cars = site.connector.vehicles(&stranger, None).await.unwrap();
    assert_ne!(cars[0].vin, car.car.vin);
}

#[tokio::test]
async fn no_other_login_gets_at_a_made_car_by_its_vin() {
    let site = Site::new().await;
    let car = site.kia().await;
    let vin = car.car.vin.clone();
    let anyone = site.key("KIA", "anyone@example.net");
    let refused = Err(LoginRefused::Credentials);
    assert_eq!(site.log_in(&anyone, ("x", "US"), Some(&vin)).await, refused);
    let by_login = format!("{}@compatible.smartcar.com", vin.as_str().to_lowercase());
    let by_login = site.key("KIA", &by_login);
    assert_eq!(site.log_in(&by_login, ("x", "US"), None).await, refused);
    let free = "1SCKIA00000000001".parse().unwrap();
    assert_eq!(
        site.log_in(&anyone, ("x", "US"), Some(&free)).await,
        Ok(LoginStep::Done)
    );
    let error = site.key("KIA", "vehicle_state.asleep@smartcar.com");
    assert_eq!(
        site.log_in(&error, ("x", "US"), None).await,
        Ok(LoginStep::Done)
    );
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_trip_changes_nothing() {
    let site = Site::new().await;
    let car = site.kia().await;
    site.steer(&car, vec![stage("Charge at home")])
        .await
        .unwrap();
    site.bed.clock.advance(Duration::from_mins(5));
    site.send(&car, Command::SetChargeLimit(0.9)).await.unwrap();
    site.send(&car, Command::StopCharge).await.unwrap();
    site.bed.clock.advance(Duration::from_mins(7));
    let before = site.read(&car).await.unwrap();
    assert!(before.len() > 60);
    let site = site.restarted().await;
    assert_eq!(site.read(&car).await.unwrap(), before);
    let kept = site.cars.find(site.application, car.id).await.unwrap();
    let effects = kept.course.commands.iter().map(|command| command.effect);
    let effects: Vec<Effect> = effects.collect();
    assert_eq!(effects, [Effect::ChargeLimit(0.9), Effect::StopCharge]);
}

#[tokio::test]
async fn a_trip_goes_where_it_is_told() {
    let site = Site::new().await;
    let car = site.kia().await;
    let at = async |steps: Vec<Step>| {
        let steered = site.steer(&car, steps).await.unwrap();
        let shown = site
            .cars
            .shown(steered, carport_model::Held::default())
            .await;
        let shown = shown.unwrap();
        let stage = shown.scene.journey.position_of(shown.scene.elapsed).stage;
        (stage, shown.status())
    };
    assert_eq!(at(vec![Step::Pause]).await, (0, "paused"));
    assert_eq!(
        at(vec![Step::Play, stage("drive home")]).await,
        (3, "running")
    );
    assert_eq!(
        at(vec![Step::Jump(StageName::Index(5)), Step::Pause]).await,
        (5, "paused")
    );
    assert_eq!(at(vec![Step::Restart]).await, (0, "running"));
    let parked = Step::Follow {
        scenario: Some("parked".to_owned()),
        city: Some("oslo".to_owned()),
    };
    assert_eq!(at(vec![stage("drive home"), parked]).await, (0, "running"));
    let fast = vec![Step::Speed(Speed::try_from(3600).unwrap())];
    assert_eq!(at(fast).await, (0, "running"));
    site.bed.clock.advance(Duration::from_mins(1));
    assert_eq!(at(Vec::new()).await.1, "finished");
    let kept = site.cars.find(site.application, car.id).await.unwrap();
    assert_eq!(
        (&*kept.course.scenario, &*kept.course.city),
        ("parked", "oslo")
    );
    // All or none.
    let steps = vec![Step::Pause, stage("nowhere")];
    let refused = site.steer(&car, steps).await.unwrap_err();
    assert!(refused.to_string().contains("Parked at work"), "{refused}");
    let after = site.cars.find(site.application, car.id).await.unwrap();
    assert_eq!(after.course.timeline.motion, Motion::Running);
}

#[tokio::test]
async fn what_is_set_about_charging_outlasts_a_jump_and_no_restart() {
    let site = Site::new().await;
    let car = site.kia().await;
    site.steer(&car, vec![stage("Charge at home")])
        .await
        .unwrap();
    site.bed.clock.advance(Duration::from_mins(1));
    for command in [
        Command::StopCharge,
        Command::SetChargeLimit(0.6),
        Command::Unlock,
    ] {
        site.send(&car, command).await.unwrap();
    }
    let effects = async |steps| {
        let steered = site.steer(&car, steps).await.unwrap();
        let commands = steered.course.commands.iter();
        commands.map(|command| command.effect).collect::<Vec<_>>()
    };
    let kept = effects(vec![stage("Drive to work")]).await;
    assert_eq!(kept, [Effect::ChargeLimit(0.6)]);
    assert_eq!(effects(vec![Step::Restart]).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_controls_at_once_leave_a_car_whole() {
    let site = Arc::new(Site::new().await);
    let car = Arc::new(site.kia().await);
    site.steer(&car, vec![stage("Charge at home")])
        .await
        .unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..1000_u32 {
        let (site, car) = (Arc::clone(&site), Arc::clone(&car));
        tasks.spawn(async move {
            let speed = Speed::try_from(number % 3600 + 1).unwrap();
            let steps = match number % 5 {
                0 => {
                    let sent = site.send(&car, Command::Lock).await;
                    return match sent {
                        Err(SendError::Store(error)) => error.is_temporary(),
                        sent => sent.is_ok(),
                    };
                }
                1 => vec![Step::Pause, Step::Play],
                2 => vec![Step::Speed(speed)],
                3 => vec![
                    stage("Charge at home"),
                    Step::Rename(format!("Car {number}")),
                ],
                _ => vec![Step::Stateless(false), Step::Latency(Latency::Ideal)],
            };
            match site.steer(&car, steps).await {
                Ok(steered) => steered.course.timeline.motion == Motion::Running,
                // More than the queue of the store holds is turned away unchanged.
                Err(ControlError::Store(error)) => error.is_temporary(),
                Err(_) => false,
            }
        });
    }
    let mut went_well = 0;
    while let Some(outcome) = tasks.join_next().await {
        went_well += u32::from(outcome.unwrap());
    }
    assert_eq!(went_well, 1000);
    let kept = site.cars.find(site.application, car.id).await.unwrap();
    assert_eq!(kept.course.timeline.motion, Motion::Running);
    assert!(kept.name.starts_with("Car "), "{}", kept.name);
    assert!(site.read(&car).await.unwrap().len() > 60);
    let steps = vec![Step::Restart, Step::Pause];
    let settled = site.steer(&car, steps).await.unwrap();
    assert_eq!(
        (
            settled.course.timeline.passed,
            settled.course.commands.len()
        ),
        (Duration::ZERO, 0)
    );
}

/// Awake and asleep in turns.
const NAPS: &str = r#"
id = "naps"
name = "Naps"
about = "Two minutes awake, two asleep."
starts_at = "12:00"
repeats = true
temperature = { low = 6, high = 17 }
start = { charge = 0.8, fuel = 0.62, odometer = [12000, 90000] }
[[stage]]
name = "Awake"
do = "park"
at = "home"
for = "2m"
[[stage]]
name = "Asleep"
do = "sleep"
at = "home"
for = "2m"
"#;

#[tokio::test]
async fn an_own_scenario_is_followed_after_a_restart_and_by_nobody_else() {
    let site = Site::new().await;
    let text = NAPS;
    let added = site
        .cars
        .add_scenario(site.application, text.to_owned())
        .await
        .unwrap();
    assert_eq!(added.id, "naps");
    let again = site
        .cars
        .add_scenario(site.application, text.to_owned())
        .await;
    assert!(matches!(
        again,
        Err(ControlError::Conflict { field: "id", .. })
    ));
    let car = site.kia().await;
    let follow = |id: &str| Step::Follow {
        scenario: Some(id.to_owned()),
        city: None,
    };
    let steered = site.steer(&car, vec![follow("naps")]).await.unwrap();
    assert_eq!(id_of(&steered.course.scenario), "naps");
    let used = site.cars.delete_scenario(site.application, "naps").await;
    assert!(matches!(used, Err(ControlError::Conflict { .. })));

    let site = site.restarted().await;
    assert!(site.read(&car).await.is_ok());
    site.bed.clock.advance(Duration::from_mins(3));
    assert_eq!(site.read(&car).await.unwrap_err().error, &error::ASLEEP);

    let other = site.bed.application().await.application.id;
    for id in ["naps", &*steered.course.scenario] {
        let mut new = wish(other, model("kia", "ev6"));
        new.scenario = Some(id.to_owned());
        assert!(
            matches!(
                site.cars.create(new).await,
                Err(ControlError::Refused { .. })
            ),
            "{id}"
        );
    }
    let listed = async |application| {
        let scenarios = site.cars.scenarios(application).await.unwrap();
        scenarios
            .into_iter()
            .filter(|(_, own)| own.is_some())
            .count()
    };
    assert_eq!(
        (listed(site.application).await, listed(other).await),
        (1, 0)
    );

    site.steer(&car, vec![follow("parked")]).await.unwrap();
    site.cars
        .delete_scenario(site.application, "naps")
        .await
        .unwrap();
    let gone = site.cars.delete_scenario(site.application, "naps").await;
    assert!(matches!(gone, Err(ControlError::Unknown { .. })));
}

#[tokio::test]
async fn a_wrong_scenario_is_told_its_place_and_cars_go_on() {
    let site = Site::new().await;
    let car = site.kia().await;
    let before = site.read(&car).await.unwrap();
    let refused = site
        .cars
        .add_scenario(site.application, "id = 'x'\nname = 3".to_owned())
        .await;
    let Err(ControlError::Refused {
        field: "scenario",
        advice,
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert!(
        advice.starts_with("scenario, line 2, column 8: "),
        "{advice}"
    );
    let brought = site.cars.world().scenario("parked").unwrap();
    assert_eq!(brought.name, "Parked");
    assert_eq!(site.read(&car).await.unwrap(), before);
}

#[tokio::test]
async fn signals_are_set_in_their_own_shape() {
    let site = Site::new().await;
    let car = site.kia().await;
    let set = async |code: &str, value: serde_json::Value| {
        let signal = Signal::find(code).unwrap();
        let set = site
            .cars
            .set(site.application, car.id, (signal, &value))
            .await;
        set.map_err(|error| error.to_string())
    };
    set("tractionbattery-stateofcharge", json!(0.5))
        .await
        .unwrap();
    set("charge-detailedchargingstatus", json!("CHARGING"))
        .await
        .unwrap();
    let refused = set("tractionbattery-stateofcharge", json!("half"))
        .await
        .unwrap_err();
    assert!(refused.contains("for example"), "{refused}");
    let refused = set("internalcombustionengine-fuellevel", json!(0.5))
        .await
        .unwrap_err();
    assert!(refused.contains("has no"), "{refused}");
    let shown = site.cars.show(site.application, car.id).await.unwrap();
    let set_ones = shown.values().filter(|(_, _, is_set)| *is_set).count();
    assert_eq!(set_ones, 2);
    // What a command changes is the car's own again.
    let charge = signal::charge::IS_CHARGING;
    site.cars
        .set(site.application, car.id, (charge, &json!(false)))
        .await
        .unwrap();
    site.steer(&car, vec![stage("Charge at home")])
        .await
        .unwrap();
    site.bed.clock.advance(Duration::from_mins(1));
    site.send(&car, Command::StopCharge).await.unwrap();
    let held = carport_store::held_values::of;
    let vehicle = car.vehicle;
    let held = site
        .store
        .read(async |tx: &mut Tx<'_>| held(tx, vehicle).await)
        .await;
    let held: Result<_, StoreError> = held;
    assert!(held.unwrap().get(charge).is_none());
}

#[tokio::test]
async fn a_car_whose_scenario_is_gone_says_so_and_can_be_given_another() {
    let site = Site::new().await;
    let naps = NAPS.to_owned();
    site.cars
        .add_scenario(site.application, naps)
        .await
        .unwrap();
    let mut new = wish(site.application, model("kia", "ev6"));
    new.scenario = Some("naps".to_owned());
    let car = site.cars.create(new).await.unwrap();
    let application = site.application;
    let behind_our_back = async move |tx: &mut Tx<'_>| {
        carport_store::scenarios::delete(tx, application, "naps").await
    };
    let deleted: Result<bool, StoreError> = site.store.write(behind_our_back).await;
    assert!(deleted.unwrap());
    let site = site.restarted().await;
    let fault = site.read(&car).await.unwrap_err();
    assert_eq!(fault.error, &error::UNKNOWN_ISSUE);
    let refused = site.steer(&car, vec![stage("Awake")]).await;
    assert!(matches!(
        refused,
        Err(ControlError::Conflict {
            field: "scenario",
            ..
        })
    ));
    let parked = Step::Follow {
        scenario: Some("parked".to_owned()),
        city: None,
    };
    site.steer(&car, vec![parked]).await.unwrap();
    assert!(site.read(&car).await.is_ok());
}
