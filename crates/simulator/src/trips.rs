//! Where made cars are: their journeys, and their state at an instant.

use std::sync::Arc;
use std::time::Duration;

use carport_model::simulation::Motion;
use carport_model::{Course, Timestamp};
use carport_store::{Store, StoreError, Tx, scenarios};

use crate::world::{CarState, Journey, NoJourney, World};

/// The world, and the scenarios that applications have brought. Cheap to clone.
#[derive(Clone)]
pub struct Trips {
    world: Arc<World>,
    store: Store,
}

/// A car at an instant.
pub struct Scene {
    /// The way it goes.
    pub journey: Arc<Journey>,
    /// Scenario time that has passed.
    pub elapsed: Duration,
    /// How it is.
    pub state: CarState,
    /// When it was so: now, or when the trip stopped or came to its end.
    pub measured_at: Timestamp,
    /// Whether the trip has come to its end.
    pub is_finished: bool,
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
    /// In this world.
    #[must_use]
    pub fn new(world: Arc<World>, store: Store) -> Self {
        Self { world, store }
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
        let elapsed = course.timeline.elapsed(now);
        let is_finished = !journey.repeats() && elapsed >= journey.length();
        Self {
            state: journey.state(course, elapsed),
            measured_at: stopped_at(course, is_finished.then(|| journey.length())).unwrap_or(now),
            elapsed,
            is_finished,
            journey,
        }
    }
}

/// When the values of a car last changed, if they no longer do: when it was stopped, or when its trip
/// of this length came to its end.
fn stopped_at(course: &Course, finished: Option<Duration>) -> Option<Timestamp> {
    let timeline = &course.timeline;
    match (timeline.motion, finished) {
        (Motion::Created | Motion::Paused, _) => Some(timeline.anchor),
        (Motion::Running, Some(length)) => {
            let rest = length.saturating_sub(timeline.passed);
            Some(timeline.anchor.plus(rest / timeline.speed.factor()))
        }
        (Motion::Running, None) => None,
    }
}
