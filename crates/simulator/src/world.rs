//! The world of simulated cars: their state at any moment, computed from what is kept of them.
//!
//! It knows no clock, no store and no HTTP. Start reading in [`World`], then `journey`.

pub mod city;
mod drive;
pub mod geometry;
pub mod profile;
pub mod scenario;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use carport_model::catalogue::{self, File};
use carport_model::country::Country;
use carport_model::{BrandId, CatalogueError, Powertrain};
use include_dir::{Dir, include_dir};

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
    scenarios: RwLock<BTreeMap<Box<str>, Arc<Scenario>>>,
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
        let mut world = Self {
            profiles: profiles(overlay)?,
            cities: cities(overlay)?,
            scenarios: RwLock::default(),
        };
        let mut scenarios = BTreeMap::new();
        let is_sheet = |file: &File<'_>| file.name().ends_with(".toml");
        for file in catalogue::files(&SCENARIOS, &overlay.scenarios).filter(is_sheet) {
            let track = |name: &str| track(name, &overlay.scenarios);
            let scenario = scenario::read(&file, world.cities(), &track)?;
            scenarios.insert(scenario.id.clone(), Arc::new(scenario));
        }
        world.scenarios = RwLock::new(scenarios);
        Ok(world)
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
    pub fn scenarios(&self) -> Vec<(Box<str>, Arc<Scenario>)> {
        let scenarios = self.scenarios.read().unwrap_or_else(PoisonError::into_inner);
        let pairs = scenarios.iter().map(|(id, scenario)| (id.clone(), Arc::clone(scenario)));
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
        let scenarios = self.scenarios.read().unwrap_or_else(PoisonError::into_inner);
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
        let generic = |profile: &&Profile| {
            profile.make.is_none() && profile.powertrain == powertrain
        };
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
        city.or_else(|| self.cities.first()).expect("there is a city")
    }

    /// Adds a scenario at run time, under an id of the caller's choice; what bears it is replaced.
    ///
    /// # Errors
    /// [`CatalogueError`] with the place of the first mistake; nothing is changed then.
    pub fn add_scenario(&self, id: &str, text: &str) -> Result<(), CatalogueError> {
        let read = |_: &str| Err("a scenario that is sent writes its points itself".to_owned());
        let scenario = scenario::read(&File::new(id, text), self.cities(), &read)?;
        let mut scenarios = self.scenarios.write().unwrap_or_else(PoisonError::into_inner);
        scenarios.insert(id.into(), Arc::new(scenario));
        Ok(())
    }

    /// Takes a scenario away; whether there was one.
    pub fn remove_scenario(&self, id: &str) -> bool {
        let mut scenarios = self.scenarios.write().unwrap_or_else(PoisonError::into_inner);
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

fn cities(overlay: &Overlay) -> Result<Vec<City>, CatalogueError> {
    let mut by_id = BTreeMap::new();
    for file in catalogue::files(&CITIES, &overlay.cities) {
        let city = city::read(&file)?;
        by_id.insert(city.id.clone(), city);
    }
    Ok(by_id.into_values().collect())
}

/// The points of a track that lies beside the scenarios.
fn track(name: &str, files: &[(String, String)]) -> Result<Vec<Waypoint>, String> {
    let file = files.iter().find(|file| file.0 == name);
    let (_, _text) = file.ok_or_else(|| format!("there is no file {name} beside the scenario"))?;
    Err("not yet".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_whole() {
        let overlay = Overlay::default();
        let world = World::with_overlay(&overlay).unwrap_or_else(|error| panic!("{error}"));
        assert!(world.profiles().count() >= 44);
        assert!(world.cities().count() >= 8);
        assert!(world.scenarios().len() >= 8);
    }
}
mod stub;
pub use stub::*;
