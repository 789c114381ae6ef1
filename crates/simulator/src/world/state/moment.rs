//! How a state follows from a journey, a course and the time that has passed.

use std::sync::Arc;
use std::time::Duration;

use carport_model::charging::{ChargeRecord, Place};
use carport_model::simulation::{Course, Motion};
use carport_model::{Powertrain, Timestamp};

use super::{BatteryState, CarState, Own, PlugState, TankState, closures, meters};
use crate::world::city::NEAR;
use crate::world::geometry::distance;
use crate::world::individual::{Individual, OIL_CHANGE, TYRE_CHECK};
use crate::world::journey::{Act, Charged, Deed, Journey, LegKind, Life, Spot, Stand, position};
use crate::world::physics::reserve;
use crate::world::run::{Moment, Run};
use crate::world::scenario::Reach;
use crate::world::weather::outside;

/// Kilopascals of the air.
const AIR: f64 = 101.3;

/// A moment of a journey, and what was found out about it so far.
struct Scene<'a> {
    journey: &'a Journey,
    car: Individual,
    life: Life,
    spot: Spot,
    act: &'a Act,
    kind: LegKind,
    /// Seconds into the stage.
    into: f64,
    /// The drive, and where in it the car is; also where it ran empty.
    run: Option<(&'a Run, Moment)>,
    /// Where it stands, if the journey has it standing.
    stand: Option<&'a Stand>,
    outside: f64,
    at: Timestamp,
    speed: u32,
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
        at: clock_of(course, elapsed),
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
    fn is_stranded(&self) -> bool {
        self.life.stock.stranded.is_some()
    }

    fn is_driving(&self) -> bool {
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
        (leg.end - leg.start).as_secs_f64()
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

    fn battery(&self) -> Option<BatteryState> {
        let profile = &self.journey.profile;
        let usable = profile.battery?.usable;
        let energy = self.life.stock.battery;
        let lasting = (energy - reserve(profile.powertrain, usable)).max(0.0);
        let lasting = if profile.powertrain == Powertrain::Hev {
            0.0
        } else {
            lasting
        };
        let (rated, driven) = (self.journey.rated.0, self.journey.usual.0 * self.car.thirst);
        Some(BatteryState {
            charge: energy / usable,
            energy,
            usable,
            range: lasting * 2.0 / (rated + driven),
            range_driven: lasting / driven,
            range_rated: lasting / rated,
            power: self.battery_power(),
            is_heated: self.outside < 0.0 && self.plug().is_some_and(|plug| plug.is_charging),
        })
    }

    /// Kilowatts out of the battery.
    fn battery_power(&self) -> f64 {
        match (self.run, self.stand) {
            (Some((_, moment)), _) if self.is_driving() && self.life.on_battery => {
                moment.power * self.car.thirst
            }
            (None, Some(stand)) => {
                let charging = self
                    .journey
                    .charging(&self.life.stock, self.spot.stage, stand);
                let held = self.life.stock.battery;
                let charging = charging.filter(|charging| held < charging.1);
                charging.map_or(0.0, |(charge, _)| -charge.power(held))
            }
            _ => 0.0,
        }
    }

    fn plug(&self) -> Option<PlugState> {
        let journey = self.journey;
        journey
            .profile
            .battery
            .filter(|_| journey.profile.powertrain.has_plug())?;
        let stand = self.stand.filter(|_| !self.is_stranded());
        Some(meters::of(journey, &self.life, self.spot.stage, stand))
    }

    fn tank(&self) -> Option<TankState> {
        let tank = self.journey.profile.engine?.tank;
        let litres = self.life.stock.fuel;
        let taken = self.journey.usual.1 * self.car.thirst;
        Some(TankState {
            litres,
            level: litres / tank,
            range: litres * 2.0 / (self.journey.rated.1 + taken),
        })
    }

    /// Whoever drives through a mild day in town has the window open.
    fn is_window_open(&self) -> bool {
        let slow = self
            .run
            .is_some_and(|(run, _)| run.line.length / run.lasts < 10.0);
        slow && self.is_driving() && (19.0..27.0).contains(&self.act.outside)
    }

    /// Pressure by the gas law, after what leaked since the tyres were filled last.
    fn tyres(&self, warm: f64, elapsed: Duration) -> [f64; 4] {
        let cold = self.journey.profile.tyres;
        let days = self.car.filled + elapsed.as_secs_f64() / 86_400.0;
        let days = days - (days / TYRE_CHECK).floor() * TYRE_CHECK;
        let warmth = (self.outside + warm + 273.15) / (20.0 + 273.15);
        let [a, b, c, d] = self.car.leaks.map(|leak| leak * days);
        let pressure = |cold: f64, lost: f64| (cold - lost + AIR) * warmth - AIR;
        [
            pressure(cold.front, a),
            pressure(cold.front, b),
            pressure(cold.rear, c),
            pressure(cold.rear, d),
        ]
    }

    fn oil_life(&self, odometer: f64) -> Option<f64> {
        self.journey.profile.engine?;
        let since = self.car.oil + odometer - self.car.odometer;
        Some(1.0 - (since / OIL_CHANGE - (since / OIL_CHANGE).floor()))
    }

    fn charges(&self) -> Vec<ChargeRecord> {
        let going = self
            .life
            .session
            .filter(|charge| charge.energy.1 > charge.energy.0);
        let over = self.life.charges.iter().flatten().copied();
        let (going, over) = (going.into_iter(), over);
        going
            .chain(over)
            .map(|charge| self.record(&charge))
            .collect()
    }

    fn record(&self, charge: &Charged) -> ChargeRecord {
        let now = (self.spot.cycle, self.spot.offset.as_secs_f64());
        let ago = self
            .journey
            .seconds_between((charge.cycle, charge.begins), now);
        // Scenario time runs faster than the clock where the speed says so.
        let clock = |seconds: f64| {
            let millis = (seconds.max(0.0) / f64::from(self.speed) * 1000.0).round();
            Duration::from_secs_f64(millis / 1000.0)
        };
        let is_over = self.life.session != Some(*charge) || ago > charge.lasts + 1.0;
        let start = self.at.minus(clock(ago));
        let leg = &self.journey.stages()[charge.stage];
        let is_home = self
            .journey
            .home
            .as_ref()
            .is_some_and(|home| *home.1 == *leg.place);
        let stand = match &self.journey.acts[charge.stage].deed {
            Deed::Stand(stand) => Some(stand),
            Deed::Drive(_) => None,
        };
        let usable = self.journey.usable();
        let rounded = |share: f64| (share * 10_000.0).round() / 10_000.0;
        ChargeRecord {
            id: Some(format!("SIM-{}-{}", charge.cycle, charge.stage)),
            start,
            end: is_over.then(|| start.plus(clock(charge.lasts))),
            place: Some(Place {
                name: Some(leg.place.clone()),
                address: None,
                position: stand.map(|stand| stand.position),
            }),
            energy_added: Some(rounded(charge.energy.1 - charge.energy.0)),
            charging_type: Some(charge.current.as_str().to_owned()),
            is_public: Some(!is_home),
            start_level: Some(rounded(charge.energy.0 / usable)),
            end_level: Some(rounded(charge.energy.1 / usable)),
            cost: None,
        }
    }
}
