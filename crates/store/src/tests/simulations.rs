//! Simulated cars and the scenarios of applications.

use std::sync::Arc;
use std::time::Duration;

use carport_model::simulation::{Effect, Latency, Speed, TimedEffect};
use carport_model::{AccountId, SignalValue, UserId};
use carport_model::{
    ApplicationId, Course, Mode, Rng as _, Simulation, SimulationId, Timeline, VehicleId, signal,
};

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, after, car, new_connection};
use crate::scenarios::{self, OwnScenario};
use crate::simulations::{self, Known, Outcome, Place, Simulated};
use crate::{Tx, accounts, connections, held_values, users};

impl Database {
    /// A car that nobody else has, not kept yet.
    fn new_simulation(&self, application: ApplicationId) -> Simulation {
        let id = SimulationId::draw(&self.rng);
        let mut vin = format!("1SC{}", id.to_string().replace('-', "").to_uppercase());
        vin.truncate(17);
        Simulation {
            id,
            application,
            vehicle: VehicleId::draw(&self.rng),
            car: car(&vin),
            name: "Fridolin ü".to_owned(),
            country: "DE".to_owned(),
            username: format!("{id}@simulated.test"),
            password: "wheel-4711".to_owned(),
            created_at: NOW,
            course: Course {
                profile: "generic-bev".into(),
                scenario: "day-commute".into(),
                city: "berlin".into(),
                seed: u64::MAX - u64::from(self.rng.below(9)),
                timeline: Timeline::created(NOW),
                commands: Box::default(),
                is_stateless: false,
                latency: Latency::Ideal,
            },
        }
    }

    async fn simulation(&self, application: ApplicationId) -> Simulation {
        let simulation = self.new_simulation(application);
        let kept = simulation.clone();
        let outcome = self
            .write(async move |tx: &mut Tx<'_>| simulations::insert(tx, &kept, Some(10)).await)
            .await;
        assert_eq!(outcome, Outcome::Done);
        simulation
    }

    /// Someone connects a car.
    async fn connect(&self, simulation: &Simulation) -> UserId {
        let fresh = (AccountId::draw(&self.rng), UserId::draw(&self.rng));
        let simulation = simulation.clone();
        self.write(async move |tx: &mut Tx<'_>| {
            let login = (Mode::Simulated, &simulation.car.make, &*simulation.username);
            let account = accounts::ensure(tx, fresh.0, login, NOW).await?;
            let user = users::ensure(tx, fresh.1, simulation.application, account, NOW).await?;
            let new = new_connection(simulation.application, user, simulation.vehicle);
            connections::put(tx, &new, NOW).await?;
            Ok(user)
        })
        .await
    }

    async fn found(&self, simulation: &Simulation) -> Option<Simulation> {
        let (application, id) = (simulation.application, simulation.id);
        self.read(async move |tx: &mut Tx<'_>| simulations::find(tx, application, id).await)
            .await
    }

    async fn append(&self, simulation: &Simulation, seconds: u64, effect: Effect) {
        let (application, id) = (simulation.application, simulation.id);
        let at = Duration::from_secs(seconds);
        self.write(async move |tx: &mut Tx<'_>| {
            let car = simulations::hold(tx, application, id).await?.unwrap();
            simulations::append(tx, &car, TimedEffect { at, effect }).await
        })
        .await;
    }

    async fn behind(&self, user: UserId, simulation: &Simulation) -> Simulated {
        let connected = self.store.connected(user, simulation.vehicle).await;
        connected.unwrap().unwrap().simulation.clone()
    }
}

on_both_engines! {
    async fn a_car_reads_back_for_its_application_only(database) {
        let (application, other) = (database.application().await, database.application().await);
        let simulation = database.simulation(application).await;
        assert_eq!(database.found(&simulation).await.as_ref(), Some(&simulation));
        let (id, username) = (simulation.id, simulation.username.clone());
        let (vehicle, vin) = (simulation.vehicle, simulation.car.vin.clone());
        let strangers = database
            .write(async move |tx: &mut Tx<'_>| {
                let found = simulations::find(tx, other, id).await?;
                let held = simulations::hold(tx, other, id).await?;
                let by_vehicle = simulations::hold_vehicle(tx, other, vehicle).await?;
                let known = simulations::by_username(tx, other, &username).await?;
                let deleted = simulations::delete(tx, other, id, NOW).await?;
                let has_vin = simulations::has_vin(tx, other, &vin).await?;
                let has_own = simulations::has_vin(tx, application, &vin).await?;
                assert_eq!((has_vin, has_own), (false, true));
                Ok((found, held, by_vehicle, known.is_some(), deleted))
            })
            .await;
        assert_eq!(strangers, (None, None, None, false, false));
        let username = simulation.username.clone();
        let (known, held) = database
            .write(async move |tx: &mut Tx<'_>| {
                let known = simulations::by_username(tx, application, &username).await?;
                Ok((known, simulations::hold_vehicle(tx, application, vehicle).await?))
            })
            .await;
        assert_eq!(known, Some(Known::Car(Box::new(simulation.clone()))));
        assert_eq!(held, Some(simulation));
    }

    async fn neither_names_nor_places_are_given_twice(database) {
        let application = database.application().await;
        let simulation = database.simulation(application).await;
        let same_vin = Simulation { car: simulation.car.clone(), ..database.new_simulation(application) };
        let next = database.new_simulation(application);
        let outcomes = database
            .write(async move |tx: &mut Tx<'_>| {
                let taken = simulations::insert(tx, &same_vin, Some(10)).await?;
                let full = simulations::insert(tx, &next, Some(1)).await?;
                Ok((taken, full, simulations::count(tx, application).await?))
            })
            .await;
        assert_eq!(outcomes, (Outcome::Taken, Outcome::Full, 1));
    }

    async fn pages_hold_every_car_once(database) {
        let (application, other) = (database.application().await, database.application().await);
        database.simulation(other).await;
        let mut cars = Vec::new();
        for _ in 0..5 {
            cars.push(database.simulation(application).await);
        }
        cars.sort_by_key(|car| std::cmp::Reverse(Place::of(car)));
        let pages = database
            .read(async |tx: &mut Tx<'_>| {
                let first = simulations::page(tx, application, None, 3).await?;
                let after = first.last().map(Place::of);
                let rest = simulations::page(tx, application, after, 3).await?;
                Ok([first, rest].concat())
            })
            .await;
        assert_eq!(pages, cars);
    }

    async fn what_changes_is_kept_and_told(database) {
        let simulation = database.simulation(database.application().await).await;
        let user = database.connect(&simulation).await;
        let before = database.behind(user, &simulation).await;
        assert_eq!(before, Simulated::Car(Arc::new(simulation.course.clone())));
        let mut changed = simulation.clone();
        changed.name = "Other".to_owned();
        changed.course = Course {
            scenario: "parked".into(),
            city: "denver".into(),
            timeline: Timeline::created(NOW).play(after(5)).at_speed(Speed::try_from(60).unwrap(), after(9)),
            is_stateless: true,
            latency: Latency::Realistic,
            ..changed.course
        };
        let kept = changed.clone();
        database.write(async move |tx: &mut Tx<'_>| simulations::update(tx, &kept).await).await;
        assert_eq!(database.found(&simulation).await.as_ref(), Some(&changed));
        let now = database.behind(user, &simulation).await;
        assert_eq!(now, Simulated::Car(Arc::new(changed.course)));
    }

    async fn a_warm_read_asks_no_database(database) {
        let simulation = database.simulation(database.application().await).await;
        let user = database.connect(&simulation).await;
        let mut warm = database.behind(user, &simulation).await;
        // On PostgreSQL nothing counts as remembered before the first look at the change log, and each
        // look goes ten seconds back.
        database.raw("DELETE FROM change_log").await;
        while !database.store.remembers_car(user, simulation.vehicle) {
            tokio::task::yield_now().await;
            warm = database.behind(user, &simulation).await;
        }
        database.raw("DROP TABLE simulation_commands; DROP TABLE simulations").await;
        assert_eq!(database.behind(user, &simulation).await, warm);
    }

    async fn commands_stand_in_their_order_until_they_are_forgotten(database) {
        let simulation = database.simulation(database.application().await).await;
        let user = database.connect(&simulation).await;
        database.append(&simulation, 7, Effect::StopCharge).await;
        database.append(&simulation, 7, Effect::ChargeLimit(0.6)).await;
        database.append(&simulation, 3, Effect::Unlock).await;
        let Simulated::Car(course) = database.behind(user, &simulation).await else { panic!() };
        let told: Vec<_> = course.commands.iter().map(|command| (command.at.as_secs(), command.effect)).collect();
        assert_eq!(told, [(7, Effect::StopCharge), (7, Effect::ChargeLimit(0.6)), (3, Effect::Unlock)]);
        for amperes in 0..200_u32 {
            database.append(&simulation, 8, Effect::Amperage(f64::from(amperes))).await;
        }
        let found = database.found(&simulation).await.unwrap();
        assert_eq!(found.course.commands.len(), 200);
        assert_eq!(found.course.commands[0].effect, Effect::Amperage(0.0));
        database.write(async move |tx: &mut Tx<'_>| simulations::forget(tx, &found).await).await;
        assert!(database.found(&simulation).await.unwrap().course.commands.is_empty());
    }

    async fn a_deleted_car_is_told_as_such_to_those_connected(database) {
        let application = database.application().await;
        let (kept, gone) = (database.simulation(application).await, database.simulation(application).await);
        let user = database.connect(&kept).await;
        database.append(&kept, 7, Effect::Lock).await;
        let (ids, usernames) = ([kept.id, gone.id], [kept.username.clone(), gone.username.clone()]);
        let after_deletion = database
            .write(async move |tx: &mut Tx<'_>| {
                let mut seen = Vec::new();
                for (id, username) in ids.into_iter().zip(&usernames) {
                    let deleted = simulations::delete(tx, application, id, NOW).await?;
                    let again = simulations::delete(tx, application, id, NOW).await?;
                    let known = simulations::by_username(tx, application, username).await?;
                    seen.push((deleted, again, known));
                }
                let left = simulations::page(tx, application, None, 9).await?;
                Ok((seen, left, simulations::count(tx, application).await?))
            })
            .await;
        let expected = vec![(true, false, Some(Known::Deleted)), (true, false, None)];
        assert_eq!(after_deletion, (expected, Vec::new(), 0));
        assert_eq!(database.behind(user, &kept).await, Simulated::Deleted);
        assert_eq!(database.found(&kept).await, None);
    }

    async fn values_can_be_taken_back(database) {
        let simulation = database.simulation(database.application().await).await;
        let user = database.connect(&simulation).await;
        let (vehicle, lock) = (simulation.vehicle, signal::closure::IS_LOCKED);
        let set = [(lock, SignalValue::Flag(true))];
        database.write(async move |tx: &mut Tx<'_>| held_values::put(tx, vehicle, &set, NOW).await).await;
        let held = async || {
            let connected = database.store.connected(user, vehicle).await.unwrap().unwrap();
            connected.held.get(lock).is_some()
        };
        assert!(held().await);
        let odometer = signal::odometer::TRAVELED_DISTANCE;
        let removed = database
            .write(async move |tx: &mut Tx<'_>| held_values::remove(tx, vehicle, &[lock, odometer]).await)
            .await;
        assert_eq!(removed, 1);
        assert!(!held().await);
    }

    async fn scenarios_belong_to_their_application(database) {
        let (application, other) = (database.application().await, database.application().await);
        let scenario = OwnScenario {
            application,
            id: "night-shift".to_owned(),
            key: "night-shift@0123456789abcdef".to_owned(),
            text: "id = \"night-shift\"\n# ü".to_owned(),
            created_at: NOW,
        };
        let kept = scenario.clone();
        let inserted = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok((scenarios::insert(tx, &kept).await?, scenarios::insert(tx, &kept).await?))
            })
            .await;
        assert_eq!(inserted, (true, false));
        let mut car = database.simulation(application).await;
        car.course.scenario = scenario.key.as_str().into();
        database.write(async move |tx: &mut Tx<'_>| simulations::update(tx, &car).await).await;
        let key = scenario.key.clone();
        let seen = database
            .read(async move |tx: &mut Tx<'_>| {
                let found = scenarios::find(tx, application, "night-shift").await?;
                let strange = scenarios::find(tx, other, "night-shift").await?;
                let text = scenarios::text_behind(tx, &key).await?;
                let following = simulations::following(tx, application, &key).await?;
                Ok((found, strange, text, following))
            })
            .await;
        assert_eq!(seen, (Some(scenario.clone()), None, Some(scenario.text.clone()), 1));
        let (before, deleted, after) = database
            .write(async move |tx: &mut Tx<'_>| {
                let before = scenarios::list(tx, application).await?;
                let deleted = [
                    scenarios::delete(tx, other, "night-shift").await?,
                    scenarios::delete(tx, application, "night-shift").await?,
                ];
                Ok((before, deleted, scenarios::list(tx, application).await?))
            })
            .await;
        assert_eq!((before, deleted, after), (vec![scenario], [false, true], Vec::new()));
    }
}
