//! The days of generated cars: nobody made a simulation for them, so each lives through *Day Commute*
//! by itself, for ever, in a city where its brand is offered. Source: contract connect-oauth, D.1.

use std::sync::Arc;
use std::time::Duration;

use carport_model::country::{Country, Region};
use carport_model::simulation::Latency;
use carport_model::{Brands, Course, Timeline, Timestamp, Vehicle, VehicleId};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::world::World;
use crate::world::city::City;

/// The scenario.
const SCENARIO: &str = "day-commute";
/// Midnight of 1 January 2024, UTC: when the days of these cars began.
const BEGAN: Timestamp = Timestamp::from_millis(1_704_067_200_000);
/// Cars do not all leave at the same minute.
const LATEST: u64 = 45 * 60;

/// Courses that are remembered. Another one is worked out anew, which takes some microseconds.
const REMEMBERED: usize = 10_000;

/// The courses of generated cars. Nothing is stored of them: the same vehicle always has the same.
#[derive(Debug, Clone)]
pub(crate) struct Everyday {
    brands: Arc<Brands>,
    met: Arc<Cache<VehicleId, Arc<Course>>>,
}

impl Everyday {
    /// Of cars of these brands.
    pub(crate) fn new(brands: Arc<Brands>) -> Self {
        let met = Arc::new(Cache::new(REMEMBERED));
        Self { brands, met }
    }

    /// The course of a generated car.
    pub(crate) fn course(&self, world: &World, vehicle: &Vehicle) -> Arc<Course> {
        self.met.get(&vehicle.id).unwrap_or_else(|| {
            let course = Arc::new(course(world, &self.brands, vehicle));
            self.met.insert(vehicle.id, Arc::clone(&course));
            course
        })
    }
}

fn course(world: &World, brands: &Brands, vehicle: &Vehicle) -> Course {
    let car = &vehicle.car;
    let seed = seed(vehicle);
    let profile = world.profile_of(&car.make, &car.model, car.year, car.powertrain);
    let brand = brands.get(&car.make);
    let is_near = |city: &&City| {
        let region = Country::find(&city.country).map(|country| country.region);
        region.is_some_and(|region: Region| brand.is_none_or(|brand| brand.is_offered_in(region)))
    };
    let cities: Vec<&City> = world.cities().filter(is_near).collect();
    let near = u64::try_from(cities.len()).unwrap_or(u64::MAX);
    let nth = seed
        .checked_rem(near)
        .and_then(|nth| usize::try_from(nth).ok());
    let city = nth.map_or_else(|| world.city_in("US"), |nth| cities[nth]);
    Course {
        profile: profile.id.clone(),
        scenario: SCENARIO.into(),
        city: city.id.clone(),
        seed,
        timeline: Timeline::running_since(leaves(city, seed)),
        commands: Box::default(),
        is_stateless: false,
        latency: Latency::Ideal,
    }
}

/// When the clocks of the city showed midnight on the first day, and a little later.
fn leaves(city: &City, seed: u64) -> Timestamp {
    let minutes = Duration::from_secs(u64::from(city.utc_offset.unsigned_abs()) * 60);
    let midnight = if city.utc_offset < 0 {
        BEGAN.plus(minutes)
    } else {
        BEGAN.minus(minutes)
    };
    // Other bits than those that chose the city.
    midnight.plus(Duration::from_secs((seed >> 32) % LATEST))
}

fn seed(vehicle: &Vehicle) -> u64 {
    let mut hash = Sha256::new();
    hash.update(vehicle.id.as_bytes());
    hash.update(vehicle.car.vin.as_str());
    let digest: [u8; 32] = hash.finalize().into();
    let (first, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
    u64::from_le_bytes(*first)
}
