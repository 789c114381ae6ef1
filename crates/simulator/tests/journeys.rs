//! Every kind of car lives through every scenario in every city.

use std::time::Duration;

use carport_model::Timestamp;
use carport_model::simulation::{Course, Latency, Timeline};
use carport_simulator::world::{Journey, World};

fn course(profile: &str, scenario: &str, city: &str, seed: u64) -> Course {
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

/// The stage in which a car runs empty, if it does, at first or when weeks have passed.
fn stranded<'a>(journey: &'a Journey, course: &Course) -> Option<&'a str> {
    let later = if journey.repeats() {
        journey.length() * 40
    } else {
        Duration::ZERO
    };
    let ends = journey.stages().iter().find(|leg| {
        let end = leg.end.saturating_sub(Duration::from_millis(1));
        let is_stranded = |time| journey.state(course, time).is_stranded;
        is_stranded(end) || is_stranded(later + end)
    });
    ends.map(|leg| leg.name.as_str())
}

/// All scenarios in all cities, for one kind of car.
fn live(world: &World, profile: &str, seeds: u64) -> Vec<String> {
    let mut told = Vec::new();
    for city in world.cities() {
        for (scenario, _) in world.scenarios() {
            let journey = world.journey(profile, &scenario, &city.id);
            let journey =
                journey.unwrap_or_else(|error| panic!("{profile} {scenario} {}: {error}", city.id));
            for seed in 0..seeds {
                let course = course(profile, &scenario, &city.id, seed);
                if let Some(stage) = stranded(&journey, &course) {
                    told.push(format!(
                        "{profile}, {scenario}, {}, seed {seed}: {stage}",
                        city.id
                    ));
                }
            }
        }
    }
    told
}

#[test]
fn no_generic_car_runs_empty() {
    let world = World::embedded();
    for profile in ["generic-bev", "generic-phev", "generic-hev", "generic-ice"] {
        assert_eq!(live(&world, profile, 10), Vec::<String>::new());
    }
}

#[test]
fn no_car_of_a_maker_runs_empty() {
    let world = World::embedded();
    let profiles: Vec<&str> = world.profiles().map(|profile| &*profile.id).collect();
    assert!(profiles.len() >= 49);
    let mut told = Vec::new();
    for profile in profiles {
        told.extend(live(&world, profile, 1));
    }
    assert_eq!(told, Vec::<String>::new());
}
