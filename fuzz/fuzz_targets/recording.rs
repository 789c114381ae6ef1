//! Recorded days and lines on the ground, in each format: whatever becomes a scenario is one that the
//! simulator takes.

#![no_main]

use std::sync::LazyLock;

use carport_simulator::import::recording::scenario_from;
use carport_simulator::import::{Format, route};
use carport_simulator::world::World;
use libfuzzer_sys::fuzz_target;

static WORLD: LazyLock<World> = LazyLock::new(World::embedded);

fuzz_target!(|text: &str| {
    for format in [Format::Csv, Format::Gpx, Format::GeoJson] {
        if let Ok(scenario) = scenario_from(text, format, "A day") {
            let taken = WORLD.add_scenario("a-day", &scenario);
            assert!(taken.is_ok(), "{taken:?}\n{scenario}");
        }
    }
    for name in ["line.csv", "line.gpx", "line.geojson"] {
        if let Ok(points) = route(name, text) {
            assert!((2..=2_000).contains(&points.len()), "{}", points.len());
        }
    }
});
