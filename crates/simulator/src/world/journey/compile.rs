//! Compiling a journey.

mod surroundings;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use carport_model::Powertrain;
use carport_model::country::{Country, Region};

use super::{Act, Deed, Journey, Leg, LegKind, Stand};
use crate::world::city::{City, Waypoint};
use crate::world::drive::{Motion, fastest, whole_seconds};
use crate::world::geometry::Position;
use crate::world::physics::Physics;
use crate::world::profile::Profile;
use crate::world::run::Run;
use crate::world::scenario::{Action, ChargePoint, Current, Pace, Reach, Scenario};
use crate::world::weather::outside;

/// What a car that is plugged in but does not charge by itself could have.
const HOME: ChargePoint = ChargePoint {
    power: 7.4,
    current: Current::Ac,
};

/// Drives that are the same: route, direction, seconds, whole degrees outside.
type Drives = HashMap<(Box<str>, bool, u64, i64), Arc<Run>>;

struct Compiler<'a> {
    profile: &'a Profile,
    scenario: &'a Scenario,
    city: &'a City,
    drives: Drives,
    legs: Vec<Leg>,
    acts: Vec<Act>,
    time: Duration,
    metres: f64,
}

impl Journey {
    /// Compiles a journey from a scenario that can be lived in the city.
    pub(in crate::world) fn new(profile: &Arc<Profile>, scenario: &Scenario, city: &City) -> Self {
        let mut compiler = Compiler {
            profile,
            scenario,
            city,
            drives: HashMap::new(),
            legs: Vec::with_capacity(scenario.stages.len()),
            acts: Vec::with_capacity(scenario.stages.len()),
            time: Duration::ZERO,
            metres: 0.0,
        };
        for stage in &scenario.stages {
            compiler.add(&stage.name, &stage.action);
        }
        compiler.settle_positions();
        compiler.settle_warmth();
        compiler.journey(profile)
    }
}

impl Compiler<'_> {
    fn since_midnight(&self) -> f64 {
        (self.scenario.starts() + self.time).as_secs_f64()
    }

    fn add(&mut self, name: &str, action: &Action) {
        let outside = outside(self.scenario.temperature, self.since_midnight());
        let (kind, lasts, place, route, deed) = match action {
            Action::Drive { route, back, pace } => self.drive(route, *back, *pace, outside),
            standing => self.stand(standing),
        };
        let start = self.time;
        self.time += lasts;
        self.legs.push(Leg {
            name: name.to_owned(),
            kind,
            start,
            end: self.time,
            place,
            route,
        });
        let metres = self.metres;
        if let Deed::Drive(run) = &deed {
            self.metres += run.line.length;
        }
        self.acts.push(Act {
            deed,
            metres,
            outside,
            tyres: 0.0,
            cabin: outside,
            low_voltage: 0.95,
            neighbours: (false, false),
        });
    }

    fn stand(&self, action: &Action) -> (LegKind, Duration, String, Option<Box<str>>, Deed) {
        let has_plug = self.profile.powertrain.has_plug();
        let (at, stay, kind, reach, plug, fills) = match action {
            Action::Park {
                at,
                stay,
                plugged,
                reach,
            } => {
                let kind = match reach {
                    Reach::Awake => LegKind::Park,
                    Reach::Asleep => LegKind::Sleep,
                    Reach::Unreachable => LegKind::Unreachable,
                };
                (
                    at,
                    stay,
                    kind,
                    *reach,
                    plugged.then_some((HOME, None)),
                    None,
                )
            }
            Action::Charge {
                at,
                stay,
                point,
                limit,
            } => {
                let kind = if has_plug {
                    LegKind::Charge
                } else {
                    LegKind::Park
                };
                (
                    at,
                    stay,
                    kind,
                    Reach::Awake,
                    Some((*point, Some(*limit))),
                    None,
                )
            }
            Action::Refuel { at, stay, to } => {
                let has_tank = self.profile.engine.is_some();
                let kind = if has_tank {
                    LegKind::Refuel
                } else {
                    LegKind::Park
                };
                (at, stay, kind, Reach::Awake, None, has_tank.then_some(*to))
            }
            Action::Drive { .. } => unreachable!("drives are compiled by themselves"),
        };
        let since_midnight = self.scenario.starts() + self.time;
        let place = self.scenario.place(at, self.city);
        let stand = Stand {
            position: place.map_or((0.0, 0.0), |place| place.position),
            heading: 0.0,
            elevation: place.map_or(0.0, |place| place.elevation),
            reach,
            plug: plug.filter(|_| has_plug),
            fills,
        };
        let name = place.map_or_else(|| at.to_string(), |place| place.name.clone());
        (
            kind,
            stay.from(since_midnight),
            name,
            None,
            Deed::Stand(stand),
        )
    }

    fn drive(
        &mut self,
        name: &str,
        back: bool,
        pace: Pace,
        outside: f64,
    ) -> (LegKind, Duration, String, Option<Box<str>>, Deed) {
        let route = self.scenario.route(name, self.city);
        let points = route.map_or(&[][..], |route| &route.points);
        let lasts = match pace {
            Pace::Traffic(times) => whole_seconds(fastest(points, back).as_secs_f64() * times),
            Pace::Lasts(lasts) => lasts,
        };
        let celsius = Duration::from_secs_f64((outside + 100.5).max(0.0)).as_secs();
        let degrees = i64::try_from(celsius).unwrap_or_default() - 100;
        let key = (name.into(), back, lasts.as_secs(), degrees);
        let profile = self.profile;
        let run = self.drives.entry(key).or_insert_with(|| {
            let weather = f64::from(i32::try_from(degrees).unwrap_or_default());
            let physics = Physics::new(profile, weather, mean_elevation(points));
            Arc::new(Run::new(Motion::new(points, back, lasts), physics))
        });
        let run = Arc::clone(run);
        let end = route.map(|route| if back { &route.from } else { &route.to });
        let place = end.and_then(|end| self.scenario.place(end, self.city));
        let place = place.map(|place| place.name.clone()).unwrap_or_default();
        (
            LegKind::Drive,
            lasts,
            place,
            Some(name.into()),
            Deed::Drive(run),
        )
    }

    fn journey(self, profile: &Arc<Profile>) -> Journey {
        let rated = Journey::physics(profile).rated();
        let home = self.scenario.place("home", self.city);
        let region = Country::find(&self.city.country).map(|country| country.region);
        Journey {
            usual: self.usual(rated),
            profile: Arc::clone(profile),
            is_metric: !matches!(region, Some(Region::Us | Region::Ca)),
            country: self.city.country.as_str().into(),
            legs: self.legs.into(),
            acts: self.acts.into(),
            length: self.time,
            repeats: self.scenario.repeats,
            metres: self.metres,
            start: self.scenario.start,
            limit: self.scenario.limit(),
            temperature: self.scenario.temperature,
            since_midnight: self.scenario.starts().as_secs_f64(),
            rated,
            home: home.map(|home| (home.position, home.name.as_str().into())),
        }
    }

    /// What a kilometre takes on the drives of this journey.
    fn usual(&self, rated: (f64, f64)) -> (f64, f64) {
        let runs = || {
            self.acts.iter().filter_map(|act| match &act.deed {
                Deed::Drive(run) => Some(run),
                Deed::Stand(_) => None,
            })
        };
        let kilometres = self.metres / 1000.0;
        if kilometres <= 0.0 {
            return rated;
        }
        let battery: f64 = runs().map(|run| run.whole.battery).sum();
        let fuel: f64 = runs().map(|run| run.whole.fuel).sum();
        // A journey downhill tells nothing of the next one.
        let bounded = |taken: f64, rated: f64| (taken / kilometres).clamp(rated / 2.0, rated * 3.0);
        (bounded(battery, rated.0), bounded(fuel, rated.1))
    }
}

/// Mean height of a line above the sea.
fn mean_elevation(points: &[Waypoint]) -> f64 {
    let count = f64::from(u32::try_from(points.len().max(1)).unwrap_or(u32::MAX));
    points.iter().map(|point| point.elevation).sum::<f64>() / count
}

/// Where a drive is at a moment.
pub(in crate::world) fn position(run: &Run, place: f64, segment: usize) -> Position {
    let segment = &run.line.segments[segment];
    segment.position(place - segment.starts)
}

/// What a hybrid's battery holds when it is parked, as a share.
pub(in crate::world) const HYBRID_REST: f64 = 0.5;

/// Energy in a battery at the start, kWh.
pub(in crate::world) fn starting_energy(profile: &Profile, charge: f64) -> f64 {
    let usable = profile.battery.map_or(0.0, |battery| battery.usable);
    match profile.powertrain {
        Powertrain::Hev => HYBRID_REST * usable,
        Powertrain::Bev | Powertrain::Phev | Powertrain::Ice => charge * usable,
    }
}
