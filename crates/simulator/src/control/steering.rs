//! Steering a car through its trip.

use std::time::Duration;

use carport_model::simulation::{Effect, Latency, Speed, TimedEffect};
use carport_model::{ApplicationId, Course, Name, Simulation, SimulationId, Timestamp};
use carport_store::{Tx, simulations};
use carport_web::words::t;

use super::{ControlError, Simulations, christen, making, scenarios, some_of};
use crate::trips::TripError;
use crate::world::Journey;

/// One thing to do with a car.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// The trip goes on, or begins.
    Play,
    /// It stands still.
    Pause,
    /// It begins anew, as if the car had never been commanded.
    Restart,
    /// It goes on from the beginning of another stage, in the same round of a trip that repeats. What
    /// the car was told about charging limits stays; other commands end with their stage.
    Jump(StageName),
    /// It goes on at another speed.
    Speed(Speed),
    /// The car lives through another scenario, in another city or the same, from its beginning.
    Follow {
        /// The scenario; the same when absent.
        scenario: Option<String>,
        /// The city; the same when absent.
        city: Option<String>,
    },
    /// People call it something else.
    Rename(String),
    /// Answers take longer or shorter.
    Latency(Latency),
    /// Commands have no effect any more, or have one.
    Stateless(bool),
}

/// Which stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StageName {
    /// The n-th, from 0.
    Index(usize),
    /// The first of this name, in any letter case.
    Name(String),
}

/// A step, with what it needs looked up.
#[derive(Clone)]
enum Ready {
    Step(Step),
    Follow(Name, Name),
}

impl Ready {
    const fn names(&self) -> bool {
        matches!(self, Self::Step(Step::Rename(_)))
    }
}

impl Simulations {
    /// Takes steps with a car, all or none, and tells how it stands then.
    ///
    /// # Errors
    /// [`ControlError::Refused`] for a stage, scenario or city that is not there;
    /// [`ControlError::Unknown`]; [`ControlError::Store`].
    pub async fn steer(
        &self,
        application: ApplicationId,
        id: SimulationId,
        steps: Vec<Step>,
    ) -> Result<Simulation, ControlError> {
        let car = self.find(application, id).await?;
        let steps = self.ready(&car, steps).await?;
        let simulations = self.clone();
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                let now = simulations.clock.now();
                let held = simulations::hold(tx, application, id).await?;
                let mut car = held.ok_or_else(ControlError::unknown_car)?;
                let before = car.course.clone();
                for step in &steps {
                    simulations.take(step, &mut car, now)?;
                }
                if car.course.scenario != before.scenario {
                    scenarios::check(tx, &car.course.scenario).await?;
                }
                simulations::update(tx, &car).await?;
                if steps.iter().any(Ready::names) {
                    christen(tx, &car).await?;
                }
                if car.course.commands != before.commands {
                    simulations::forget(tx, &car).await?;
                    for command in &car.course.commands {
                        simulations::append(tx, &car, *command).await?;
                    }
                }
                Ok(car)
            })
            .await
    }

    /// Looks up what steps name, before the car is held.
    async fn ready(&self, car: &Simulation, steps: Vec<Step>) -> Result<Vec<Ready>, ControlError> {
        // So that the unit of work finds the journey in memory. A car whose scenario is gone can still be
        // given another one.
        if let Err(TripError::Store(error)) = self.trips.journey(&car.course).await {
            return Err(error.into());
        }
        let mut ready = Vec::with_capacity(steps.len());
        for step in steps {
            let Step::Follow { scenario, city } = step else {
                ready.push(Ready::Step(step));
                continue;
            };
            let mut course = car.course.clone();
            if let Some(scenario) = scenario {
                course.scenario = self.scenario_key(car.application, &scenario).await?;
            }
            if let Some(city) = city {
                let country = making::country(Some(&car.country))?;
                course.city = self.city(Some(&city), country)?;
            }
            self.livable(&course).await?;
            ready.push(Ready::Follow(course.scenario, course.city));
        }
        Ok(ready)
    }

    fn take(&self, step: &Ready, car: &mut Simulation, now: Timestamp) -> Result<(), ControlError> {
        let course = &mut car.course;
        let timeline = &mut course.timeline;
        match step {
            Ready::Follow(scenario, city) => {
                (course.scenario, course.city) = (scenario.clone(), city.clone());
                *timeline = timeline.jump(Duration::ZERO, now);
                course.commands = Box::default();
            }
            Ready::Step(Step::Play) => *timeline = timeline.play(now),
            Ready::Step(Step::Pause) => *timeline = timeline.pause(now),
            Ready::Step(Step::Restart) => {
                *timeline = timeline.restart(now);
                course.commands = Box::default();
            }
            Ready::Step(Step::Jump(stage)) => self.jump(course, stage, now)?,
            Ready::Step(Step::Speed(speed)) => *timeline = timeline.at_speed(*speed, now),
            Ready::Step(Step::Rename(name)) => {
                car.name = making::named(Some(name.clone()), String::new)?;
            }
            Ready::Step(Step::Latency(latency)) => course.latency = *latency,
            Ready::Step(Step::Stateless(is_stateless)) => course.is_stateless = *is_stateless,
            Ready::Step(Step::Follow { .. }) => {}
        }
        Ok(())
    }

    fn jump(
        &self,
        course: &mut Course,
        stage: &StageName,
        now: Timestamp,
    ) -> Result<(), ControlError> {
        let journey = self.trips.known(course).map_err(|_| {
            ControlError::conflict(
                "scenario",
                t("The scenario of the car is gone, or was changed meanwhile. Give it another one, or try again."),
            )
        })?;
        let stage = stage_of(&journey, stage)?;
        let start = journey.start_of(stage, course.timeline.elapsed(now));
        // A millisecond is the smallest step of time; not before the stage begins.
        let to = whole_millis(start.unwrap_or_default());
        course.timeline = course.timeline.jump(to, now);
        course.commands = lasting(&course.commands, to);
        Ok(())
    }

    /// Whether a course can be followed.
    pub(super) async fn livable(&self, course: &Course) -> Result<(), ControlError> {
        match self.trips.journey(course).await {
            Ok(_) => Ok(()),
            Err(TripError::Store(error)) => Err(error.into()),
            Err(TripError::NoJourney(problem)) => {
                Err(ControlError::refused("scenario", problem.to_string()))
            }
        }
    }
}

/// The place of a stage among those of a journey.
fn stage_of(journey: &Journey, stage: &StageName) -> Result<usize, ControlError> {
    let stages = journey.stages();
    let found = match stage {
        StageName::Index(index) => Some(*index).filter(|index| *index < stages.len()),
        StageName::Name(name) => stages
            .iter()
            .position(|leg| leg.name.eq_ignore_ascii_case(name)),
    };
    found.ok_or_else(|| {
        let names = some_of(stages.iter().map(|leg| &*leg.name));
        let advice =
            t("There is no such stage. Send a number from 0 to {last} or a name: {names}.")
                .with("last", stages.len().saturating_sub(1))
                .with("names", names);
        ControlError::refused("stage", advice)
    })
}

fn whole_millis(duration: Duration) -> Duration {
    let millis = duration.as_nanos().div_ceil(1_000_000);
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}

/// What lasts of commands when a car is somewhere else at once: those of before that place, and
/// otherwise the last limit and current it was told, for people set them once and then jump about.
fn lasting(commands: &[TimedEffect], at: Duration) -> Box<[TimedEffect]> {
    type Commands = Vec<TimedEffect>;
    let (before, later): (Commands, Commands) =
        commands.iter().partition(|command| command.at <= at);
    let last = |is_meant: fn(Effect) -> bool| {
        let mut latest = later.iter().rev().map(|command| command.effect);
        latest.find(|effect| is_meant(*effect))
    };
    let limit = last(|effect| matches!(effect, Effect::ChargeLimit(_)));
    let current = last(|effect| matches!(effect, Effect::Amperage(_)));
    let settings = limit.into_iter().chain(current);
    let settings = settings.map(|effect| TimedEffect { at, effect });
    before.into_iter().chain(settings).collect()
}
