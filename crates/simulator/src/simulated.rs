//! The connector of simulated mode: cars that were made in the simulator, and generated ones for any
//! other login. Source: contract connect-oauth, D.1 and E.

use std::sync::Arc;

use async_trait::async_trait;
use carport_connector::{
    AccountKey, Connector, Fault, LoginInput, LoginRefused, LoginStep, Reached, SendError,
};
use carport_model::country::Country;
use carport_model::reading::Readings;
use carport_model::simulation::TimedEffect;
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    Brands, Clock, Command, Course, Reading, Rng, Signal, SignalValue, Simulation, Timestamp, Vin,
    error,
};
use carport_store::simulations::{self, Known};
use carport_store::{Simulated, Store, StoreError, Tx, held_values};

use crate::connector::{TestConnector, fail_as_told};
use crate::everyday::Everyday;
use crate::latency::{self, Call};
use crate::test_login::{self, TestLogin};
use crate::trips::{Scene, TripError, Trips};
use crate::world::{answer, effect_of, reachable};
use crate::{effects, masks, values};

/// Simulated mode: a login of a made car opens that car, any other a generated one that lives
/// through *Day Commute*.
#[derive(Clone)]
pub struct SimulatedConnector {
    generated: TestConnector,
    everyday: Everyday,
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    trips: Trips,
}

impl SimulatedConnector {
    /// Cars of these brands, in the world of `trips`.
    #[must_use]
    pub fn new(
        brands: Arc<Brands>,
        store: Store,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        trips: Trips,
    ) -> Self {
        Self {
            generated: TestConnector::new(brands.clone(), clock.clone(), rng.clone()),
            everyday: Everyday::new(brands),
            store,
            clock,
            rng,
            trips,
        }
    }

    /// The made car that a login of an application opens.
    async fn known(&self, account: &AccountKey) -> Result<Option<Known>, Fault> {
        let (application, login) = (account.application, account.login.clone());
        self.store
            .read(async move |tx: &mut Tx<'_>| {
                simulations::by_username(tx, application, &login).await
            })
            .await
            .map_err(|error: StoreError| storage_failed(&error))
    }

    /// Whether a login that is no made car's asks for one by its VIN. It would be given that very
    /// vehicle.
    async fn claims_a_made_car(
        &self,
        account: &AccountKey,
        vin: Option<&Vin>,
    ) -> Result<bool, Fault> {
        let TestLogin::Level(vin, _) = test_login::behaviour(&account.login, vin) else {
            return Ok(false);
        };
        let application = account.application;
        self.store
            .read(async move |tx: &mut Tx<'_>| simulations::has_vin(tx, application, &vin).await)
            .await
            .map_err(|error: StoreError| storage_failed(&error))
    }

    /// How a generated car is now. One that cannot be followed is drawn like one of test mode.
    async fn generated_scene(&self, car: Reached<'_>, now: Timestamp) -> Option<Scene> {
        let course = self.everyday.course(self.trips.world(), car.vehicle);
        self.trips.scene(&course, now).await.ok()
    }

    /// How a made car is now.
    async fn scene(&self, course: &Course, now: Timestamp) -> Result<Scene, Fault> {
        self.trips.scene(course, now).await.map_err(|failure| {
            tracing::error!(
                error = &failure as &dyn std::error::Error,
                "a simulated car cannot be followed"
            );
            match failure {
                TripError::NoJourney(_) => (&error::UNKNOWN_ISSUE).into(),
                TripError::Store(error) => storage_failed(&error),
            }
        })
    }

    /// Answers as late as cars of its brand do, where that is wanted.
    async fn wait(&self, course: &Course, car: Reached<'_>, call: Call) {
        let wait = latency::of(course.latency, &car.vehicle.car.make, call, &*self.rng);
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    async fn read_generated(&self, car: Reached<'_>, want: &[Signal]) -> Result<Readings, Fault> {
        fail_as_told(car)?;
        let now = self.clock.now();
        let scene = self.generated_scene(car, now).await;
        let value = |signal| generated_value(signal, car, scene.as_ref(), now, &*self.rng);
        Ok(readings(want, value, (now, now)))
    }

    async fn read_made(
        &self,
        course: &Course,
        car: Reached<'_>,
        want: &[Signal],
    ) -> Result<Readings, Fault> {
        self.wait(course, car, Call::Read).await;
        let now = self.clock.now();
        let scene = self.scene(course, now).await?;
        reachable(&scene.state)?;
        let value = |signal| made_value(signal, car, &scene);
        Ok(readings(want, value, (scene.state.at, now)))
    }

    async fn send_to_made(
        &self,
        course: &Course,
        car: Reached<'_>,
        command: &Command,
    ) -> Result<Vec<(Signal, SignalValue)>, SendError> {
        self.wait(course, car, Call::Command).await;
        let now = self.clock.now();
        let scene = self.scene(course, now).await?;
        answer(&scene.state, course, command).map_err(Fault::from)?;
        if course.is_stateless {
            return Ok(Vec::new());
        }
        if effect_of(command).is_some() {
            self.change(car, command).await?;
            return Ok(Vec::new());
        }
        let before = |signal| made_value(signal, car, &scene);
        Ok(effects::of(command, &before)?)
    }

    /// Carries out a command that changes the course of a car: durable when this returns. Whether it
    /// is taken is asked anew of the car as it stands in this very unit, for another command may have
    /// come first.
    async fn change(&self, car: Reached<'_>, command: &Command) -> Result<(), SendError> {
        let (vehicle, application) = (car.vehicle.id, car.vehicle.application);
        let (connector, command) = (self.clone(), command.clone());
        let outcome = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let now = connector.clock.now();
                let held = simulations::hold_vehicle(tx, application, vehicle).await?;
                let Some(car) = held else {
                    return Ok(Err(Fault::from(&error::VEHICLE_MISSING)));
                };
                let command = match connector.accepted(&car, &command, now) {
                    Ok(command) => command,
                    Err(refused) => return Ok(Err(refused)),
                };
                simulations::append(tx, &car, command).await?;
                // The car tells these by itself again.
                held_values::remove(tx, vehicle, masks::of(command.effect)).await?;
                Ok::<_, StoreError>(Ok(()))
            })
            .await;
        Ok(outcome??)
    }

    /// The command as it is kept, if the car takes it.
    fn accepted(
        &self,
        car: &Simulation,
        command: &Command,
        now: Timestamp,
    ) -> Result<TimedEffect, Fault> {
        let course = &car.course;
        let journey = self.trips.known(course);
        // Somebody gave it a scenario that this process has not met, within this very moment.
        let journey = journey.map_err(|_| Fault::from(&error::UNREACHABLE))?;
        let scene = Scene::of(journey, course, now);
        answer(&scene.state, course, command)?;
        Ok(TimedEffect {
            at: scene.elapsed,
            effect: effect_of(command).ok_or(&error::UNREACHABLE)?,
        })
    }
}

#[async_trait]
impl Connector for SimulatedConnector {
    async fn login(&self, input: &LoginInput<'_>) -> Result<LoginStep, LoginRefused> {
        let account = input.account;
        match self.known(account).await.map_err(LoginRefused::Fault)? {
            Some(Known::Car(car)) if opens(&car, input) => Ok(LoginStep::Done),
            Some(_) => Err(LoginRefused::Credentials),
            None => {
                let claims = self.claims_a_made_car(account, input.vin).await;
                if claims.map_err(LoginRefused::Fault)? {
                    return Err(LoginRefused::Credentials);
                }
                self.generated.login(input).await
            }
        }
    }

    async fn confirm(&self, account: &AccountKey, code: &str) -> Result<LoginStep, LoginRefused> {
        self.generated.confirm(account, code).await
    }

    async fn vehicles(
        &self,
        account: &AccountKey,
        vin: Option<&Vin>,
    ) -> Result<Vec<FoundVehicle>, Fault> {
        match self.known(account).await? {
            Some(Known::Car(car)) if car.car.make == account.brand => Ok(vec![car.car]),
            Some(_) => Ok(Vec::new()),
            None => self.generated.vehicles(account, vin).await,
        }
    }

    async fn read(&self, car: Reached<'_>, want: &[Signal]) -> Result<Readings, Fault> {
        match car.simulation {
            Simulated::No => self.read_generated(car, want).await,
            Simulated::Car(course) => self.read_made(course, car, want).await,
            Simulated::Deleted => Err((&error::VEHICLE_MISSING).into()),
        }
    }

    async fn send(
        &self,
        car: Reached<'_>,
        command: &Command,
    ) -> Result<Vec<(Signal, SignalValue)>, SendError> {
        match car.simulation {
            Simulated::No => {
                fail_as_told(car)?;
                let now = self.clock.now();
                let scene = self.generated_scene(car, now).await;
                let before = |signal| generated_value(signal, car, scene.as_ref(), now, &*self.rng);
                Ok(effects::of(command, &before)?)
            }
            Simulated::Car(course) => self.send_to_made(course, car, command).await,
            Simulated::Deleted => Err(Fault::from(&error::VEHICLE_MISSING).into()),
        }
    }
}

/// Whether password, brand and country are those of the car. Countries of one region have the same
/// connected services (contract connect-oauth, E.2).
fn opens(car: &Simulation, input: &LoginInput<'_>) -> bool {
    let region = |code: &str| Country::find(code).map(|country| country.region);
    car.password == *input.password.expose()
        && car.car.make == input.brand.id
        && region(&car.country) == region(input.country)
}

fn readings(
    want: &[Signal],
    value: impl Fn(Signal) -> Option<SignalValue>,
    (measured_at, received_at): (Timestamp, Timestamp),
) -> Readings {
    let read = want.iter().filter_map(|signal| {
        let reading = Reading {
            value: value(*signal)?,
            measured_at,
            received_at,
        };
        Some((*signal, reading))
    });
    read.collect()
}

/// What a made car says: what it was told, or what its state says; what it lacks, nothing.
fn made_value(signal: Signal, car: Reached<'_>, scene: &Scene) -> Option<SignalValue> {
    let found = &car.vehicle.car;
    if !found.capabilities.contains(signal.spec().permission) {
        return None;
    }
    let held = car.held.get(signal).map(|held| held.value.clone());
    held.or_else(|| scene.state.value(signal, found))
}

/// What a generated car says: what its journey does not know is drawn.
fn generated_value(
    signal: Signal,
    car: Reached<'_>,
    scene: Option<&Scene>,
    now: Timestamp,
    rng: &dyn Rng,
) -> Option<SignalValue> {
    scene
        .and_then(|scene| made_value(signal, car, scene))
        .or_else(|| values::now_of(signal, car, now, rng))
}

fn storage_failed(failure: &StoreError) -> Fault {
    tracing::error!(error = failure as &dyn std::error::Error, "storage failed");
    (&error::INTERNAL).into()
}
