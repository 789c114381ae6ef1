//! How a state follows from a journey, a course and the time that has passed.

use std::sync::Arc;
use std::time::Duration;

use carport_model::Timestamp;
use carport_model::charging::Place;
use carport_model::simulation::{Course, Motion};

use super::{CarState, Own, closures};
use crate::world::city::NEAR;
use crate::world::geometry::distance;
use crate::world::individual::Individual;
use crate::world::journey::{Act, Deed, Journey, LegKind, Life, Spot, Stand, position};
use crate::world::run::{Moment, Run};
use crate::world::scenario::Reach;
use crate::world::weather::outside;

/// A moment of a journey, and what was found out about it so far.
pub(super) struct Scene<'a> {
    pub(super) journey: &'a Journey,
    pub(super) car: Individual,
    pub(super) life: Life,
    pub(super) spot: Spot,
    pub(super) act: &'a Act,
    pub(super) kind: LegKind,
    /// Seconds into the stage.
    pub(super) into: f64,
    /// The drive, and where in it the car is; also where it ran empty.
    pub(super) run: Option<(&'a Run, Moment)>,
    /// Where it stands, if the journey has it standing.
    pub(super) stand: Option<&'a Stand>,
    pub(super) outside: f64,
    pub(super) at: Timestamp,
    pub(super) speed: u32,
}

pub(super) fn state(journey: &Journey, course: &Course, elapsed: Duration) -> CarState {
    let spot = journey.position_of(elapsed);
    let car = journey.individual(course);
    let life = journey.live(&car, course, (elapsed, spot));
    let leg = &journey.stages()[spot.stage];
    let act = &journey.acts[spot.stage];
    let into = spot.offset.saturating_sub(leg.start).as_secs_f64();
    let since_midnight = journey.since_midnight + spot.offset.as_secs_f64();
    let run = match (life.stock.stranded, &act.deed) {
        (Some(stranded), _) => match &journey.acts[stranded.stage].deed {
            Deed::Drive(run) => Some((&**run, run.at(stranded.time))),
            Deed::Stand(_) => None,
        },
        (None, Deed::Drive(run)) => Some((&**run, run.at(into))),
        (None, Deed::Stand(_)) => None,
    };
    let stand = match &act.deed {
        Deed::Stand(stand) if life.stock.stranded.is_none() => Some(stand),
        _ => None,
    };
    let scene = Scene {
        outside: outside(journey.temperature, since_midnight),
        at: clock_of(
            course,
            if spot.is_finished {
                journey.length()
            } else {
                elapsed
            },
        ),
        speed: course.timeline.speed.factor(),
        kind: leg.kind,
        journey,
        car,
        life,
        spot,
        act,
        into,
        run,
        stand,
    };
    scene.state(course, elapsed)
}

/// What the server's clock shows when a car has been on its journey for so long.
fn clock_of(course: &Course, elapsed: Duration) -> Timestamp {
    let timeline = &course.timeline;
    match timeline.motion {
        Motion::Created | Motion::Paused => timeline.anchor,
        Motion::Running => {
            let since = elapsed.saturating_sub(timeline.passed);
            timeline.anchor.plus(since / timeline.speed.factor())
        }
    }
}

impl Scene<'_> {
    pub(super) fn is_stranded(&self) -> bool {
        self.life.stock.stranded.is_some()
    }

    pub(super) fn is_driving(&self) -> bool {
        self.run.is_some() && !self.is_stranded() && !self.spot.is_finished
    }

    fn state(self, course: &Course, elapsed: Duration) -> CarState {
        let (position, elevation, heading) = self.place();
        let (odometer, trip) = self.distances();
        let closures = closures::of(self.kind, self.act, self.into, self.lasts());
        let closures = closures.filter(|_| !self.is_stranded() && !self.spot.is_finished);
        let (warm_tyres, cabin, low_voltage) = self.act.warmth(self.kind, self.into, self.outside);
        let home = self.journey.home.as_ref();
        let is_open = |part: closures::Part| closures.is_some_and(|open| open == part);
        CarState {
            at: self.at,
            spot: self.spot,
            kind: self.kind,
            motion: course.timeline.motion,
            reach: self.stand.map_or(Reach::Awake, |stand| stand.reach),
            is_driving: self.is_driving(),
            is_stranded: self.is_stranded(),
            speed: self.speed(),
            is_home: home.is_some_and(|home| distance(home.0, position) <= NEAR),
            position,
            elevation,
            heading,
            odometer,
            trip,
            battery: self.battery(),
            plug: self.plug(),
            tank: self.tank(),
            is_locked: self.life.lock.unwrap_or(closures.is_none()),
            is_door_open: is_open(closures::Part::Door),
            is_window_open: self.is_window_open(),
            outside: self.outside,
            cabin,
            is_climate_on: self.is_driving() && !(18.0..=23.0).contains(&self.outside),
            tyres: self.tyres(warm_tyres, elapsed),
            oil_life: self.oil_life(odometer),
            low_voltage: low_voltage * self.car.health,
            charges: self.charges(),
            own: Own {
                profile: Arc::clone(&self.journey.profile),
                car: self.car,
                country: self.journey.country.clone(),
                home: Place {
                    name: home.map(|home| home.1.to_string()),
                    address: None,
                    position: home.map(|home| home.0),
                },
                elapsed,
                speed: self.speed,
            },
        }
    }

    /// Seconds of the stage.
    fn lasts(&self) -> f64 {
        let leg = &self.journey.stages()[self.spot.stage];
        leg.lasts().as_secs_f64()
    }

    /// Kilometres an hour.
    fn speed(&self) -> f64 {
        match self.run {
            Some((_, moment)) if self.is_driving() => moment.speed * 3.6,
            _ => 0.0,
        }
    }

    /// Position, elevation, heading.
    fn place(&self) -> ((f64, f64), f64, f64) {
        if let Some((run, moment)) = self.run {
            let segment = &run.line.segments[moment.segment];
            let climbed = (moment.place - segment.starts) * segment.grade;
            let position = position(run, moment.place, moment.segment);
            return (position, segment.elevation + climbed, segment.heading);
        }
        let stand = self
            .stand
            .map(|stand| (stand.position, stand.elevation, stand.heading));
        stand.unwrap_or_default()
    }

    /// Kilometres since the car was made, and of this drive.
    fn distances(&self) -> (f64, f64) {
        let (cycle, before) = match self.life.stock.stranded {
            Some(stranded) => (stranded.cycle, self.journey.acts[stranded.stage].metres),
            None => (self.spot.cycle, self.act.metres),
        };
        let cycles = Duration::from_secs(cycle).as_secs_f64();
        let driven = self.run.map_or(0.0, |(_, moment)| moment.place);
        let metres = cycles * self.journey.metres + before + driven;
        let trip = if self.is_driving() {
            driven / 1000.0
        } else {
            0.0
        };
        (self.car.odometer + metres / 1000.0, trip)
    }
}
