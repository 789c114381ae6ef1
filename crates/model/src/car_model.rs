//! Car models: data, one TOML file a make under `catalogue/models/`, embedded in the binary; an
//! overlay folder may add makes or put others in their place. Source: contract rest-v2, 4.2.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use toml::Spanned;

use crate::catalogue::{self, CatalogueError, File};
use crate::country::Region;
use crate::vin::VinPattern;
use crate::{Brand, BrandId, Brands, Permission, Permissions, Powertrain};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../catalogue/models");
static POWERTRAINS: &str = include_str!("../../../catalogue/powertrains.toml");

/// A model of a make, with one powertrain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarModel {
    /// Brand it is sold under.
    pub make: BrandId,
    /// Name as the maker writes it.
    pub name: String,
    /// Model years.
    pub years: Years,
    /// What moves it.
    pub powertrain: Powertrain,
    /// Where it is sold and its make's connected service exists.
    pub regions: Vec<Region>,
    /// Permissions that cars of this model serve.
    pub permissions: Permissions,
    /// How VINs of this model begin; empty when they do not tell it.
    pub vin: Vec<VinPattern>,
}

/// First and last model year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<i32>")]
pub struct Years {
    /// First model year.
    pub first: i32,
    /// Last model year; `None` while the model is still made.
    pub last: Option<i32>,
}

impl Years {
    /// Whether a car of `year` can be of this model.
    #[must_use]
    pub fn contains(self, year: i32) -> bool {
        self.first <= year && self.last.is_none_or(|last| year <= last)
    }
}

/// The numbers are no model years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "years are [first, last], or [first] while the model is still made; the first is 1980 or later"
)]
pub struct NoYears;

impl TryFrom<Vec<i32>> for Years {
    type Error = NoYears;

    fn try_from(years: Vec<i32>) -> Result<Self, NoYears> {
        let (first, last) = match *years {
            [first] => (first, None),
            [first, last] => (first, Some(last)),
            _ => return Err(NoYears),
        };
        if first < 1980 || last.is_some_and(|last| last < first) {
            return Err(NoYears);
        }
        Ok(Self { first, last })
    }
}

/// A file: a make and its models.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    make: Spanned<BrandId>,
    /// What its connected service offers beside the usual, to cars that have the part for it.
    #[serde(default)]
    adds: Vec<Permission>,
    /// What its connected service does not offer.
    #[serde(default)]
    lacks: Vec<Permission>,
    #[serde(rename = "model")]
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    years: Years,
    #[serde(rename = "type")]
    powertrain: Powertrain,
    /// Those of the make when absent.
    regions: Option<Vec<Region>>,
    #[serde(default)]
    adds: Vec<Spanned<Permission>>,
    #[serde(default)]
    lacks: Vec<Permission>,
    #[serde(default)]
    vin: Vec<VinPattern>,
}

/// All models, ordered by the names of their makes, then as their file lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarModels(Vec<CarModel>);

impl CarModels {
    /// The models of `brands` that ship with Carport.
    ///
    /// # Panics
    /// When an embedded file is malformed, which a test rules out.
    #[must_use]
    pub fn embedded(brands: &Brands) -> Self {
        Self::with_overlay(&[], brands).expect("embedded model files are well formed")
    }

    /// The embedded models with the files of `overlay` (file name, text), each in the place of
    /// whatever was there of its make.
    ///
    /// # Errors
    /// [`CatalogueError`] for a file that does not hold models of one of `brands`.
    pub fn with_overlay(
        overlay: &[(String, String)],
        brands: &Brands,
    ) -> Result<Self, CatalogueError> {
        let usual = usual();
        let mut by_make = BTreeMap::new();
        for file in catalogue::files(&EMBEDDED, overlay) {
            let sheet: Sheet = file.read()?;
            let brand = brands.get(sheet.make.get_ref()).ok_or_else(|| {
                let problem = format!("{} is no brand's id", sheet.make.get_ref());
                file.mistake(sheet.make.span(), problem)
            })?;
            let mut models = Vec::with_capacity(sheet.rows.len());
            for row in &sheet.rows {
                row.check(&file)?;
                models.push(sheet.model(row, brand, &usual));
            }
            by_make.insert(brand.id.clone(), models);
        }
        let models = brands.iter().filter_map(|brand| by_make.remove(&brand.id));
        Ok(Self(models.flatten().collect()))
    }

    /// All models.
    pub fn iter(&self) -> impl Iterator<Item = &CarModel> {
        self.0.iter()
    }

    /// The models of a make.
    pub fn of<'a>(&'a self, make: &'a BrandId) -> impl Iterator<Item = &'a CarModel> {
        self.iter().filter(move |model| model.make == *make)
    }
}

/// What cars of each powertrain serve unless their file says otherwise.
fn usual() -> BTreeMap<Powertrain, Permissions> {
    toml::from_str(POWERTRAINS).expect("the embedded powertrains are well formed")
}

impl Row {
    /// Refuses additions for which a car of this powertrain has no part.
    fn check(&self, file: &File<'_>) -> Result<(), CatalogueError> {
        let powertrain = self.powertrain;
        let mut adds = self.adds.iter();
        match adds.find(|added| !powertrain.has_what_it_takes_for(*added.get_ref())) {
            None => Ok(()),
            Some(added) => {
                let problem = format!("a {powertrain} cannot serve {}", added.get_ref());
                Err(file.mistake(added.span(), problem))
            }
        }
    }
}

impl Sheet {
    fn model(
        &self,
        row: &Row,
        brand: &Brand,
        usual: &BTreeMap<Powertrain, Permissions>,
    ) -> CarModel {
        let usual = usual.get(&row.powertrain).into_iter();
        let of_make = self.adds.iter().copied();
        let served = usual
            .flat_map(|usual| usual.as_slice().iter().copied())
            .chain(of_make.filter(|added| row.powertrain.has_what_it_takes_for(*added)))
            .filter(|served| !self.lacks.contains(served))
            .chain(row.adds.iter().map(|added| *added.get_ref()))
            .filter(|served| !row.lacks.contains(served));
        let sold = |region: &Region| {
            row.regions
                .as_ref()
                .is_none_or(|list| list.contains(region))
        };
        CarModel {
            make: brand.id.clone(),
            name: row.name.clone(),
            years: row.years,
            powertrain: row.powertrain,
            regions: brand.regions.iter().copied().filter(sold).collect(),
            permissions: served.collect(),
            vin: row.vin.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
