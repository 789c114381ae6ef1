//! Car brands: data, one TOML file each under `catalogue/brands/`, embedded in the binary; an
//! overlay folder may add or change some. Source: contract connect-oauth, A.10.

use std::collections::BTreeMap;
use std::fmt;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};

use crate::catalogue::{self, CatalogueError};
use crate::country::Region;
use crate::name::Name;
use crate::reading::CapacityChoice;
use crate::vehicle::Level;
use crate::vin::VinPattern;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../catalogue/brands");

/// Id of a brand, upper case with underscores: `LAND_ROVER`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BrandId(Name);

impl BrandId {
    /// Takes an id as it is written; for ids that came out of the catalogue or the store.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self(Name::new(id))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BrandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for BrandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A car that test mode generates for a brand.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestVehicle {
    /// Model name.
    pub model: String,
    /// First and last model year.
    pub years: [i32; 2],
    /// What the car can do.
    pub level: Level,
    /// What its battery may hold, see [`crate::vehicle::FoundVehicle::capacities`]; absent for the
    /// usual one of its powertrain.
    #[serde(default)]
    pub capacities: Option<Vec<CapacityChoice>>,
}

/// A brand.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// Id, also the id of its button on the brand page.
    pub id: BrandId,
    /// Name as the maker writes it.
    pub name: String,
    /// One or two initials on the enamel plate; never a logo.
    pub plate: String,
    /// Other spellings the search finds.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Where its connected service exists; empty means known but not available yet.
    pub regions: Vec<Region>,
    /// How VINs of its cars begin; where two brands match, the longer beginning counts.
    #[serde(default)]
    pub vin: Vec<VinPattern>,
    /// Whether the tenth character of a VIN is the model year outside North America too, where each
    /// maker decides.
    #[serde(default)]
    pub year_in_vin: bool,
    /// Name of the connected service or its app, as owners know it; empty when it has none.
    #[serde(default)]
    pub service: String,
    /// Cars of a test-mode account; at least one.
    #[serde(rename = "test")]
    pub test_vehicles: Vec<TestVehicle>,
}

impl Brand {
    /// Whether the brand is listed for owners of `region`.
    #[must_use]
    pub fn is_offered_in(&self, region: Region) -> bool {
        self.regions.contains(&region)
    }

    /// Whether a search for `typed` finds the brand: any part of its name or of an alias.
    #[must_use]
    pub fn is_found_by(&self, typed: &str) -> bool {
        let typed = comparable(typed);
        [self.name.as_str(), self.id.as_str()]
            .into_iter()
            .chain(self.aliases.iter().map(String::as_str))
            .any(|name| comparable(name).contains(&typed))
    }
}

/// All brands, ordered by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Brands(Vec<Brand>);

impl Brands {
    /// The brands that ship with Carport.
    ///
    /// # Panics
    /// When an embedded file is malformed, which a test rules out.
    #[must_use]
    pub fn embedded() -> Self {
        Self::with_overlay(&[]).expect("embedded brand files are well formed")
    }

    /// The embedded brands with those of `overlay` (file name, text) added or put in their place.
    ///
    /// # Errors
    /// [`CatalogueError`] for a file that is not a brand.
    pub fn with_overlay(overlay: &[(String, String)]) -> Result<Self, CatalogueError> {
        let mut by_id = BTreeMap::new();
        for file in catalogue::files(&EMBEDDED, overlay) {
            let brand: Brand = file.read()?;
            if brand.test_vehicles.is_empty() {
                return Err(file.mistake(0..0, "a brand needs at least one [[test]] vehicle"));
            }
            by_id.insert(brand.id.clone(), brand);
        }
        let mut brands: Vec<Brand> = by_id.into_values().collect();
        brands.sort_by_key(|brand| comparable(&brand.name));
        Ok(Self(brands))
    }

    /// All brands in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Brand> {
        self.0.iter()
    }

    /// The brand with this very id.
    #[must_use]
    pub fn get(&self, id: &BrandId) -> Option<&Brand> {
        self.0.iter().find(|brand| brand.id == *id)
    }

    /// The brand an application names in `make`: its id, name or an alias, in any letter case
    /// and whatever stands between the words.
    #[must_use]
    pub fn find(&self, make: &str) -> Option<&Brand> {
        let make = comparable(make);
        self.0.iter().find(|brand| {
            comparable(brand.id.as_str()) == make
                || comparable(&brand.name) == make
                || brand.aliases.iter().any(|alias| comparable(alias) == make)
        })
    }
}

/// Letters and digits only, lower case, without the accents that brand names use.
fn comparable(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'ë' | 'é' => 'e',
            'š' => 's',
            other => other,
        })
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_whole() {
        let brands = Brands::embedded();
        assert_eq!(brands.iter().count(), 45);
        let volt = brands.find("chevy").unwrap();
        assert_eq!(
            (volt.id.as_str(), volt.test_vehicles[0].model.as_str()),
            ("CHEVROLET", "Volt")
        );
    }

    #[test]
    fn makes_resolve_as_clients_spell_them() {
        let brands = Brands::embedded();
        let id = |make: &str| brands.find(make).map(|brand| brand.id.as_str().to_owned());
        for make in ["LANDROVER", "LAND_ROVER", "Land Rover", "land-rover"] {
            assert_eq!(id(make).as_deref(), Some("LAND_ROVER"));
        }
        for make in ["MERCEDES", "MERCEDES-BENZ", "Mercedes_Benz"] {
            assert_eq!(id(make).as_deref(), Some("MERCEDES_BENZ"));
        }
        assert_eq!(id("VW").as_deref(), Some("VOLKSWAGEN"));
        assert_eq!(id("ALFAROMEO").as_deref(), Some("ALFA_ROMEO"));
        assert_eq!(id("citroen").as_deref(), Some("CITROEN"));
        assert_eq!(id("TRABANT"), None);
    }

    #[test]
    fn an_overlay_adds_and_names_its_mistakes() {
        let trabant = "id = 'TRABANT'\nname = 'Trabant'\nplate = 'Tr'\nregions = ['EUROPE']\n\
                       [[test]]\nmodel = '601'\nyears = [1985, 1990]\nlevel = 'fuel'";
        let brands = Brands::with_overlay(&[("trabant.toml".into(), trabant.into())]).unwrap();
        assert_eq!(brands.iter().count(), 46);
        let error = Brands::with_overlay(&[("x.toml".into(), "id = 3".into())]).unwrap_err();
        assert!(error.to_string().starts_with("x.toml, line 1, column 6: "));
        let none = trabant.split("[[test]]").next().unwrap().to_owned() + "test = []";
        let error = Brands::with_overlay(&[("t.toml".into(), none)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "t.toml, line 1, column 1: a brand needs at least one [[test]] vehicle"
        );
    }
}
