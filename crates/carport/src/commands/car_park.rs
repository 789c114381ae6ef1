//! The cars of a `dev` server: one drives, one charges, one sleeps, one goes wrong now and then. They are
//! drawn from streams of their own of the seed, so that their ids and logins are the same at each
//! start, and made when they are not there yet.

use carport_model::fault::{Effect, Matcher, Rule};
use carport_model::simulation::{Latency, Motion};
use carport_model::{ApplicationId, ErrorSpec, Simulation, error};
use carport_simulator::control::{CarWish, ControlError, NewSimulation, StageName, Step};

use crate::admin::SimulatedCarView;
use crate::server::{Parts, Seed};

/// A car of the park.
struct Bay {
    name: &'static str,
    make: &'static str,
    model: &'static str,
    scenario: &'static str,
    /// Where its trip begins.
    stage: &'static str,
    /// What half of the calls meet.
    fault: Option<&'static ErrorSpec>,
}

const PARK: [Bay; 4] = [
    Bay {
        name: "Drives",
        make: "KIA",
        model: "EV6",
        scenario: "day-commute",
        stage: "Drive to work",
        fault: None,
    },
    Bay {
        name: "Charges",
        make: "FORD",
        model: "Mustang Mach-E",
        scenario: "day-commute",
        stage: "Charge at home",
        fault: None,
    },
    Bay {
        name: "Sleeps",
        make: "TESLA",
        model: "Model 3",
        scenario: "sleeper",
        stage: "Asleep at home",
        fault: None,
    },
    Bay {
        name: "Goes wrong",
        make: "CHEVROLET",
        model: "Bolt EV",
        scenario: "day-commute",
        stage: "Parked at work",
        fault: Some(&error::NO_RESPONSE),
    },
];

/// The park of an application, in the order in which it is told.
///
/// # Errors
/// One line that says what to do.
pub(super) async fn fill(
    parts: &Parts,
    seed: Seed,
    application: ApplicationId,
) -> anyhow::Result<Vec<SimulatedCarView>> {
    let mut views = Vec::with_capacity(PARK.len());
    for (place, bay) in (0..).zip(&PARK) {
        let stream = seed.car_stream(place);
        let made = parts
            .simulations
            .create_drawn_from(bay.wish(application), &stream);
        let mut car = match made.await {
            Ok(car) => car,
            // In a kept folder it was deleted, or there is no room for it.
            Err(ControlError::Conflict { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        // In a kept folder it may be anywhere in its trip.
        if car.course.timeline.motion == Motion::Created {
            car = bay.start(parts, car).await?;
        }
        bay.go_wrong(parts, &car);
        views.push(SimulatedCarView::of(&car));
    }
    Ok(views)
}

impl Bay {
    fn wish(&self, application: ApplicationId) -> NewSimulation {
        NewSimulation {
            application,
            car: CarWish::Model {
                make: self.make.to_owned(),
                model: self.model.to_owned(),
                year: None,
                powertrain: None,
            },
            name: Some(self.name.to_owned()),
            country: None,
            city: None,
            scenario: Some(self.scenario.to_owned()),
            is_stateless: false,
            latency: Latency::Ideal,
            is_played: false,
        }
    }

    async fn start(&self, parts: &Parts, car: Simulation) -> anyhow::Result<Simulation> {
        let stage = StageName::Name(self.stage.to_owned());
        let steps = vec![Step::Play, Step::Jump(stage)];
        let steered = parts.simulations.steer(car.application, car.id, steps);
        Ok(steered.await?)
    }

    /// Adds the car's rule, where there are faults on demand. It is the same chance at each start, and
    /// can be removed as any other.
    fn go_wrong(&self, parts: &Parts, car: &Simulation) {
        let (Some(spec), Some(switch)) = (self.fault, parts.simulator_api.faults()) else {
            return;
        };
        let rule = Rule {
            matches: Matcher {
                vehicle: Some(car.vehicle),
                ..Matcher::default()
            },
            effect: Effect::Error {
                spec,
                retry_after: None,
            },
            after: 0,
            times: None,
            probability: 0.5,
            seed: Some(0),
            from: None,
            until: None,
        };
        // There is room: it is the first.
        drop(switch.faults.add(rule));
    }
}

/// A line a car.
pub(super) fn for_people(cars: &[SimulatedCarView]) -> String {
    let line = |car: &SimulatedCarView| {
        let SimulatedCarView {
            name,
            brand,
            model,
            country,
            username,
            password,
            ..
        } = car;
        format!("  {name:<11}{username}  {password}  {brand} {model}, {country}\n")
    };
    cars.iter().map(line).collect()
}
