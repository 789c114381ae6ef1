//! Where made cars are: their journeys, and their state at an instant.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use carport_model::{Course, Timestamp};
use carport_store::{Store, StoreError, Tx, scenarios};

use crate::world::{CarState, Journey, NoJourney, World};

/// The world, and the scenarios that applications have brought. Cheap to clone.
#[derive(Clone)]
pub struct Trips {
    world: Arc<LazyLock<World, Reading>>,
    store: Store,
}

/// How the world comes to be known.
type Reading = Box<dyn FnOnce() -> World + Send>;

/// A car at an instant.
pub struct Scene {
    /// The way it goes.
    pub journey: Arc<Journey>,
    /// Scenario time that has passed, not past the end of a trip that has one.
    pub elapsed: Duration,
    /// How it is, or was when the trip stopped.
    pub state: CarState,
}

/// A course that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum TripError {
    /// Its profile, city or scenario is not there.
    #[error("the simulated car cannot be followed")]
    NoJourney(#[from] NoJourney),
    /// Its scenario could not be looked up.
    #[error("the scenario could not be looked up")]
    Store(#[from] StoreError),
}

impl Trips {
    /// In `world`, or in the one that ships with Carport, which is read when somebody asks for the first
    /// time: a start should not wait for it.
    #[must_use]
    pub fn new(world: Option<World>, store: Store) -> Self {
        let read: Reading = match world {
            Some(world) => Box::new(|| world),
            None => Box::new(World::embedded),
        };
        Self {
            world: Arc::new(LazyLock::new(read)),
            store,
        }
    }

    /// The world.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The journey of a course. The first time that an application's own scenario is met, its text is
    /// looked up; from then on this touches no disk.
    ///
    /// # Errors
    /// [`TripError`] when something that the course names is not there.
    pub async fn journey(&self, course: &Course) -> Result<Arc<Journey>, TripError> {
        let missing = match self.known(course) {
            Ok(journey) => return Ok(journey),
            Err(missing) => missing,
        };
        let key = course.scenario.clone();
        let text = self
            .store
            .read(async move |tx: &mut Tx<'_>| scenarios::text_behind(tx, &key).await)
            .await
            .map_err(|error: StoreError| error)?;
        // What was accepted once is no longer a scenario where it was written for another version.
        if text.is_some_and(|text| self.world.add_scenario(&course.scenario, &text).is_ok()) {
            return Ok(self.known(course)?);
        }
        Err(missing.into())
    }

    /// The journey of a course whose scenario has been met.
    ///
    /// # Errors
    /// [`NoJourney`] when something that the course names is not there, or was not met yet.
    pub fn known(&self, course: &Course) -> Result<Arc<Journey>, NoJourney> {
        self.world
            .journey(&course.profile, &course.scenario, &course.city)
    }

    /// How a car is now.
    ///
    /// # Errors
    /// As [`Trips::journey`].
    pub async fn scene(&self, course: &Course, now: Timestamp) -> Result<Scene, TripError> {
        Ok(Scene::of(self.journey(course).await?, course, now))
    }
}

impl Scene {
    /// How the car of a course is now.
    #[must_use]
    pub fn of(journey: Arc<Journey>, course: &Course, now: Timestamp) -> Self {
        let mut elapsed = course.timeline.elapsed(now);
        // The values of a trip that is over are those of its end.
        if !journey.repeats() {
            elapsed = elapsed.min(journey.length());
        }
        Self {
            state: journey.state(course, elapsed),
            elapsed,
            journey,
        }
    }
}
