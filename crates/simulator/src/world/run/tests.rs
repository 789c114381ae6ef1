use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::world::city::Waypoint;
use crate::world::drive::fastest;
use crate::world::drive::tests::street;
use crate::world::physics::{JOULES, LITRE};
use crate::world::profile::Profile;
use crate::world::tests::WORLD;
use crate::world::weather::air_density;

fn run(profile: &Profile, points: &[Waypoint], traffic: f64) -> Run {
    let lasts = fastest(points, false).mul_f64(traffic);
    let lasts = Duration::from_secs(lasts.as_secs() + 1);
    Run::new(
        Motion::new(points, false, lasts),
        Physics::new(profile, 10.0, 300.0),
    )
}

/// What the physics of a textbook says, in small steps: joules that the wheels pull, and kilojoules
/// that braking gives back at most.
fn textbook(profile: &Profile, run: &Run, limit: f64) -> (f64, f64) {
    const STEP: f64 = 0.02;
    let drag = air_density(10.0, 300.0) * profile.drag_area / 2.0;
    let (mut pulled, mut braked) = (0.0, 0.0);
    let mut before = run.at(0.0);
    let steps = Duration::from_secs_f64(run.lasts / STEP).as_secs();
    for step in 1..=u32::try_from(steps).unwrap() {
        let now = run.at(STEP * f64::from(step));
        let speed = f64::midpoint(before.speed, now.speed);
        let acceleration = (now.speed - before.speed) / STEP;
        let grade = run.line.segments[before.segment].grade;
        let force = profile.mass * (1.04 * acceleration + 9.80665 * (profile.rolling + grade));
        let watts = (force + drag * speed * speed) * speed;
        if watts > 0.0 {
            pulled += watts * STEP;
        } else {
            braked += watts.max(-limit) * STEP;
        }
        before = now;
    }
    (pulled, braked)
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 0.01 * expected.abs() + 0.003
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_battery_gives_what_the_forces_take(
        points in street(), traffic in 1.0..2.5_f64, hybrid: bool,
    ) {
        let id = if hybrid { "generic-phev" } else { "generic-bev" };
        let profile = WORLD.profile(id).unwrap();
        let run = run(profile, &points, traffic);
        let (pulled, braked) = textbook(profile, &run, run.physics.recovers);
        let auxiliary = run.physics.auxiliary * run.lasts / 3600.0;
        let expected = pulled / 0.88 / JOULES + braked * 0.68 / JOULES + auxiliary;
        prop_assert!(close(run.whole.battery, expected), "{} {expected}", run.whole.battery);
        prop_assert!(run.least <= 0.0 && run.most >= run.whole.battery);
        prop_assert!(run.whole.fuel.abs() < 1e-12 || hybrid);
    }

    #[test]
    fn an_engine_burns_what_the_forces_take(points in street(), traffic in 1.0..2.5_f64) {
        let profile = WORLD.profile("generic-ice").unwrap();
        let engine = profile.engine.unwrap();
        let run = run(profile, &points, traffic);
        let (pulled, _) = textbook(profile, &run, f64::INFINITY);
        let burnt = pulled / (engine.efficiency * LITRE * JOULES);
        let idle = engine.idle * run.lasts / 3600.0;
        prop_assert!(run.whole.fuel > burnt * 0.99 && run.whole.fuel < burnt * 1.01 + idle * 1.3);
    }

    /// Pulling is either burnt or comes out of the store, which braking fills.
    #[test]
    fn a_hybrid_uses_every_joule_once(points in street(), traffic in 1.0..2.5_f64) {
        let profile = WORLD.profile("generic-hev").unwrap();
        let engine = profile.engine.unwrap();
        let run = run(profile, &points, traffic);
        let (mut pulled, mut drawn, mut fuel) = (0.0, 0.0, 0.0_f64);
        for pair in run.pieces.windows(2) {
            let (piece, next) = (&pair[0], &pair[1]);
            let held = -next.taken.stored;
            prop_assert!((-1e-9..=run.physics.buffer + 1e-9).contains(&held), "{held}");
            prop_assert!(next.taken.fuel >= piece.taken.fuel, "fuel flows back");
            let joules = work(&piece.phase, piece.force, run.physics.drag, piece.phase.lasts);
            match piece.regime {
                Regime::Stored => drawn += next.taken.stored - piece.taken.stored,
                Regime::Burning => fuel += joules,
                _ => continue,
            }
            pulled += joules;
        }
        prop_assert!(close(pulled, fuel + drawn * 0.88 * JOULES));
        prop_assert!(run.whole.fuel >= fuel / (engine.efficiency * LITRE * JOULES) * 0.999);
    }

    #[test]
    fn moments_at_which_so_much_was_taken(points in street(), share in 0.01..0.99_f64) {
        let profile = WORLD.profile("generic-phev").unwrap();
        let run = run(profile, &points, 1.3);
        let taken = run.most * share;
        let when = run.when_battery(taken).unwrap();
        prop_assert!((run.at(when).taken.battery - taken).abs() < 1e-6);
        prop_assert_eq!(run.when_battery(run.most + 0.1), None);
        let taken = run.whole.fuel * share;
        let when = run.when_fuel(taken).unwrap();
        prop_assert!((run.at(when).taken.fuel - taken).abs() < 1e-6);
    }
}

/// Ten kilometres downhill: the battery fills, and no further than it can.
#[test]
fn a_full_battery_takes_nothing_in() {
    let point = |north: f64, elevation| Waypoint {
        latitude: 45.0 + north,
        longitude: 5.0,
        elevation,
        limit: 70.0,
    };
    let points = [point(0.0, 900.0), point(0.05, 600.0), point(0.09, 300.0)];
    let run = run(WORLD.profile("generic-bev").unwrap(), &points, 1.0);
    assert!(
        run.whole.battery < -0.5 && run.least < -0.5,
        "{}",
        run.whole.battery
    );
    let held = |held, until| run.drained((held, 64.0, 0.0), 1.0, until).0;
    assert!((held(30.0, run.lasts) - 30.0 + run.whole.battery).abs() < 1e-9);
    assert!(held(63.9, run.lasts) <= 64.0 && held(63.9, run.lasts) > 63.95);
    let mut before = 63.9;
    for second in 0..Duration::from_secs_f64(run.lasts).as_secs() {
        let now = held(63.9, Duration::from_secs(second).as_secs_f64());
        assert!((now - before).abs() < 0.05 && now <= 64.0);
        before = now;
    }
}
