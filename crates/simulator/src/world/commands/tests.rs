//! Every row of contract connect-oauth, E.4.

use std::sync::LazyLock;
use std::time::Duration;

use carport_model::Timestamp;
use carport_model::simulation::{Latency, Timeline};

use super::*;
use crate::world::World;

const SCENARIO: &str = "id = 'rows'\nname = 'Rows'\nabout = 'x'\nstarts_at = '08:00'\n\
    temperature = { low = 10, high = 20 }\nstart = { charge = 0.5 }\n\
    [[stage]]\nname = 'Parked'\ndo = 'park'\nat = 'home'\nfor = '1h'\n\
    [[stage]]\nname = 'Plugged in'\ndo = 'park'\nat = 'home'\nplugged = true\nfor = '1h'\n\
    [[stage]]\nname = 'Charging'\ndo = 'charge'\nat = 'home'\npower = 11\ncurrent = 'AC'\n\
    limit = 0.6\nfor = '10h'\n\
    [[stage]]\nname = 'Asleep'\ndo = 'sleep'\nat = 'home'\nfor = '1h'\n\
    [[stage]]\nname = 'Away'\ndo = 'unreachable'\nat = 'home'\nfor = '1h'\n\
    [[stage]]\nname = 'Driving'\ndo = 'drive'\nroute = 'commute'\n";

static ROWS: LazyLock<World> = LazyLock::new(|| {
    let world = World::embedded();
    world.add_scenario("rows", SCENARIO).unwrap();
    world
});

const PARKED: u64 = 30;
const PLUGGED: u64 = 90;
const CHARGING: u64 = 125;
const FULL: u64 = 700;
const ASLEEP: u64 = 750;
const AWAY: u64 = 810;
const DRIVING: u64 = 845;

/// A course that has been running for so many minutes.
struct Case {
    profile: &'static str,
    minutes: u64,
    course: Course,
}

fn car(profile: &'static str, minutes: u64, is_stateless: bool) -> Case {
    let course = Course {
        profile: profile.into(),
        scenario: "rows".into(),
        city: "denver".into(),
        seed: 4,
        timeline: Timeline::running_since(Timestamp::default()),
        commands: Box::default(),
        is_stateless,
        latency: Latency::Ideal,
    };
    Case {
        profile,
        minutes,
        course,
    }
}

impl Case {
    fn send(&self, command: &Command) -> Result<(), &'static ErrorSpec> {
        let journey = ROWS.journey(self.profile, "rows", "denver").unwrap();
        let state = journey.state(&self.course, Duration::from_mins(self.minutes));
        answer(&state, &self.course, command)
    }
}

const LIMIT: Command = Command::SetChargeLimit(0.9);

#[test]
fn locks() {
    for is_stateless in [false, true] {
        for command in [Command::Lock, Command::Unlock] {
            for profile in ["generic-bev", "generic-ice"] {
                let send = |minutes| car(profile, minutes, is_stateless).send(&command);
                assert_eq!(send(PARKED), Ok(()));
                assert_eq!(send(CHARGING), Ok(()));
                assert_eq!(send(DRIVING), Err(&error::IN_MOTION));
            }
        }
    }
}

#[test]
fn starting_and_stopping_to_charge() {
    for is_stateless in [false, true] {
        for command in [Command::StartCharge, Command::StopCharge, LIMIT] {
            for minutes in [PARKED, DRIVING] {
                let answer = car("generic-phev", minutes, is_stateless).send(&command);
                assert_eq!(answer, Err(&error::CHARGING_PLUG_NOT_CONNECTED));
                let answer = car("generic-hev", minutes, is_stateless).send(&command);
                assert_eq!(answer, Err(&error::VEHICLE_NOT_CAPABLE));
            }
            assert_eq!(
                car("generic-bev", PLUGGED, is_stateless).send(&command),
                Ok(())
            );
        }
        assert_eq!(
            car("generic-bev", CHARGING, is_stateless).send(&Command::StopCharge),
            Ok(())
        );
    }
    let start = |minutes, is_stateless| {
        car("generic-bev", minutes, is_stateless).send(&Command::StartCharge)
    };
    assert_eq!(start(CHARGING, true), Ok(()));
    assert_eq!(start(FULL, true), Ok(()));
    assert_eq!(start(CHARGING, false), Err(&error::CHARGING_IN_PROGRESS));
    assert_eq!(start(FULL, false), Err(&error::FULLY_CHARGED));
}

#[test]
fn setting_the_limit() {
    let send = |minutes, is_stateless| car("generic-bev", minutes, is_stateless).send(&LIMIT);
    assert_eq!(send(CHARGING, true), Err(&error::SMARTCAR_NOT_CAPABLE));
    assert_eq!(send(CHARGING, false), Ok(()));
    assert_eq!(send(FULL, false), Ok(()));
}

#[test]
fn what_belongs_to_one_make() {
    for command in [
        Command::SetAmperage(10.0),
        Command::StartClimate(None),
        Command::OpenRearTrunk,
    ] {
        let bev = |is_stateless| car("generic-bev", PARKED, is_stateless).send(&command);
        assert_eq!(bev(true), Err(&error::SMARTCAR_NOT_CAPABLE));
        assert_eq!(bev(false), Ok(()));
    }
    let amperage = car("generic-ice", PARKED, false).send(&Command::SetAmperage(10.0));
    assert_eq!(amperage, Err(&error::VEHICLE_NOT_CAPABLE));
    assert_eq!(
        car("generic-ice", PARKED, true).send(&Command::ClearPin),
        Ok(())
    );
}

#[test]
fn cars_that_cannot_be_reached() {
    let lock = |case: &Case| case.send(&Command::Lock);
    assert_eq!(
        lock(&car("generic-bev", ASLEEP, false)),
        Err(&error::ASLEEP)
    );
    assert_eq!(
        lock(&car("generic-bev", AWAY, true)),
        Err(&error::UNREACHABLE)
    );
    assert_eq!(
        lock(&car("generic-bev", 10_000, false)),
        Err(&error::UNREACHABLE),
        "finished"
    );
    let mut case = car("generic-bev", PARKED, false);
    case.course.timeline.motion = Motion::Paused;
    assert_eq!(lock(&case), Err(&error::UNREACHABLE));
    case.course.timeline.motion = Motion::Created;
    assert_eq!(lock(&case), Err(&error::ACCOUNT_ISSUE));
}

#[test]
fn commands_with_an_effect() {
    assert_eq!(effect_of(&Command::Lock), Some(Effect::Lock));
    assert_eq!(effect_of(&Command::Unlock), Some(Effect::Unlock));
    assert_eq!(effect_of(&Command::StartCharge), Some(Effect::StartCharge));
    assert_eq!(effect_of(&Command::StopCharge), Some(Effect::StopCharge));
    assert_eq!(effect_of(&LIMIT), Some(Effect::ChargeLimit(0.9)));
    assert_eq!(
        effect_of(&Command::SetAmperage(6.0)),
        Some(Effect::Amperage(6.0))
    );
    assert_eq!(effect_of(&Command::StopClimate), None);
}
