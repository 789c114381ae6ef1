use std::sync::LazyLock;

use carport_model::Timestamp;
use carport_model::simulation::{Course, Effect, Latency, TimedEffect, Timeline};

use super::*;
use crate::world::World;
use crate::world::tests::WORLD;

pub(in crate::world) fn course(profile: &str, scenario: &str, city: &str, seed: u64) -> Course {
    Course {
        profile: profile.into(),
        scenario: scenario.into(),
        city: city.into(),
        seed,
        timeline: Timeline::running_since(Timestamp::default()),
        commands: Box::default(),
        is_stateless: false,
        latency: Latency::Ideal,
    }
}

#[test]
fn where_a_car_is_in_its_journey() {
    let world = &*WORLD;
    let day = world
        .journey("generic-bev", "day-commute", "denver")
        .unwrap();
    assert!(day.repeats());
    assert_eq!(day.length(), Duration::from_hours(24));
    let spot = day.position_of(Duration::from_hours(24 * 3 + 1));
    assert_eq!((spot.cycle, spot.stage, spot.is_finished), (3, 0, false));
    let drive = day
        .stages()
        .iter()
        .position(|leg| leg.kind == LegKind::Drive)
        .unwrap();
    let start = day.start_of(drive, Duration::from_hours(49)).unwrap();
    assert_eq!(day.position_of(start).stage, drive);
    assert_eq!(day.position_of(start).cycle, 2);
    assert_eq!(day.start_of(99, start), None);

    let long = world
        .journey("generic-bev", "long-drive", "denver")
        .unwrap();
    let last = long.stages().len() - 1;
    let spot = long.position_of(Duration::MAX);
    assert_eq!(
        (spot.stage, spot.offset, spot.is_finished),
        (last, long.length(), true)
    );
    assert!(
        !long
            .position_of(long.length().saturating_sub(Duration::from_millis(1)))
            .is_finished
    );
    assert!(day.position_of(Duration::MAX).cycle > 1 << 40);
}

#[test]
fn unknown_names_are_told_and_journeys_are_compiled_once() {
    let world = World::embedded();
    let journey = |profile, scenario, city| world.journey(profile, scenario, city);
    let known = journey("generic-ice", "parked", "oslo").unwrap();
    assert!(Arc::ptr_eq(
        &known,
        &journey("generic-ice", "parked", "oslo").unwrap()
    ));
    let no = journey("trabant", "parked", "oslo").unwrap_err();
    assert_eq!(no, crate::world::NoJourney::Profile("trabant".into()));
    assert!(journey("generic-ice", "flying", "oslo").is_err());
    assert!(journey("generic-ice", "parked", "atlantis").is_err());
    // Replacing a scenario replaces its journeys.
    let text = include_str!("../../../../../catalogue/scenarios/sleeper.toml");
    world.add_scenario("parked", text).unwrap();
    let other = journey("generic-ice", "parked", "oslo").unwrap();
    assert_ne!(other.stages(), known.stages());
    assert!(world.add_scenario("parked", "name = 3").is_err());
    assert!(Arc::ptr_eq(
        &other,
        &journey("generic-ice", "parked", "oslo").unwrap()
    ));
    assert!(world.remove_scenario("parked"));
    assert!(journey("generic-ice", "parked", "oslo").is_err());
}

/// A day of charging at home, from half full.
const CHARGE: &str = "id = 'charge'\nname = 'Charge'\nabout = 'x'\nstarts_at = '20:00'\n\
    temperature = { low = 10, high = 20 }\nstart = { charge = 0.5, odometer = [10, 10] }\n\
    [[stage]]\nname = 'Charge'\ndo = 'charge'\nat = 'home'\npower = 7.4\ncurrent = 'AC'\n\
    limit = 0.8\nfor = '20h'\n\
    [[stage]]\nname = 'Plugged in'\ndo = 'park'\nat = 'home'\nplugged = true\nfor = '4h'\n\
    [[stage]]\nname = 'Out'\ndo = 'drive'\nroute = 'commute'\n\
    [[stage]]\nname = 'There'\ndo = 'park'\nat = 'work'\nfor = '1h'\n";

static HOME: LazyLock<World> = LazyLock::new(|| {
    let world = World::embedded();
    world.add_scenario("charge", CHARGE).unwrap();
    world
});

fn charging(commands: &[(u64, Effect)], minutes: u64) -> CarState {
    let journey = HOME.journey("generic-bev", "charge", "berlin").unwrap();
    let mut course = course("generic-bev", "charge", "berlin", 1);
    let timed = |(minute, effect): &(u64, Effect)| TimedEffect {
        at: Duration::from_mins(*minute),
        effect: *effect,
    };
    course.commands = commands.iter().map(timed).collect();
    journey.state(&course, Duration::from_mins(minutes))
}

fn charge_of(state: &CarState) -> f64 {
    state.battery.unwrap().charge
}

#[test]
fn commands_have_effects_from_then_on() {
    let untold = charge_of(&charging(&[], 60));
    let before = charge_of(&charging(&[], 30));
    let stopped = charging(&[(30, Effect::StopCharge)], 60);
    assert!((charge_of(&stopped) - before).abs() < 1e-12);
    assert!(stopped.plug.unwrap().is_plugged && !stopped.plug.unwrap().is_charging);
    let resumed = charging(&[(30, Effect::StopCharge), (45, Effect::StartCharge)], 60);
    assert!(charge_of(&resumed) > before && charge_of(&resumed) < untold);
    // In any order of writing, and not before they are given.
    let swapped = charging(&[(45, Effect::StartCharge), (30, Effect::StopCharge)], 60);
    assert_eq!(swapped.battery, resumed.battery);
    let later = charging(&[(61, Effect::StopCharge)], 60);
    assert_eq!(later.battery, charging(&[], 60).battery);
    let slow = charging(&[(0, Effect::Amperage(8.0))], 60);
    let plug = slow.plug.unwrap();
    assert!((plug.amperes - 8.0).abs() < 1e-9 && (plug.power - 1.84).abs() < 1e-9);
    assert!(charge_of(&slow) < untold);
    let limited = charging(&[(10, Effect::ChargeLimit(0.6))], 19 * 60);
    assert!((charge_of(&limited) - 0.6).abs() < 1e-12);
    assert!(limited.plug.unwrap().is_full && !limited.plug.unwrap().is_charging);
    let raised = charging(
        &[
            (10, Effect::ChargeLimit(0.6)),
            (600, Effect::ChargeLimit(1.0)),
        ],
        1199,
    );
    assert!(charge_of(&raised) > 0.99);
    // Plugged in, a car charges when it is told to, up to the limit that holds.
    let full = charging(&[], 1230).plug.unwrap();
    assert!(full.is_full && !full.is_charging && (full.limit - 0.8).abs() < 1e-12);
    let raised = (1205, Effect::ChargeLimit(1.0));
    assert!(!charging(&[raised], 1230).plug.unwrap().is_charging);
    let told = charging(&[raised, (1210, Effect::StartCharge)], 1230);
    assert!(told.plug.unwrap().is_charging);
}

#[test]
fn locks_follow_use_and_commands_until_the_stage_ends() {
    assert!(charging(&[], 30).is_locked);
    assert!(!charging(&[(10, Effect::Unlock)], 30).is_locked);
    assert!(charging(&[(10, Effect::Unlock), (20, Effect::Lock)], 30).is_locked);
    assert!(
        charging(&[(10, Effect::Unlock)], 1210).is_locked,
        "a stage later"
    );
    let drive = 24 * 60;
    let leaving = charging(&[], drive - 1);
    assert!(!leaving.is_locked && !leaving.is_door_open);
    let journey = HOME.journey("generic-bev", "charge", "berlin").unwrap();
    let course = course("generic-bev", "charge", "berlin", 1);
    let before = |seconds| journey.state(&course, Duration::from_secs(drive * 60 - seconds));
    assert!(before(30).is_door_open);
    assert!(!before(10).is_door_open && !before(10).is_locked);
    assert!(before(90).is_locked);
    assert!(charging(&[], drive + 5).is_locked, "while driving");
}

#[test]
fn a_battery_that_runs_empty_leaves_the_car_on_the_road() {
    let world = World::embedded();
    let text = CHARGE
        .replace("commute", "outward")
        .replace("'work'", "'charger'");
    let text = text
        .replace("charge = 0.5", "charge = 0.1")
        .replace("plugged = true\n", "");
    world.add_scenario("empty", &text).unwrap();
    let journey = world.journey("generic-bev", "empty", "berlin").unwrap();
    let mut course = course("generic-bev", "empty", "berlin", 1);
    let end = journey.length().saturating_sub(Duration::from_mins(1));
    let charged = journey.state(&course, end);
    assert!(!charged.is_stranded && charge_of(&charged) > 0.1);
    course.commands = [TimedEffect {
        at: Duration::ZERO,
        effect: Effect::StopCharge,
    }]
    .into();
    let stranded = journey.state(&course, end);
    assert!(stranded.is_stranded && !stranded.is_driving && !stranded.plug.unwrap().is_plugged);
    assert_eq!((stranded.speed, charge_of(&stranded)), (0.0, 0.0));
    assert!(stranded.odometer > 20.0 && stranded.odometer < charged.odometer - 20.0);
    // Nothing changes any more, and nothing jumps when it happens.
    let later = journey.state(&course, Duration::from_hours(1000));
    assert_eq!(
        (later.position, later.odometer),
        (stranded.position, stranded.odometer)
    );
    let drive = journey
        .stages()
        .iter()
        .find(|leg| leg.kind == LegKind::Drive)
        .unwrap();
    let mut before = journey.state(&course, drive.start);
    for second in 1..drive.lasts().as_secs() {
        let now = journey.state(&course, drive.start + Duration::from_secs(second));
        assert!(now.odometer - before.odometer < 0.05);
        assert!(charge_of(&now) <= charge_of(&before) + 1e-3 && charge_of(&now) >= 0.0);
        before = now;
    }
}

#[test]
fn a_tank_that_is_too_small_for_a_drive_leaves_the_car_on_the_road() {
    let world = World::embedded();
    let points: Vec<String> = (0..60)
        .map(|step| format!("[{}, 10.0, 0, 120]", 40.0 + 0.25 * f64::from(step)))
        .collect();
    let text = format!(
        "id = 'far'\nname = 'Far'\nabout = 'x'\nstarts_at = '08:00'\n\
         temperature = {{ low = 10, high = 20 }}\nstart = {{ fuel = 1 }}\n\
         [[stage]]\nname = 'Far'\ndo = 'drive'\nroute = 'far'\n\
         [[stage]]\nname = 'There'\ndo = 'park'\nat = 'there'\nfor = '1h'\n\
         [places.here]\nname = 'Here'\nposition = [40.0, 10.0]\n\
         [places.there]\nname = 'There'\nposition = [54.75, 10.0]\n\
         [routes.far]\nfrom = 'here'\nto = 'there'\npoints = [{}]\n",
        points.join(", ")
    );
    world
        .add_scenario("far", &text)
        .unwrap_or_else(|error| panic!("{error}"));
    for profile in ["generic-ice", "generic-hev", "generic-phev"] {
        let journey = world.journey(profile, "far", "lyon").unwrap();
        let state = journey.state(&course(profile, "far", "lyon", 3), journey.length());
        assert!(state.is_stranded, "{profile}");
        assert!(state.tank.unwrap().litres.abs() < 1e-6);
    }
}

#[test]
fn a_year_and_a_century_are_as_quick_as_a_day() {
    let world = &*WORLD;
    for profile in ["generic-bev", "generic-phev", "generic-hev", "generic-ice"] {
        for scenario in ["day-commute", "week"] {
            let journey = world.journey(profile, scenario, "montreal").unwrap();
            let course = course(profile, scenario, "montreal", 5);
            let day = Duration::from_hours(24);
            let state = |days: u32| journey.state(&course, day * days + Duration::from_hours(12));
            let (year, later) = (state(364), state(364 + 7));
            let week = journey.metres / 1000.0 * if scenario == "week" { 1.0 } else { 7.0 };
            assert!(
                (later.odometer - year.odometer - week).abs() < 0.01,
                "{profile} {scenario}"
            );
            assert!(!state(36_525).is_stranded, "{profile} {scenario}");
            // Walking cycle by cycle comes to the same.
            let walked = (0..=12).map(|week| state(week * 7)).collect::<Vec<_>>();
            for pair in walked.windows(2) {
                assert!(pair[1].odometer > pair[0].odometer);
            }
        }
    }
}

#[test]
fn cycles_that_are_passed_over_are_as_if_they_had_been_lived() {
    let world = &*WORLD;
    for profile in ["generic-bev", "generic-ice", "generic-phev"] {
        let journey = world.journey(profile, "day-commute", "lyon").unwrap();
        let quiet = course(profile, "day-commute", "lyon", 9);
        let mut busy = quiet.clone();
        // A command of no consequence each night makes every cycle be lived by itself.
        let lock = |night: u64| TimedEffect {
            at: Duration::from_hours(24 * night + 2),
            effect: Effect::Lock,
        };
        busy.commands = (0..150).map(lock).collect();
        for hours in [3, 24 * 40 + 9, 24 * 149 + 20] {
            let at = Duration::from_hours(hours);
            let (quiet, busy) = (journey.state(&quiet, at), journey.state(&busy, at));
            assert_eq!(
                quiet.battery.map(|battery| battery.energy.to_bits()),
                busy.battery.map(|battery| battery.energy.to_bits()),
                "{profile} {hours}"
            );
            assert_eq!(quiet.tank, busy.tank, "{profile} {hours}");
            assert_eq!(quiet.charges, busy.charges, "{profile} {hours}");
        }
    }
}
