//! What holds for every car, in every scenario and city, at every moment.

use std::sync::Arc;
use std::time::Duration;

use carport_model::simulation::{Course, Effect, Latency, TimedEffect, Timeline};
use carport_model::{Powertrain, Timestamp};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::geometry::distance;
use super::tests::WORLD;
use super::{CarState, Journey, LegKind};

/// A car on its journey.
#[derive(Debug, Clone)]
struct Trip {
    journey: Arc<Journey>,
    course: Course,
}

impl Trip {
    fn at(&self, seconds: f64) -> CarState {
        self.journey
            .state(&self.course, Duration::from_secs_f64(seconds))
    }

    /// A moment in one of the first cycles; each stage is as likely as any other.
    fn when(&self, cycle: u32, stage: prop::sample::Index, share: f64) -> f64 {
        let leg = stage.get(self.journey.stages());
        let cycle = if self.journey.repeats() { cycle } else { 0 };
        let start = self.journey.length() * cycle + leg.start;
        (start + leg.lasts().mul_f64(share)).as_secs_f64()
    }
}

fn effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        Just(Effect::Lock),
        Just(Effect::Unlock),
        Just(Effect::StartCharge),
        Just(Effect::StopCharge),
        (0.5..1.0_f64).prop_map(Effect::ChargeLimit),
        (6.0..40.0_f64).prop_map(Effect::Amperage),
    ]
}

/// Any car anywhere, with some commands in its first days.
fn trip() -> impl Strategy<Value = Trip> {
    let commands = proptest::collection::vec((0.0..200_000.0_f64, effect()), 0..6);
    let indices = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let city = any::<prop::sample::Index>();
    (indices, city, any::<u64>(), commands).prop_map(
        |((profile, scenario), city, seed, commands)| {
            let profiles: Vec<&str> = WORLD.profiles().map(|profile| &*profile.id).collect();
            let cities: Vec<&str> = WORLD.cities().map(|city| &*city.id).collect();
            let scenarios = WORLD.scenarios();
            let (profile, city) = (profile.get(&profiles), city.get(&cities));
            let (scenario, _) = scenario.get(&scenarios);
            let timed = |(at, effect)| TimedEffect {
                at: Duration::from_secs_f64(at),
                effect,
            };
            let course = course(profile, scenario, city, seed);
            Trip {
                journey: WORLD.journey(profile, scenario, city).unwrap(),
                course: Course {
                    commands: commands.into_iter().map(timed).collect(),
                    ..course
                },
            }
        },
    )
}

fn course(profile: &str, scenario: &str, city: &str, seed: u64) -> Course {
    Course {
        profile: profile.into(),
        scenario: scenario.into(),
        city: city.into(),
        seed,
        timeline: Timeline::running_since(Timestamp::from_millis(1_767_225_600_000)),
        commands: Box::default(),
        is_stateless: false,
        latency: Latency::Ideal,
    }
}

/// What holds at a moment by itself.
fn check(state: &CarState, powertrain: Powertrain) -> Result<(), TestCaseError> {
    if let Some(battery) = state.battery {
        prop_assert!((0.0..=1.0).contains(&battery.charge), "{}", battery.charge);
        prop_assert!(
            battery.range >= 0.0 && battery.range < 900.0,
            "{}",
            battery.range
        );
    }
    if let Some(tank) = state.tank {
        prop_assert!((0.0..=1.0 + 1e-9).contains(&tank.level), "{}", tank.level);
    }
    prop_assert_eq!(state.battery.is_some(), powertrain != Powertrain::Ice);
    prop_assert_eq!(state.tank.is_some(), powertrain != Powertrain::Bev);
    prop_assert_eq!(state.plug.is_some(), powertrain.has_plug());
    prop_assert!((0.0..=250.0).contains(&state.speed));
    prop_assert!((0.0..360.0).contains(&state.heading));
    prop_assert!((-40.0..=60.0).contains(&state.cabin), "{}", state.cabin);
    prop_assert!(
        state.tyres.iter().all(|tyre| (120.0..700.0).contains(tyre)),
        "{:?}",
        state.tyres
    );
    prop_assert!(
        state
            .oil_life
            .is_none_or(|life| (0.0..=1.0).contains(&life))
    );
    prop_assert!((0.3..=1.0).contains(&state.low_voltage));
    if let Some(plug) = state.plug {
        if plug.is_plugged {
            prop_assert!(!state.is_driving);
        }
        let energy = state.battery.map(|battery| battery.charge);
        if plug.is_charging {
            prop_assert!(plug.is_plugged && plug.power > 0.0 && plug.minutes_left > 0.0);
            prop_assert!(energy.is_some_and(|charge| charge <= plug.limit + 1e-9));
        } else {
            prop_assert!(plug.power.abs() < 1e-9 && plug.amperes.abs() < 1e-9);
        }
    }
    if !state.is_driving {
        prop_assert!(state.speed.abs() < 1e-9);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_moment_makes_sense(
        trip in trip(), cycle in 0_u32..3, stage: prop::sample::Index, share in 0.0..1.0_f64,
    ) {
        let when = trip.when(cycle, stage, share);
        let state = trip.at(when);
        check(&state, trip.journey.profile().powertrain)?;
        let again = trip.at(when);
        prop_assert_eq!(format!("{state:?}"), format!("{again:?}"));
    }

    /// Over some seconds: the odometer is the integral of the speed and never falls, what the
    /// battery loses has left it, and nothing jumps.
    #[test]
    fn changes_are_the_integrals_of_their_rates(
        trip in trip(), cycle in 0_u32..3, stage: prop::sample::Index, share in 0.0..1.0_f64,
    ) {
        const STEP: f64 = 0.25;
        let start = trip.when(cycle, stage, share).floor();
        let powertrain = trip.journey.profile().powertrain;
        let mut before = trip.at(start);
        let (mut metres, mut energy) = (0.0, 0.0);
        let first = before.clone();
        for index in 1..=240 {
            let now = trip.at(start + STEP * f64::from(index));
            metres += (before.speed + now.speed) / 7.2 * STEP;
            if let (Some(was), Some(is)) = (before.battery, now.battery) {
                energy += f64::midpoint(was.power, is.power) * STEP / 3600.0;
                let rose = is.energy > was.energy + 1e-9;
                let taken_in = is.power < 0.0 || was.power < 0.0;
                prop_assert!(!rose || taken_in || powertrain != Powertrain::Bev);
            }
            prop_assert!(now.odometer >= before.odometer);
            let moved = distance(before.position, now.position);
            prop_assert!(moved <= 250.0 / 3.6 * STEP + 1.0 || before.kind != now.kind, "{moved}");
            if let (Some(was), Some(is)) = (before.tank, now.tank) {
                let fills = now.kind == LegKind::Refuel || before.kind != now.kind
                    || before.spot.stage != now.spot.stage;
                prop_assert!(is.litres <= was.litres + 1e-9 || fills, "fuel rises by itself");
            }
            before = now;
        }
        let driven = (before.odometer - first.odometer) * 1000.0;
        prop_assert!((driven - metres).abs() < 1.5, "{driven} m, {metres} by speed");
        // Parked hybrids give what braking left over to their electronics, told by no power.
        let told = powertrain != Powertrain::Hev || first.is_driving && before.is_driving;
        if let (Some(was), Some(is)) = (first.battery, before.battery) && told && !before.is_stranded {
            // Where power jumps (a phase ends, a cable is pulled) a step is off by half of itself;
            // a full battery sends what braking gives into the brakes.
            let error = (was.energy - is.energy - energy).abs();
            prop_assert!(error < 0.02 || is.charge > 0.99, "{first:?} {before:?} {energy}");
        }
    }

    /// From the end of each stage to the start of the next, and from cycle to cycle.
    #[test]
    fn nothing_jumps_where_stages_meet(trip in trip(), cycle in 0_u32..3) {
        let repeats = trip.journey.repeats();
        let cycle = if repeats { trip.journey.length() * cycle } else { Duration::ZERO };
        let whole_days = trip.journey.length().as_secs().is_multiple_of(86_400);
        for (index, leg) in trip.journey.stages().iter().enumerate() {
            let is_last = index + 1 == trip.journey.stages().len();
            if is_last && !repeats {
                break;
            }
            let end = cycle + leg.end;
            let before = trip.journey.state(&trip.course, end.saturating_sub(Duration::from_millis(1)));
            let after = trip.journey.state(&trip.course, end);
            prop_assert!((after.odometer - before.odometer).abs() < 1e-3);
            let moved = distance(before.position, after.position);
            prop_assert!(moved < 410.0, "{moved} m after {}", leg.name);
            let energy = |state: &CarState| state.battery.map_or(0.0, |battery| battery.energy);
            prop_assert!((energy(&after) - energy(&before)).abs() < 1e-3, "after {}", leg.name);
            let fuel = |state: &CarState| state.tank.map_or(0.0, |tank| tank.litres);
            let fills = after.kind == LegKind::Drive && fuel(&after) > fuel(&before);
            prop_assert!((fuel(&after) - fuel(&before)).abs() < 1e-3 || fills, "after {}", leg.name);
            prop_assert!(after.speed < 1.0 && before.speed < 1.0);
            // The clock of a scenario that does not last whole days jumps where it begins anew,
            // and the weather with it.
            if !is_last || whole_days {
                prop_assert!((after.outside - before.outside).abs() < 0.01);
                // The first cycle begins as warm as later ones, not as its own past.
                prop_assert!((after.cabin - before.cabin).abs() < 1.0, "cabin after {}", leg.name);
                let warm = after.tyres[0] - before.tyres[0];
                prop_assert!(warm.abs() < 1.0, "tyres after {}", leg.name);
            }
        }
    }

    /// While it drives, a car is on its route.
    #[test]
    fn cars_keep_to_their_routes(trip in trip(), share in 0.0..1.0_f64, nth in any::<prop::sample::Index>()) {
        let drives: Vec<_> = trip.journey.stages().iter()
            .filter(|leg| leg.kind == LegKind::Drive).collect();
        prop_assume!(!drives.is_empty());
        let leg = nth.get(&drives);
        let state = trip.journey.state(&trip.course, leg.start + leg.lasts().mul_f64(share));
        prop_assume!(!state.is_stranded);
        let routes: Vec<_> = trip.journey.route_points().collect();
        let (_, points) = routes.iter().find(|route| Some(route.0) == leg.route.as_deref()).unwrap();
        let is_between = |pair: &[(f64, f64)]| {
            let detour = distance(pair[0], state.position) + distance(state.position, pair[1])
                - distance(pair[0], pair[1]);
            detour < 0.5
        };
        prop_assert!(points.windows(2).any(is_between));
    }
}

/// A day of all signals of twenty cars over all scenarios, to the last digit. When this changes,
/// every simulated car changes: say so in the changelog.
#[test]
fn the_same_on_every_machine() {
    use carport_model::signal;
    use carport_model::vehicle::FoundVehicle;

    let scenarios = WORLD.scenarios();
    let profiles: Vec<_> = WORLD.profiles().collect();
    let cities: Vec<_> = WORLD.cities().collect();
    let mut digest = Sha256::new();
    for index in 0..20 {
        let profile = profiles[index * 7 % profiles.len()];
        let city = cities[index % cities.len()];
        let scenario = &scenarios[index % scenarios.len()].0;
        let journey = WORLD.journey(&profile.id, scenario, &city.id).unwrap();
        let course = course(
            &profile.id,
            scenario,
            &city.id,
            u64::try_from(index).unwrap(),
        );
        let car = FoundVehicle {
            vin: "1SCTEST0000000001".parse().unwrap(),
            make: carport_model::BrandId::new("KIA"),
            model: profile.model.clone(),
            year: 2024,
            powertrain: profile.powertrain,
            capabilities: carport_model::Permissions::all(),
            capacities: Vec::new(),
        };
        for minutes in (0..24 * 60).step_by(10) {
            let state = journey.state(&course, Duration::from_mins(minutes));
            for signal in signal::all() {
                let value = state.value(signal, &car);
                digest.update(format!("{signal} {value:?}\n"));
            }
        }
    }
    let digest: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        digest,
        "068d8c21c3c7bd8159db816110af0dfb930f88d9ec6bcdca2296889716c56928"
    );
}
