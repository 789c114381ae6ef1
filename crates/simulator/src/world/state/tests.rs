use std::collections::BTreeSet;
use std::time::Duration;

use carport_model::signal::{self, TestValue};
use carport_model::vehicle::FoundVehicle;
use carport_model::{BrandId, Permissions, Powertrain, Signal, SignalValue};

use super::CarState;
use crate::world::LegKind;
use crate::world::journey::tests::course;
use crate::world::tests::WORLD;

const CARS: [(&str, Powertrain); 4] = [
    ("generic-bev", Powertrain::Bev),
    ("generic-phev", Powertrain::Phev),
    ("generic-hev", Powertrain::Hev),
    ("generic-ice", Powertrain::Ice),
];

/// What a car may or may not have, whatever moves it.
const EXTRAS: [&str; 5] = [
    "closure-sunroof",
    "closure-tailgate",
    "hvac-issteeringheateractive",
    "surveillance-brand",
    "surveillance-isenabled",
];

fn found(powertrain: Powertrain) -> FoundVehicle {
    FoundVehicle {
        vin: "1SCTEST0000000001".parse().unwrap(),
        make: BrandId::new("KIA"),
        model: "Soul".to_owned(),
        year: 2024,
        powertrain,
        capabilities: Permissions::all(),
        capacities: Vec::new(),
    }
}

/// A minute into the first stage of a kind.
fn in_stage(profile: &str, scenario: &str, kind: LegKind, seed: u64) -> CarState {
    let journey = WORLD.journey(profile, scenario, "denver").unwrap();
    let leg = journey
        .stages()
        .iter()
        .find(|leg| leg.kind == kind)
        .unwrap();
    let at = leg.start + Duration::from_mins(2);
    journey.state(&course(profile, scenario, "denver", seed), at)
}

fn told(state: &CarState, car: &FoundVehicle) -> Vec<(Signal, SignalValue)> {
    let value = |signal| Some((signal, state.value(signal, car)?));
    signal::all().filter_map(value).collect()
}

/// What the signal list says that a car has.
fn expected(car: &FoundVehicle) -> BTreeSet<&'static str> {
    let state = in_stage("generic-bev", "parked", LegKind::Park, 0);
    let has = |signal: &Signal| {
        let spec = signal.spec();
        let has = match spec.test {
            TestValue::Made(make) => make(car, state.at).is_some(),
            _ => true,
        };
        has && car.powertrain.has_what_it_takes_for(spec.permission)
    };
    let codes = signal::all().filter(has).map(|signal| signal.spec().code);
    codes.filter(|code| !EXTRAS.contains(code)).collect()
}

#[test]
fn each_powertrain_has_the_signals_that_make_sense() {
    for (profile, powertrain) in CARS {
        let car = found(powertrain);
        let mut expected = expected(&car);
        if powertrain == Powertrain::Phev {
            // The generic one charges with alternating current only.
            expected.remove("charge-fastchargertype");
        }
        let mut all: BTreeSet<&str> = BTreeSet::new();
        for seed in 0..20 {
            let state = in_stage(profile, "day-commute", LegKind::Drive, seed);
            let told = told(&state, &car);
            let codes: BTreeSet<_> = told.iter().map(|(signal, _)| signal.spec().code).collect();
            all.extend(&codes);
            let plain = codes.iter().copied().filter(|code| !EXTRAS.contains(code));
            assert_eq!(plain.collect::<BTreeSet<_>>(), expected, "{powertrain}");
        }
        assert!(
            EXTRAS.iter().all(|extra| all.contains(extra)),
            "some cars have each"
        );
    }
    assert_eq!(
        expected(&found(Powertrain::Phev)).len() + EXTRAS.len() + 1,
        93
    );
}

#[test]
fn values_have_the_shape_and_precision_of_their_signals() {
    for (profile, powertrain) in CARS {
        for kind in [LegKind::Park, LegKind::Drive] {
            let state = in_stage(profile, "week", kind, 3);
            for (signal, value) in told(&state, &found(powertrain)) {
                let fits = signal.spec().test.fits(&value);
                assert!(fits, "{signal}: {value:?}");
                if let SignalValue::Number(number) = value {
                    let decimals = number.to_string();
                    let decimals = decimals.split_once('.').map_or(0, |number| number.1.len());
                    assert!(decimals <= 4, "{signal}: {number}");
                }
            }
        }
    }
}

fn value(state: &CarState, powertrain: Powertrain, code: &str) -> Option<SignalValue> {
    state.value(Signal::find(code).unwrap(), &found(powertrain))
}

#[test]
fn meters_agree_with_one_another() {
    let state = in_stage("generic-bev", "day-commute", LegKind::Charge, 1);
    let number = |code| match value(&state, Powertrain::Bev, code) {
        Some(SignalValue::Number(number)) => number,
        other => panic!("{code}: {other:?}"),
    };
    let watts = number("charge-voltage") * number("charge-amperage");
    assert!((watts - number("charge-wattage")).abs() < 50.0, "{watts}");
    let battery = state.battery.unwrap();
    let plug = state.plug.unwrap();
    assert!((-battery.power - plug.power * 0.9).abs() < 1e-9);
    let hours = (plug.limit * battery.usable - battery.energy) / -battery.power;
    assert!((number("charge-timetocomplete") - hours * 60.0).abs() < 1.0);
    let status = value(&state, Powertrain::Bev, "charge-detailedchargingstatus");
    assert_eq!(status, Some(SignalValue::Text("CHARGING".to_owned())));
    let gear = value(&state, Powertrain::Bev, "transmission-gearstate");
    assert_eq!(gear, Some(SignalValue::Text("PARK".to_owned())));
}

#[test]
fn past_charges_stay_where_they_were() {
    let journey = WORLD
        .journey("generic-bev", "day-commute", "berlin")
        .unwrap();
    let course = course("generic-bev", "day-commute", "berlin", 1);
    let at = |hours| journey.state(&course, Duration::from_hours(hours)).charges;
    let (evening, later) = (at(24 * 9 + 1), at(24 * 9 + 8));
    assert_eq!(evening.len(), 3);
    assert_eq!(evening[0], later[0]);
    let charge = &evening[0];
    assert!(charge.end.unwrap() > charge.start);
    assert_eq!(charge.place.as_ref().unwrap().name.as_deref(), Some("Home"));
    assert_eq!(charge.end_level, Some(0.8));
    assert!(at(3).is_empty());
}

#[test]
fn cars_that_sleep_say_so() {
    let state = in_stage("generic-bev", "sleeper", LegKind::Sleep, 1);
    let flag = |code| value(&state, Powertrain::Bev, code);
    let asleep = flag("connectivitystatus-isasleep");
    assert_eq!(asleep, Some(SignalValue::Flag(true)));
    assert_eq!(flag("closure-islocked"), Some(SignalValue::Flag(true)));
}
