//! From a simulated car to what the page tells of it: the only file that asks the world.

use std::time::Duration;

use carport_model::signal::{
    closure, internal_combustion_engine as fuel, location, motion as speedometer, odometer,
    traction_battery as battery, wheel,
};
use carport_model::simulation::Motion as Kept;
use carport_model::{Signal, SignalValue, Simulation};
use carport_simulator::control::{Shown, id_of};
use carport_simulator::trips::Scene;
use carport_simulator::world::city::Waypoint;
use carport_simulator::world::{CarState, Journey, Leg, LegKind, World};
use carport_web::words::{called, t};

use super::car::{CarNow, Doing, Motion};
use super::figures;
use super::map::Position;
use super::plot::{Kind, Sample};
use super::trip::{Trip, TripStage, drive};

/// Samples of a trip that is one long drive: the drawing shows no more.
const SAMPLES: f64 = 600.0;
/// Samples of the shortest drive.
const OF_A_DRIVE: u32 = 8;
/// Samples of a stop in which the battery fills, with a curve.
const OF_A_CHARGE: u32 = 8;

/// A car as it is: as its state says, or as somebody set it by hand.
pub(crate) fn car_now(shown: &Shown, world: &World) -> CarNow {
    let (simulation, scene) = (&shown.simulation, &shown.scene);
    let state = &scene.state;
    let set = |signal| match held(shown, signal) {
        Some(SignalValue::Number(number)) => Some(*number),
        _ => None,
    };
    let battery = state.battery.filter(|_| state.plug.is_some());
    let (position, heading) = place(shown);
    let (way, driven) = way(simulation, scene);
    let city = &simulation.course.city;
    CarNow {
        id: simulation.id,
        name: simulation.name.clone(),
        city: world
            .city(city)
            .map_or_else(|| city.to_string(), |city| city.name.clone()),
        doing: doing(state),
        motion: motion(simulation, scene),
        battery: battery.map(|battery| set(battery::STATE_OF_CHARGE).unwrap_or(battery.charge)),
        fuel: state
            .tank
            .map(|tank| set(fuel::FUEL_LEVEL).unwrap_or(tank.level)),
        range: battery
            .map(|battery| set(battery::RANGE).unwrap_or(battery.range))
            .or_else(|| {
                state
                    .tank
                    .map(|tank| set(fuel::RANGE).unwrap_or(tank.range))
            }),
        speed: set(speedometer::CURRENT_SPEED).unwrap_or(state.speed),
        odometer: set(odometer::TRAVELED_DISTANCE).unwrap_or(state.odometer),
        is_locked: match held(shown, closure::IS_LOCKED) {
            Some(SignalValue::Flag(is_locked)) => *is_locked,
            _ => state.is_locked,
        },
        tyre: lowest_tyre(shown),
        position,
        heading,
        way,
        driven,
    }
}

/// What was set by hand.
fn held(shown: &Shown, signal: Signal) -> Option<&SignalValue> {
    shown.held.get(signal).map(|held| &held.value)
}

fn place(shown: &Shown) -> (Position, f64) {
    let state = &shown.scene.state;
    match held(shown, location::PRECISE_LOCATION) {
        Some(SignalValue::Position {
            latitude,
            longitude,
            heading,
        }) => ((*latitude, *longitude), heading.unwrap_or(state.heading)),
        _ => (state.position, state.heading),
    }
}

fn lowest_tyre(shown: &Shown) -> f64 {
    let tyres = match held(shown, wheel::TIRES) {
        Some(SignalValue::Tyres {
            front_left,
            front_right,
            back_left,
            back_right,
        }) => [*front_left, *front_right, *back_left, *back_right],
        _ => shown.scene.state.tyres,
    };
    tyres.into_iter().fold(f64::INFINITY, f64::min)
}

fn motion(simulation: &Simulation, scene: &Scene) -> Motion {
    match simulation.course.timeline.motion {
        Kept::Created => Motion::Waiting,
        Kept::Paused => Motion::Paused,
        Kept::Running if scene.state.is_finished() => Motion::Finished,
        Kept::Running => Motion::Running,
    }
}

fn doing(state: &CarState) -> Doing {
    let plug = state.plug.filter(|plug| plug.is_plugged);
    match (state.kind, plug) {
        (LegKind::Sleep, _) => Doing::Sleeps,
        (LegKind::Unreachable, _) => Doing::OutOfReach,
        _ if state.is_stranded => Doing::Stranded,
        (LegKind::Drive, _) => Doing::Drives,
        (LegKind::Refuel, _) if state.tank.is_some() => Doing::Refuels,
        (_, Some(plug)) if plug.is_charging => Doing::Charges(plug.power),
        (_, Some(_)) => Doing::StandsPlugged,
        (_, None) => Doing::Stands,
    }
}

/// The way of the drive that a car is on, and how much of it lies behind.
fn way(simulation: &Simulation, scene: &Scene) -> (Vec<Position>, f64) {
    let journey = &scene.journey;
    let spot = scene.state.spot;
    let leg = &journey.stages()[spot.stage];
    let mut routes = journey.route_points();
    let Some((_, mut way)) = routes.find(|(route, _)| leg.route.as_deref() == Some(*route)) else {
        return (Vec::new(), 0.0);
    };
    let look = Look::at(simulation, scene);
    let (start, end) = (look.state(leg.start), look.state(just_before(leg.end)));
    // Routes are known in one direction.
    let near = |end: Option<&Position>| end.map_or(0.0, |end| apart(*end, start.position));
    if near(way.last()) < near(way.first()) {
        way.reverse();
    }
    let whole = end.odometer - start.odometer;
    let behind = scene.state.odometer - start.odometer;
    (way, if whole > 0.0 { behind / whole } else { 0.0 })
}

fn lasts(leg: &Leg) -> Duration {
    leg.end.saturating_sub(leg.start)
}

/// A moment of a stage that ends: its end is the next one's.
fn just_before(end: Duration) -> Duration {
    end.saturating_sub(Duration::from_millis(1))
}

/// How far two positions lie apart, in degrees: enough to tell which is nearer.
fn apart(one: Position, other: Position) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// The trip of a car; with samples of all of it where it is drawn.
pub(crate) fn trip(shown: &Shown, world: &World, is_drawn: bool) -> Trip {
    let (simulation, scene) = (&shown.simulation, &shown.scene);
    let journey = &scene.journey;
    let spot = scene.state.spot;
    let scenario = world.scenario(&simulation.course.scenario);
    let look = Look::at(simulation, scene);
    Trip {
        name: scenario.as_ref().map_or_else(
            || id_of(&simulation.course.scenario).to_owned(),
            |scenario| called(&scenario.name),
        ),
        begins: scenario.map_or(Duration::ZERO, |scenario| {
            let time = scenario.starts_at;
            Duration::from_mins(u64::from(time.hour()) * 60 + u64::from(time.minute()))
        }),
        length: journey.length(),
        stages: (0..journey.stages().len())
            .map(|number| look.stage(number))
            .collect(),
        now: spot.offset,
        stage: spot.stage,
        cycle: spot.cycle,
        motion: motion(simulation, scene),
        speed: simulation.course.timeline.speed.factor(),
        energy: if look.has_plug() {
            t("Battery")
        } else {
            t("Fuel")
        },
        samples: if is_drawn { look.samples() } else { Vec::new() },
    }
}

/// Looks at one round of a car's journey.
struct Look<'a> {
    journey: &'a Journey,
    simulation: &'a Simulation,
    /// When the round began, since the start of the journey.
    round: Duration,
}

impl<'a> Look<'a> {
    fn at(simulation: &'a Simulation, scene: &'a Scene) -> Self {
        let (journey, spot) = (&*scene.journey, scene.state.spot);
        // A trip that is over stays at its end, however long ago that was.
        let round = if journey.repeats() {
            scene.elapsed.saturating_sub(spot.offset)
        } else {
            Duration::ZERO
        };
        Self {
            journey,
            simulation,
            round,
        }
    }

    fn has_plug(&self) -> bool {
        self.simulation.car.powertrain.has_plug()
    }

    /// How the car is at a time of the round.
    fn state(&self, at: Duration) -> CarState {
        self.journey.state(&self.simulation.course, self.round + at)
    }

    fn sample(&self, at: Duration) -> Sample {
        let state = self.state(at);
        Sample {
            at,
            full: full(&state),
            speed: state.speed,
        }
    }

    fn samples(&self) -> Vec<Sample> {
        let legs = self.journey.stages();
        let whole = self.journey.length().as_secs_f64().max(1.0);
        let mut samples = Vec::new();
        for leg in legs {
            let length = lasts(leg);
            let parts = match leg.kind {
                LegKind::Drive => parts_of(length.as_secs_f64() / whole).max(OF_A_DRIVE),
                LegKind::Charge | LegKind::Refuel => OF_A_CHARGE,
                _ => 1,
            };
            samples.extend((0..parts).map(|part| self.sample(leg.start + length * part / parts)));
            // The end belongs to this stage, not to the next one.
            samples.push(self.sample(just_before(leg.end).max(leg.start)));
        }
        samples
    }

    fn stage(&self, number: usize) -> TripStage {
        let leg = &self.journey.stages()[number];
        let (start, last) = (self.state(leg.start), self.state(just_before(leg.end)));
        let length = figures::span(lasts(leg));
        let is_filled = match leg.kind {
            LegKind::Charge => self.has_plug(),
            LegKind::Refuel => !self.has_plug(),
            _ => false,
        };
        let more = match leg.kind {
            LegKind::Drive => drive(last.odometer - start.odometer, lasts(leg)),
            _ if is_filled => {
                let from = figures::percent(full(&start));
                t("{from} to {to}, {length}")
                    .with("from", from)
                    .with("to", figures::percent(full(&last)))
                    .with("length", length)
                    .plain()
            }
            _ => length,
        };
        TripStage {
            name: called(&leg.name),
            kind: match leg.kind {
                LegKind::Drive => Kind::Drive,
                _ if is_filled => Kind::Charge,
                _ => Kind::Rest,
            },
            more,
            from: leg.start,
            until: leg.end,
        }
    }
}

/// How full the battery, or the tank of a car without a plug, is.
fn full(state: &CarState) -> f64 {
    match (state.battery, state.tank) {
        (Some(battery), _) if state.plug.is_some() => battery.charge,
        (_, tank) => tank.map_or(0.0, |tank| tank.level),
    }
}

/// The samples of a drive that is this share of the trip.
fn parts_of(share: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a small number"
    )]
    let parts = (share.clamp(0.0, 1.0) * SAMPLES) as u32;
    parts
}

/// What the map shows around a car's trip: its ways, and the places at which it stands.
pub(crate) struct Surroundings {
    /// Ways of the trip.
    pub roads: Vec<Vec<Position>>,
    /// Places of the trip, each once.
    pub places: Vec<(String, Position)>,
    /// Other ways of the city.
    pub lanes: Vec<Vec<Position>>,
}

/// What lies around the trip of a car.
pub(crate) fn surroundings(shown: &Shown, world: &World) -> Surroundings {
    let (journey, course) = (&shown.scene.journey, &shown.simulation.course);
    let routes: Vec<(String, Vec<Position>)> = journey
        .route_points()
        .map(|(name, points)| (name.to_owned(), points))
        .collect();
    let mut places: Vec<(String, Position)> = Vec::new();
    for leg in journey
        .stages()
        .iter()
        .filter(|leg| leg.kind != LegKind::Drive)
    {
        let place = called(&leg.place);
        if places.iter().all(|(name, _)| *name != place) {
            let position = journey.state(course, leg.start).position;
            places.push((place, position));
        }
    }
    let city = world.city(&course.city);
    let others = city.into_iter().flat_map(|city| &city.map.routes);
    let others = others.filter(|(name, _)| routes.iter().all(|(route, _)| **route != ***name));
    let line = |points: &[Waypoint]| {
        points
            .iter()
            .map(|point| (point.latitude, point.longitude))
            .collect()
    };
    Surroundings {
        lanes: others.map(|(_, route)| line(&route.points)).collect(),
        roads: routes.into_iter().map(|(_, points)| points).collect(),
        places,
    }
}
