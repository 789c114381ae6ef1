//! Profiles: the numbers that make a car drive, charge and burn as it does. Data, one TOML file a
//! make under `catalogue/profiles/`.

use carport_model::car_model::Years;
use carport_model::catalogue::File;
use carport_model::{BrandId, CatalogueError, Powertrain};
use serde::Deserialize;
use toml::Spanned;

/// A kind of car.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its name: lower case, words joined by `-`; unique.
    pub id: Box<str>,
    /// Brand; `None` for the generic ones.
    pub make: Option<BrandId>,
    /// Model, as the catalogue of models spells it; the powertrain for the generic ones.
    pub model: String,
    /// Model years; all years for the generic ones.
    pub years: Years,
    /// What moves it.
    pub powertrain: Powertrain,
    /// Kilograms, with a driver.
    pub mass: f64,
    /// Drag coefficient times frontal area, square metres.
    pub drag_area: f64,
    /// Coefficient of rolling resistance.
    pub rolling: f64,
    /// Kilowatts that the car takes while it is on, heating and cooling left out.
    pub auxiliary: f64,
    /// The traction battery; `None` without one.
    pub battery: Option<Battery>,
    /// The engine; `None` without one.
    pub engine: Option<Engine>,
    /// Seats: two make one row of doors, more make two.
    pub seats: u8,
    /// Pressure of the cold tyres, at 20 degrees Celsius.
    pub tyres: Tyres,
}

/// A traction battery and what charges it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Battery {
    /// Usable energy, kWh.
    pub usable: f64,
    /// Most power that it takes of alternating current, kW; 0 without a plug.
    #[serde(default)]
    pub ac: f64,
    /// Most power that it takes of direct current, kW; 0 when it takes none.
    #[serde(default)]
    pub dc: f64,
    /// Share of the battery from which on the power of direct current falls.
    #[serde(default = "usual_taper")]
    pub taper: f64,
}

const fn usual_taper() -> f64 {
    0.6
}

/// A combustion engine and its tank.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// Litres that the tank holds.
    pub tank: f64,
    /// Share of the fuel's energy that comes out at the wheels.
    pub efficiency: f64,
    /// Litres an hour while it idles.
    #[serde(default)]
    pub idle: f64,
}

/// Pressure of cold tyres, kilopascals.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tyres {
    /// Of the front tyres.
    pub front: f64,
    /// Of the rear tyres.
    pub rear: f64,
}

impl Default for Tyres {
    fn default() -> Self {
        Self {
            front: 240.0,
            rear: 240.0,
        }
    }
}

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
            id: self.id.into_inner().into(),
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
pub(super) fn is_name(text: &str) -> bool {
    let is_word = |word: &str| {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(is_plain)
    };
    text.len() <= 64 && text.split('-').all(is_word)
}

/// Refuses a number outside of what can be.
pub(super) fn within(
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
    at: &std::ops::Range<usize>,
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

#[cfg(test)]
mod tests {
    use super::*;

    const EV6: &str = "make = 'KIA'\n[[profile]]\nid = 'kia-ev6'\nmodel = 'EV6'\nyears = [2022]\n\
                       type = 'BEV'\nmass = 2130\ndrag_area = 0.68\nrolling = 0.0095\n\
                       auxiliary = 0.35\nbattery = { usable = 74.0, ac = 11.0, dc = 233.0 }\n";

    fn refusal(text: &str) -> String {
        read(&File::new("x.toml", text)).unwrap_err().to_string()
    }

    #[test]
    fn a_profile_and_what_it_leaves_out() {
        let profiles = read(&File::new("kia.toml", EV6)).unwrap();
        let ev6 = &profiles[0];
        assert_eq!((&*ev6.id, ev6.powertrain), ("kia-ev6", Powertrain::Bev));
        assert_eq!((ev6.seats, ev6.tyres.front), (5, 240.0));
        assert_eq!(ev6.battery.unwrap().taper, 0.6);
    }

    #[test]
    fn impossible_cars_are_refused_with_the_place() {
        let refused = refusal(&EV6.replace("2130", "-5"));
        assert_eq!(
            refused,
            "x.toml, line 7, column 8: mass is a number from 400 to 20000"
        );
        let refused = refusal(&EV6.replace("2130", "nan"));
        assert_eq!(
            refused,
            "x.toml, line 7, column 8: mass is a number from 400 to 20000"
        );
        let refused = refusal(&EV6.replace("BEV", "ICE"));
        assert_eq!(
            refused,
            "x.toml, line 6, column 8: a ICE does not have a battery"
        );
        let refused = refusal(&EV6.replace("'BEV'", "'PHEV'"));
        assert_eq!(refused, "x.toml, line 6, column 8: a PHEV has an engine");
        let refused = refusal(&EV6.replace("rolling", "roling"));
        assert!(refused.starts_with("x.toml, line 9, column 1: unknown field `roling`"));
        let refused = refusal(&EV6.replace("usable = 74.0", "usable = 0"));
        assert!(refused.contains("line 11"), "{refused}");
        assert!(refusal(&EV6.replace("kia-ev6", "Kia EV6")).contains("line 3, column 6: an id"));
    }
}
