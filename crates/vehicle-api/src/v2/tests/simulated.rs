//! Cars that were made in the simulator. Source: contract connect-oauth, E.4.

use carport_model::simulation::Latency;
use carport_model::{Mode, Powertrain, Simulation};
use carport_simulator::control::{CarWish, NewSimulation, StageName, Step};
use carport_simulator::{SimulatedConnector, Simulations, Trips};
use carport_testkit::Registered;
use serde_json::json;

use super::*;

/// A server with a simulator, and one of its cars, connected.
struct Site {
    bed: TestBed,
    app: TestApp,
    cars: Simulations,
    made: Simulation,
    car: Car,
}

fn wish(client: &Registered, scenario: &str) -> NewSimulation {
    NewSimulation {
        application: client.application.id,
        car: CarWish::Powertrain {
            powertrain: Powertrain::Bev,
            make: Some("KIA".to_owned()),
        },
        name: None,
        country: None,
        city: None,
        scenario: Some(scenario.to_owned()),
        is_stateless: false,
        latency: Latency::Ideal,
        is_played: false,
    }
}

impl Site {
    /// A battery car of this scenario that was not played yet.
    async fn of(scenario: &str) -> Self {
        Self::with(scenario, ALL).await
    }

    async fn with(scenario: &str, permissions: &[&str]) -> Self {
        let bed = TestBed::new().await;
        let catalogue = Catalogue::embedded();
        let trips = Trips::new(None, bed.store.clone());
        let test = TestConnector::new(catalogue.brands.clone(), bed.clock(), bed.rng());
        let simulated = SimulatedConnector::new(
            catalogue.brands.clone(),
            bed.store.clone(),
            bed.clock(),
            bed.rng(),
            trips.clone(),
        );
        let cars = Simulations::new(
            bed.store.clone(),
            bed.clock(),
            bed.rng(),
            catalogue.clone(),
            trips,
            9,
        );
        let connectors = Registry::new(Arc::new(test), Arc::new(simulated));
        let app = serve(&bed, api_over(&bed, catalogue, connectors));
        let client = bed.application().await;
        let made = cars.create(wish(&client, scenario)).await.unwrap();
        let owner = (Mode::Simulated, made.username.as_str());
        let car = bed
            .connect_owner(&client, owner, made.car.clone(), permissions)
            .await;
        assert_eq!(car.vehicle, made.vehicle);
        Self {
            bed,
            app,
            cars,
            made,
            car,
        }
    }

    async fn steer(&self, steps: Vec<Step>) {
        let (application, id) = (self.made.application, self.made.id);
        self.cars.steer(application, id, steps).await.unwrap();
    }

    /// Plays from the beginning of a stage, a minute into it.
    async fn at(scenario: &str, stage: &str) -> Self {
        let site = Self::of(scenario).await;
        site.go(stage).await;
        site
    }

    async fn go(&self, stage: &str) {
        let stage = StageName::Name(stage.to_owned());
        self.steer(vec![Step::Play, Step::Jump(stage)]).await;
        self.bed.clock.advance(Duration::from_mins(1));
    }

    async fn read(&self, endpoint: &str) -> Answer {
        ask(&self.app, &self.car, endpoint).await
    }

    async fn send(&self, path: &str, body: &Value) -> Answer {
        let request = self.app.post(&self.car.path(path));
        request
            .bearer(&self.car.access_token)
            .json(body)
            .send()
            .await
    }

    /// Sends LOCK, UNLOCK, START, STOP and a limit, and tells how each is answered.
    async fn answers(&self) -> [String; 5] {
        let action = |action: &str| json!({ "action": action });
        [
            told(&self.send("security", &action("LOCK")).await),
            told(&self.send("security", &action("UNLOCK")).await),
            told(&self.send("charge", &action("START")).await),
            told(&self.send("charge", &action("STOP")).await),
            told(&self.send("charge/limit", &json!({ "limit": 0.9 })).await),
        ]
    }
}

/// Status, and the code of a failure.
fn told(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    match answer.json()["code"].as_str() {
        Some(code) => format!("{status} {code}"),
        None => status.to_string(),
    }
}

const UNPLUGGED: &str = "409 CHARGING_PLUG_NOT_CONNECTED";

#[tokio::test]
async fn a_car_that_was_not_played_is_an_account_issue() {
    let site = Site::of("day-commute").await;
    let answer = site.read("odometer").await;
    assert_eq!(told(&answer), "400 ACCOUNT_ISSUE");
    assert_eq!(answer.json()["type"], "CONNECTED_SERVICES_ACCOUNT");
    assert_eq!(site.answers().await, ["400 ACCOUNT_ISSUE"; 5]);
    // What Carport knows of the car by itself is there all the same.
    assert_eq!(site.read("vin").await.status, 200);
}

#[tokio::test]
async fn a_parked_car_locks_and_has_nothing_to_charge_from() {
    let site = Site::at("day-commute", "Parked at work").await;
    let expected = ["200", "200", UNPLUGGED, UNPLUGGED, UNPLUGGED];
    assert_eq!(site.answers().await, expected);
    assert_eq!(site.read("security").await.json()["isLocked"], false);
}

#[tokio::test]
async fn a_driving_car_is_in_motion() {
    let site = Site::at("day-commute", "Drive to work").await;
    let moving = "409 IN_MOTION";
    let expected = [moving, moving, UNPLUGGED, UNPLUGGED, UNPLUGGED];
    assert_eq!(site.answers().await, expected);
    let before = site.read("odometer").await.json()["distance"]
        .as_f64()
        .unwrap();
    site.bed.clock.advance(Duration::from_mins(5));
    let after = site.read("odometer").await.json()["distance"]
        .as_f64()
        .unwrap();
    assert!(
        (0.5..20.0).contains(&(after - before)),
        "{before} to {after}"
    );
}

#[tokio::test]
async fn a_charging_car_does_as_it_is_told() {
    let site = Site::at("day-commute", "Charge at home").await;
    let busy = "409 CHARGING_IN_PROGRESS";
    assert_eq!(site.answers().await, ["200", "200", busy, "200", "200"]);
    let charge = site.read("charge").await.json();
    assert_eq!(
        charge,
        json!({ "isPluggedIn": true, "state": "NOT_CHARGING" })
    );
    assert_eq!(
        site.read("charge/limit").await.json(),
        json!({ "limit": 0.9 })
    );
    assert_eq!(
        told(&site.send("charge", &json!({ "action": "START" })).await),
        "200"
    );
    let percent = async || site.read("battery").await.json()["percentRemaining"].as_f64();
    let before = percent().await.unwrap();
    site.bed.clock.advance(Duration::from_mins(30));
    assert!(percent().await.unwrap() > before);
    assert_eq!(site.read("charge").await.json()["state"], "CHARGING");
    // Below what is in the battery: it has enough.
    let limit = site.send("charge/limit", &json!({ "limit": 0.5 })).await;
    assert_eq!(told(&limit), "200");
    let full = site.send("charge", &json!({ "action": "START" })).await;
    assert_eq!(told(&full), "409 FULLY_CHARGED");
}

#[tokio::test]
async fn a_stateless_car_says_yes_and_does_nothing() {
    let site = Site::at("day-commute", "Charge at home").await;
    site.steer(vec![Step::Stateless(true)]).await;
    let before = site.read("charge/limit").await.json();
    let incapable = "501 SMARTCAR_NOT_CAPABLE";
    assert_eq!(
        site.answers().await,
        ["200", "200", "200", "200", incapable]
    );
    assert_eq!(site.read("charge").await.json()["state"], "CHARGING");
    assert_eq!(site.read("security").await.json()["isLocked"], true);
    assert_eq!(site.read("charge/limit").await.json(), before);
}

#[tokio::test]
async fn a_car_that_stands_still_keeps_its_values_and_takes_no_command() {
    let site = Site::at("day-commute", "Drive to work").await;
    site.steer(vec![Step::Pause]).await;
    let paused = site.read("odometer").await;
    let stopped_at = site.bed.clock().now().to_string();
    site.bed.clock.advance(Duration::from_mins(90));
    let later = site.read("odometer").await;
    assert_eq!(later.json(), paused.json());
    assert_eq!(later.header("sc-data-age"), stopped_at);
    assert_ne!(later.header("sc-fetched-at"), stopped_at);
    assert_eq!(site.answers().await, ["409 UNREACHABLE"; 5]);
    site.steer(vec![Step::Play]).await;
    assert_eq!(site.answers().await[0], "409 IN_MOTION");
}

#[tokio::test]
async fn a_finished_trip_keeps_its_last_values() {
    let site = Site::at("parked", "Parked, still plugged in").await;
    site.steer(vec![Step::Speed(3600.try_into().unwrap())])
        .await;
    site.bed.clock.advance(Duration::from_mins(1));
    let one = site.read("battery").await;
    assert_eq!(one.status, 200);
    assert_ne!(one.header("sc-data-age"), one.header("sc-fetched-at"));
    site.bed.clock.advance(Duration::from_mins(1));
    let two = site.read("battery").await;
    assert_eq!(
        (two.json(), two.header("sc-data-age")),
        (one.json(), one.header("sc-data-age"))
    );
    assert_eq!(site.answers().await, ["409 UNREACHABLE"; 5]);
    site.steer(vec![Step::Restart]).await;
    assert_eq!(site.answers().await[0], "200");
}

#[tokio::test]
async fn a_car_sleeps_and_goes_out_of_reach() {
    let site = Site::at("sleeper", "Asleep at home").await;
    let asleep = site.read("odometer").await;
    assert_eq!(
        (told(&asleep), &asleep.json()["type"]),
        ("409 ASLEEP".to_owned(), &json!("VEHICLE_STATE"))
    );
    assert_eq!(site.answers().await, ["409 ASLEEP"; 5]);
    site.go("In the garage at work").await;
    assert_eq!(told(&site.read("odometer").await), "409 UNREACHABLE");
    site.go("Awake at home").await;
    assert_eq!(site.read("odometer").await.status, 200);
}

#[tokio::test]
async fn without_permission_or_connection_nothing_is_told() {
    let site = Site::with("day-commute", &["read_odometer"]).await;
    site.go("Parked at work").await;
    assert_eq!(site.read("odometer").await.status, 200);
    let refused = site.read("charge").await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["type"]),
        (403, &json!("PERMISSION"))
    );
    let stranger = site
        .cars
        .create(wish(&site.car.client, "parked"))
        .await
        .unwrap();
    let path = format!("/v2.0/vehicles/{}/odometer", stranger.vehicle);
    let refused = site
        .app
        .get(&path)
        .bearer(&site.car.access_token)
        .send()
        .await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["resolution"]["type"], "REAUTHENTICATE");
}

#[tokio::test]
async fn a_deleted_car_is_missing_from_the_account() {
    let site = Site::at("day-commute", "Parked at work").await;
    site.cars
        .delete(site.made.application, site.made.id)
        .await
        .unwrap();
    assert_eq!(told(&site.read("odometer").await), "400 VEHICLE_MISSING");
    assert_eq!(site.answers().await, ["400 VEHICLE_MISSING"; 5]);
}

#[tokio::test]
async fn what_is_set_by_hand_hides_the_trip_until_a_command_or_somebody_takes_it_back() {
    let site = Site::at("day-commute", "Parked at work").await;
    let (application, id) = (site.made.application, site.made.id);
    let lock = signal::closure::IS_LOCKED;
    let distance = signal::odometer::TRAVELED_DISTANCE;
    for (signal, value) in [(lock, json!(false)), (distance, json!(7.5))] {
        site.cars
            .set(application, id, (signal, &value))
            .await
            .unwrap();
    }
    assert_eq!(site.read("security").await.json()["isLocked"], false);
    assert_eq!(
        site.read("odometer").await.json(),
        json!({ "distance": 7.5 })
    );
    let locked = site.send("security", &json!({ "action": "LOCK" })).await;
    assert_eq!(told(&locked), "200");
    assert_eq!(site.read("security").await.json()["isLocked"], true);
    assert_eq!(
        site.read("odometer").await.json(),
        json!({ "distance": 7.5 })
    );
    site.cars
        .unset(application, id, vec![distance])
        .await
        .unwrap();
    let followed = site.read("odometer").await.json()["distance"]
        .as_f64()
        .unwrap();
    assert!(followed > 1000.0);
}

#[tokio::test]
async fn a_generated_car_lives_through_its_day() {
    let site = Site::of("day-commute").await;
    let found = found_vehicle("1SCTESL0123456789", Level::Bev);
    let owner = (Mode::Simulated, "anyone@example.net");
    let mut car = site
        .bed
        .connect_owner(&site.car.client, owner, found, ALL)
        .await;
    let distance = async |car: &Car| {
        let answer = ask(&site.app, car, "odometer").await.json();
        answer["distance"].as_f64().unwrap()
    };
    let before = distance(&car).await;
    assert_eq!(distance(&car).await.to_bits(), before.to_bits());
    site.bed.clock.advance(Duration::from_hours(24));
    let owner = (car.user, Mode::Simulated);
    car.access_token = site.bed.tokens_of(&car.client, owner).await.access;
    assert!((10.0..100.0).contains(&(distance(&car).await - before)));
    // Commands work as in test mode, wherever the car is.
    for (action, locked) in [("UNLOCK", false), ("LOCK", true)] {
        let request = site
            .app
            .post(&car.path("security"))
            .bearer(&car.access_token);
        let answer = request.json(&json!({ "action": action })).send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            ask(&site.app, &car, "security").await.json()["isLocked"],
            locked
        );
    }
}
