//! How profiles are written.

use std::ops::Range;

use carport_model::car_model::Years;
use carport_model::catalogue::File;
use carport_model::{BrandId, CatalogueError, Powertrain};
use serde::Deserialize;
use toml::Spanned;

use super::{Battery, Engine, Profile, Tyres};

/// A file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    make: Option<BrandId>,
    #[serde(rename = "profile")]
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    model: Option<String>,
    years: Option<Years>,
    #[serde(rename = "type")]
    powertrain: Spanned<Powertrain>,
    mass: Spanned<f64>,
    drag_area: Spanned<f64>,
    rolling: Spanned<f64>,
    auxiliary: Spanned<f64>,
    battery: Option<Spanned<Battery>>,
    engine: Option<Spanned<Engine>>,
    seats: Option<Spanned<u8>>,
    #[serde(default)]
    tyres: Option<Spanned<Tyres>>,
}

/// The profiles of a file.
///
/// # Errors
/// [`CatalogueError`] with the place of the first mistake: an unknown key, a number that no car
/// has, a part that its powertrain does not have or lacks.
pub fn read(file: &File<'_>) -> Result<Vec<Profile>, CatalogueError> {
    let sheet: Sheet = file.read()?;
    let make = sheet.make;
    sheet
        .rows
        .into_iter()
        .map(|row| {
            row.check(file)?;
            if make.is_some() && (row.model.is_none() || row.years.is_none()) {
                let problem = "a profile of a make has a model and years";
                return Err(file.mistake(row.id.span(), problem));
            }
            Ok(row.profile(make.clone()))
        })
        .collect()
}

impl Row {
    fn check(&self, file: &File<'_>) -> Result<(), CatalogueError> {
        if !is_name(self.id.get_ref()) {
            let problem = "an id is lower case letters, digits and single -";
            return Err(file.mistake(self.id.span(), problem));
        }
        within(file, "mass", &self.mass, 400.0, 20_000.0)?;
        within(file, "drag_area", &self.drag_area, 0.2, 10.0)?;
        within(file, "rolling", &self.rolling, 0.004, 0.05)?;
        within(file, "auxiliary", &self.auxiliary, 0.0, 10.0)?;
        self.check_parts(file)?;
        if let Some(seats) = self
            .seats
            .as_ref()
            .filter(|seats| !(1..=9).contains(seats.get_ref()))
        {
            return Err(file.mistake(seats.span(), "seats are 1 to 9"));
        }
        let Some(tyres) = &self.tyres else {
            return Ok(());
        };
        let Tyres { front, rear } = *tyres.get_ref();
        is_within(file, "front", front, &tyres.span(), 150.0, 900.0)?;
        is_within(file, "rear", rear, &tyres.span(), 150.0, 900.0)
    }

    /// Battery and engine are as the powertrain has them.
    fn check_parts(&self, file: &File<'_>) -> Result<(), CatalogueError> {
        let powertrain = *self.powertrain.get_ref();
        let has_battery = powertrain != Powertrain::Ice;
        let has_engine = powertrain != Powertrain::Bev;
        for (part, is_there, should) in [
            ("a battery", self.battery.is_some(), has_battery),
            ("an engine", self.engine.is_some(), has_engine),
        ] {
            if is_there != should {
                let has = if should { "has" } else { "does not have" };
                let problem = format!("a {powertrain} {has} {part}");
                return Err(file.mistake(self.powertrain.span(), problem));
            }
        }
        if let Some(battery) = &self.battery {
            let (at, least) = (battery.span(), f64::from(u8::from(powertrain.has_plug())));
            let battery = battery.get_ref();
            is_within(file, "usable", battery.usable, &at, 0.3, 1000.0)?;
            is_within(file, "ac", battery.ac, &at, least, 100.0)?;
            is_within(file, "dc", battery.dc, &at, 0.0, 1000.0)?;
            is_within(file, "taper", battery.taper, &at, 0.1, 0.95)?;
        }
        if let Some(engine) = &self.engine {
            let (at, engine) = (engine.span(), engine.get_ref());
            is_within(file, "tank", engine.tank, &at, 5.0, 500.0)?;
            is_within(file, "efficiency", engine.efficiency, &at, 0.05, 0.5)?;
            is_within(file, "idle", engine.idle, &at, 0.0, 10.0)?;
        }
        Ok(())
    }

    fn profile(self, make: Option<BrandId>) -> Profile {
        let powertrain = self.powertrain.into_inner();
        let all = Years {
            first: 1980,
            last: None,
        };
        Profile {
            id: self.id.into_inner().as_str().into(),
            make,
            model: self.model.unwrap_or_else(|| powertrain.to_string()),
            years: self.years.unwrap_or(all),
            powertrain,
            mass: self.mass.into_inner(),
            drag_area: self.drag_area.into_inner(),
            rolling: self.rolling.into_inner(),
            auxiliary: self.auxiliary.into_inner(),
            battery: self.battery.map(Spanned::into_inner),
            engine: self.engine.map(Spanned::into_inner),
            seats: self.seats.map_or(5, Spanned::into_inner),
            tyres: self.tyres.map(Spanned::into_inner).unwrap_or_default(),
        }
    }
}

/// Whether a text is a name of the catalogue: lower case words joined by `-`.
pub(in crate::world) fn is_name(text: &str) -> bool {
    let is_word = |word: &str| {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(is_plain)
    };
    text.len() <= 64 && text.split('-').all(is_word)
}

/// Refuses a number outside of what can be.
pub(in crate::world) fn within(
    file: &File<'_>,
    what: &str,
    number: &Spanned<f64>,
    low: f64,
    high: f64,
) -> Result<(), CatalogueError> {
    is_within(file, what, *number.get_ref(), &number.span(), low, high)
}

fn is_within(
    file: &File<'_>,
    what: &str,
    number: f64,
    at: &Range<usize>,
    low: f64,
    high: f64,
) -> Result<(), CatalogueError> {
    // Not the reverse, which would let NaN pass.
    if number >= low && number <= high {
        return Ok(());
    }
    let problem = format!("{what} is a number from {low} to {high}");
    Err(file.mistake(at.clone(), problem))
}
