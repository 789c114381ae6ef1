//! The world of simulated cars: their state at any moment, computed from what is kept of them.
//!
//! It knows no clock, no store and no HTTP. Start reading in [`World`], then [`Journey`]: a kind of
//! car, a scenario and a city, compiled once; [`CarState`] is what follows for one car and moment.
//! Formulas, parameters and their sources: `docs/guide/simulator-physics.md`.

mod charging;
pub mod city;
mod commands;
pub(crate) mod drive;
pub mod geometry;
mod individual;
#[cfg(test)]
mod invariants;
mod journey;
mod physics;
pub mod profile;
mod run;
pub mod scenario;
mod state;
mod weather;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

pub use commands::{answer, effect_of, reachable};
pub use journey::{Journey, Leg, LegKind, Spot};
pub use state::{BatteryState, CarState, PlugState, TankState};

use carport_model::catalogue::{self, File};
use carport_model::country::Country;
use carport_model::{BrandId, CatalogueError, Name, Powertrain};
use carport_web::words::t;
use include_dir::{Dir, include_dir};
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};

use city::{City, Waypoint};
use profile::Profile;
use scenario::Scenario;

static PROFILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../catalogue/profiles");
static CITIES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../catalogue/cities");
static SCENARIOS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../catalogue/scenarios");

/// Profiles, cities and scenarios, and the journeys compiled from them. Many tasks share one.
pub struct World {
    profiles: Vec<Arc<Profile>>,
    cities: Vec<City>,
    scenarios: RwLock<BTreeMap<Name, Arc<Scenario>>>,
    journeys: Cache<Key, Compiled, Weight>,
}

/// Profile, scenario, city.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key(Name, Name, Name);

/// The same names as they are asked for, so that asking takes no memory. Hashes as [`Key`] does.
#[derive(Hash)]
struct Sought<'a>(&'a str, &'a str, &'a str);

impl Equivalent<Key> for Sought<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == key.0.as_str() && self.1 == key.1.as_str() && self.2 == key.2.as_str()
    }
}

/// A journey, and the scenario from which it was compiled, to tell one that was replaced.
type Compiled = (Arc<Scenario>, Arc<Journey>);

/// Bytes that compiled journeys may take: some hundred of them.
const ROOM: u64 = 64 * 1024 * 1024;

/// Journeys for which there is likely room.
const JOURNEYS: usize = 256;

/// A journey counts as much as it takes in memory.
#[derive(Clone)]
struct Weight;

impl Weighter<Key, Compiled> for Weight {
    fn weight(&self, _: &Key, (_, journey): &Compiled) -> u64 {
        u64::try_from(journey.size()).unwrap_or(u64::MAX)
    }
}

/// There is no such journey.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoJourney {
    /// Nor such a profile.
    #[error("{}", t("there is no profile {id}; choose one of the list of profiles").with("id", _0))]
    Profile(String),
    /// Nor such a scenario.
    #[error("{}", t("there is no scenario {id}; choose one of the list of scenarios, or add it").with("id", _0))]
    Scenario(String),
    /// Nor such a city.
    #[error("{}", t("there is no city {id}; choose one of the list of cities").with("id", _0))]
    City(String),
}

/// Files of an operator's own: name and text of each.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    /// Of the folder `profiles`.
    pub profiles: Vec<(String, String)>,
    /// Of the folder `cities`.
    pub cities: Vec<(String, String)>,
    /// Of the folder `scenarios`; what does not end in `.toml` is a track that a scenario names.
    pub scenarios: Vec<(String, String)>,
}

impl World {
    /// The profiles, cities and scenarios that ship with Carport.
    ///
    /// # Panics
    /// When an embedded file is malformed, which a test rules out.
    #[must_use]
    pub fn embedded() -> Self {
        Self::with_overlay(&Overlay::default()).expect("embedded simulator files are well formed")
    }

    /// The embedded files with those of `overlay` added; what bears the same id takes its place.
    ///
    /// # Errors
    /// [`CatalogueError`] for a file that is none of these, or a scenario that cannot be lived in
    /// each of the cities.
    pub fn with_overlay(overlay: &Overlay) -> Result<Self, CatalogueError> {
        let (cities, own) = cities(overlay)?;
        Ok(Self {
            profiles: profiles(overlay)?,
            scenarios: RwLock::new(scenarios(overlay, &cities, &own)?),
            cities,
            journeys: Cache::with_weighter(JOURNEYS, ROOM, Weight),
        })
    }

    /// All profiles, by their ids.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter().map(|profile| &**profile)
    }

    /// All cities, by their ids.
    pub fn cities(&self) -> impl Iterator<Item = &City> {
        self.cities.iter()
    }

    /// All scenarios at this moment, by their ids.
    #[must_use]
    pub fn scenarios(&self) -> Vec<(Name, Arc<Scenario>)> {
        let scenarios = self
            .scenarios
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let pairs = scenarios
            .iter()
            .map(|(id, scenario)| (id.clone(), Arc::clone(scenario)));
        pairs.collect()
    }

    /// The profile with this id.
    #[must_use]
    pub fn profile(&self, id: &str) -> Option<&Profile> {
        self.profiles().find(|profile| &*profile.id == id)
    }

    /// The city with this id.
    #[must_use]
    pub fn city(&self, id: &str) -> Option<&City> {
        self.cities().find(|city| &*city.id == id)
    }

    /// The scenario with this id.
    #[must_use]
    pub fn scenario(&self, id: &str) -> Option<Arc<Scenario>> {
        let scenarios = self
            .scenarios
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        scenarios.get(id).cloned()
    }

    /// The profile of a car: that of its model and year, else of its model, else the generic one of
    /// its powertrain.
    #[must_use]
    pub fn profile_of(
        &self,
        make: &BrandId,
        model: &str,
        year: i32,
        powertrain: Powertrain,
    ) -> &Profile {
        let of_model = |profile: &&Profile| {
            profile.make.as_ref() == Some(make)
                && profile.model.eq_ignore_ascii_case(model)
                && profile.powertrain == powertrain
        };
        let of_year = |profile: &&Profile| of_model(profile) && profile.years.contains(year);
        let generic =
            |profile: &&Profile| profile.make.is_none() && profile.powertrain == powertrain;
        let mut known = self.profiles().filter(of_year);
        let known = known.next().or_else(|| self.profiles().find(of_model));
        let known = known.or_else(|| self.profiles().find(generic));
        known.expect("each powertrain has a generic profile")
    }

    /// A city of this country, else of its region, else the first.
    #[must_use]
    pub fn city_in(&self, country: &str) -> &City {
        let of_country = |city: &&City| city.country.eq_ignore_ascii_case(country);
        let region = Country::find(country).map(|country| country.region);
        let of_region = |city: &&City| {
            let own = Country::find(&city.country).map(|country| country.region);
            own.is_some() && own == region
        };
        let city = self.cities().find(of_country);
        let city = city.or_else(|| self.cities().find(of_region));
        city.or_else(|| self.cities.first())
            .expect("there is a city")
    }

    /// The journey of such a car; compiled when it is asked for the first time.
    ///
    /// # Errors
    /// [`NoJourney`] for an unknown name.
    pub fn journey(
        &self,
        profile: &str,
        scenario: &str,
        city: &str,
    ) -> Result<Arc<Journey>, NoJourney> {
        let lived = self.scenario(scenario);
        let lived = lived.ok_or_else(|| NoJourney::Scenario(scenario.to_owned()))?;
        let sought = Sought(profile, scenario, city);
        if let Some((compiled, journey)) = self.journeys.get(&sought)
            && Arc::ptr_eq(&compiled, &lived)
        {
            return Ok(journey);
        }
        let key = Key(profile.into(), scenario.into(), city.into());
        let known = self.profiles.iter().find(|known| *known.id == *profile);
        let profile = known.ok_or_else(|| NoJourney::Profile(profile.to_owned()))?;
        let city = self
            .city(city)
            .ok_or_else(|| NoJourney::City(city.to_owned()))?;
        let journey = Arc::new(Journey::new(profile, &lived, city));
        self.journeys.insert(key, (lived, Arc::clone(&journey)));
        Ok(journey)
    }

    /// Adds a scenario at run time, under an id of the caller's choice; what bears it is replaced.
    ///
    /// # Errors
    /// [`CatalogueError`] with the place of the first mistake; nothing is changed then.
    pub fn add_scenario(&self, id: &str, text: &str) -> Result<(), CatalogueError> {
        let read = |_: &str| Err("a scenario that is sent writes its points itself".to_owned());
        let scenario = scenario::read(&File::new(id, text), self.cities(), &read)?;
        let mut scenarios = self
            .scenarios
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        scenarios.insert(id.into(), Arc::new(scenario));
        Ok(())
    }

    /// Takes a scenario away; whether there was one.
    pub fn remove_scenario(&self, id: &str) -> bool {
        let mut scenarios = self
            .scenarios
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        scenarios.remove(id).is_some()
    }
}

fn profiles(overlay: &Overlay) -> Result<Vec<Arc<Profile>>, CatalogueError> {
    let mut by_id = BTreeMap::new();
    for file in catalogue::files(&PROFILES, &overlay.profiles) {
        for profile in profile::read(&file)? {
            by_id.insert(profile.id.clone(), Arc::new(profile));
        }
    }
    Ok(by_id.into_values().collect())
}

/// The cities, and the ids of those of the overlay.
fn cities(overlay: &Overlay) -> Result<(Vec<City>, BTreeSet<Name>), CatalogueError> {
    let mut by_id = BTreeMap::new();
    for file in catalogue::files(&CITIES, &[]) {
        let city = city::read(&file)?;
        by_id.insert(city.id.clone(), city);
    }
    let mut own = BTreeSet::new();
    for (name, text) in &overlay.cities {
        let city = city::read(&File::new(name, text))?;
        own.insert(city.id.clone());
        by_id.insert(city.id.clone(), city);
    }
    Ok((by_id.into_values().collect(), own))
}

/// The scenarios. A test has seen that those which ship can be lived in the cities that ship, which
/// takes as long as reading them all; here they are checked with the overlay's cities only.
fn scenarios(
    overlay: &Overlay,
    cities: &[City],
    own: &BTreeSet<Name>,
) -> Result<BTreeMap<Name, Arc<Scenario>>, CatalogueError> {
    let mut by_id = BTreeMap::new();
    let track = |name: &str| track(name, &overlay.scenarios);
    for file in catalogue::files(&SCENARIOS, &[]) {
        let own = cities.iter().filter(|city| own.contains(&city.id));
        let scenario = scenario::read(&file, own, &track)?;
        by_id.insert(scenario.id.clone(), Arc::new(scenario));
    }
    for (name, text) in &overlay.scenarios {
        let extension = Path::new(name).extension();
        if extension.is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
            let file = File::new(name, text);
            let scenario = scenario::read(&file, cities.iter(), &track)?;
            by_id.insert(scenario.id.clone(), Arc::new(scenario));
        }
    }
    Ok(by_id)
}

/// The points of a track that lies beside the scenarios.
fn track(name: &str, files: &[(String, String)]) -> Result<Vec<Waypoint>, String> {
    let file = files.iter().find(|file| file.0 == name);
    let (_, text) = file.ok_or_else(|| format!("there is no file {name} beside the scenario"))?;
    crate::import::route(name, text).map_err(|error| format!("{name}, {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    /// One world for all tests: reading it takes longer than most of them.
    pub(super) static WORLD: LazyLock<World> = LazyLock::new(World::embedded);

    fn pair(file: &include_dir::File<'_>) -> (String, String) {
        let text = file.contents_utf8().unwrap();
        (file.path().display().to_string(), text.to_owned())
    }

    #[test]
    fn what_ships_is_whole() {
        // As an overlay, each scenario is checked with each city.
        let overlay = Overlay {
            scenarios: SCENARIOS.files().map(pair).collect(),
            ..Overlay::default()
        };
        let world = World::with_overlay(&overlay).unwrap_or_else(|error| panic!("{error}"));
        assert!(world.profiles().count() >= 44);
        assert!(world.cities().count() >= 8);
        assert_eq!(world.scenarios().len(), overlay.scenarios.len());
    }

    #[test]
    fn an_overlay_adds_and_replaces_and_is_checked_with_all() {
        let grid = ("grid.toml".to_owned(), city::tests::GRID.to_owned());
        let one = "[[profile]]\nid = 'generic-ice'\ntype = 'ICE'\nmass = 999\ndrag_area = 0.5\n\
                   rolling = 0.01\nauxiliary = 0.2\nengine = { tank = 30, efficiency = 0.3 }\n";
        let overlay = Overlay {
            profiles: vec![("own.toml".to_owned(), one.to_owned())],
            cities: vec![grid],
            scenarios: Vec::new(),
        };
        let world = World::with_overlay(&overlay).unwrap_or_else(|error| panic!("{error}"));
        assert!(world.journey("generic-ice", "day-commute", "grid").is_ok());
        assert!(world.profile("generic-ice").unwrap().mass < 1000.0);
        // A city in which the shop is elsewhere cannot be lived in.
        let (from, to) = (
            "from = \"home\"\nto = \"work\"",
            "from = \"shop\"\nto = \"work\"",
        );
        let moved = city::tests::GRID.replacen(from, to, 1).replacen(
            "[40, -105, 100, 50]",
            "[40.02, -105, 100, 50]",
            1,
        );
        let overlay = Overlay {
            cities: vec![("grid.toml".to_owned(), moved)],
            ..Overlay::default()
        };
        let error = World::with_overlay(&overlay).err().unwrap().to_string();
        assert!(
            error.contains("from where the stage before it ends, in grid"),
            "{error}"
        );
    }

    #[test]
    fn tracks_lie_beside_their_scenarios() {
        let sheet = "id = 'ride'\nname = 'Ride'\nabout = 'x'\nstarts_at = '08:00'\n\
                     temperature = { low = 10, high = 20 }\nstart = {}\n\
                     [[stage]]\nname = 'Ride'\ndo = 'drive'\nroute = 'ride'\n\
                     [places.here]\nname = 'Here'\nposition = [45.0, 5.0]\n\
                     [places.there]\nname = 'There'\nposition = [45.02, 5.0]\n\
                     [routes.ride]\nfrom = 'here'\nto = 'there'\nfile = 'ride.geojson'\n";
        let line =
            "{\"type\": \"LineString\", \"coordinates\": [[5, 45], [5.001, 45.01], [5, 45.02]]}";
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let with = |files: Vec<(String, String)>| {
            World::with_overlay(&Overlay {
                scenarios: files,
                ..Overlay::default()
            })
        };
        let world = with(vec![file("ride.toml", sheet), file("ride.geojson", line)]);
        let world = world.unwrap_or_else(|error| panic!("{error}"));
        let journey = world.journey("generic-bev", "ride", "oslo").unwrap();
        let (_, points) = journey.route_points().next().unwrap();
        assert_eq!(points.len(), 3);
        let error = with(vec![file("ride.toml", sheet)])
            .err()
            .unwrap()
            .to_string();
        assert!(
            error.contains("there is no file ride.geojson beside the scenario"),
            "{error}"
        );
        let error = with(vec![file("ride.toml", sheet), file("ride.geojson", "{")]);
        assert!(error.err().unwrap().to_string().contains("ride.geojson, "));
    }

    #[test]
    fn profiles_and_cities_are_found_or_stood_in_for() {
        let world = &*WORLD;
        let kia = BrandId::new("KIA");
        let of =
            |model: &str, year, powertrain| &*world.profile_of(&kia, model, year, powertrain).id;
        assert_eq!(of("EV6", 2023, Powertrain::Bev), "kia-ev6");
        assert_eq!(of("ev6", 1999, Powertrain::Bev), "kia-ev6", "another year");
        assert_eq!(
            of("EV6", 2023, Powertrain::Ice),
            "generic-ice",
            "another powertrain"
        );
        assert_eq!(of("Pony", 2023, Powertrain::Hev), "generic-hev");
        let city = |country| world.city_in(country).country.as_str();
        assert_eq!(city("CA"), "CA");
        assert_eq!(city("de"), "DE");
        let swiss = Country::find(city("CH")).unwrap().region;
        assert_eq!(swiss, Country::find("CH").unwrap().region);
        assert_eq!(city("ZZ"), world.cities().next().unwrap().country);
    }
}
