//! The content of the catalogue is what its documents say.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap like tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use carport_model::car_model::CarModels;
use carport_model::{Brands, Powertrain};
use carport_simulator::world::World;
use carport_simulator::world::city::City;

fn document(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(name)).unwrap()
}

fn kilometres(city: &City, route: &str) -> f64 {
    city.map.routes[route].length() / 1000.0
}

#[test]
fn routes_are_as_long_as_the_catalogue_says() {
    let world = World::embedded();
    for city in world.cities() {
        for (route, range) in [
            ("commute", 12.0..=25.0),
            ("errand", 2.0..=6.0),
            ("outward", 120.0..=180.0),
            ("onward", 90.0..=150.0),
        ] {
            let length = kilometres(city, route);
            assert!(range.contains(&length), "{} {route}: {length} km", city.id);
        }
        let legs: f64 = (1..=13)
            .map(|leg| kilometres(city, &format!("leg{leg}")))
            .sum();
        assert!((25.0..=45.0).contains(&legs), "{}: {legs} km", city.id);
        for (name, route) in &city.map.routes {
            let limits = route.points.iter().map(|point| point.limit);
            let limits = limits.fold((f64::MAX, 0.0_f64), |(least, most), limit| {
                (least.min(limit), most.max(limit))
            });
            assert!(limits.0 >= 30.0 && limits.1 <= 130.0, "{} {name}", city.id);
        }
    }
}

#[test]
fn profiles_are_of_models_that_the_catalogue_knows() {
    let world = World::embedded();
    let models = CarModels::embedded(&Brands::embedded());
    let mut powertrains = BTreeSet::new();
    let mut count = 0;
    for profile in world.profiles() {
        let Some(make) = &profile.make else {
            continue;
        };
        let is_known = models
            .of(make)
            .any(|model| model.name == profile.model && model.powertrain == profile.powertrain);
        assert!(
            is_known,
            "{}: {make} {} is no model",
            profile.id, profile.model
        );
        powertrains.insert(profile.powertrain.as_str());
        count += 1;
    }
    assert!(count >= 45);
    assert_eq!(powertrains.len(), 4);
    for powertrain in [
        Powertrain::Bev,
        Powertrain::Phev,
        Powertrain::Hev,
        Powertrain::Ice,
    ] {
        let id = format!("generic-{}", powertrain.as_str().to_lowercase());
        let generic = world.profile(&id).unwrap();
        assert_eq!((generic.powertrain, &generic.make), (powertrain, &None));
    }
}

#[test]
fn the_scenario_of_the_guide_can_be_lived() {
    let guide = document("docs/guide/scenarios.md");
    let example = guide.split("```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let world = World::embedded();
    let taken = world.add_scenario("school-run", example);
    taken.unwrap_or_else(|error| panic!("{error}"));
    let journey = world
        .journey("generic-bev", "school-run", "denver")
        .unwrap();
    assert_eq!(journey.length().as_secs(), 24 * 3600);
    assert_eq!(journey.stages().len(), 7);
}

#[test]
fn the_catalogue_lists_all_scenarios() {
    let listed = document("catalogue/README.md");
    let guide = document("docs/guide/scenarios.md");
    let world = World::embedded();
    for (scenario, _) in world.scenarios() {
        assert!(listed.contains(&format!("| `{scenario}` |")), "{scenario}");
    }
    for city in world.cities() {
        for place in city
            .map
            .places
            .keys()
            .filter(|place| !place.starts_with("stop"))
        {
            assert!(guide.contains(&format!("`{place}`")), "{place}");
        }
        for route in city
            .map
            .routes
            .keys()
            .filter(|route| !route.starts_with("leg"))
        {
            assert!(guide.contains(&format!("`{route}`")), "{route}");
        }
    }
}
