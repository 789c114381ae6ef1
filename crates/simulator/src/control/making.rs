//! How a wish becomes a car.

use carport_model::country::Country;
use carport_model::reading::CapacityChoice;
use carport_model::simulation::{Latency, Motion};
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    ApplicationId, Brand, BrandId, Course, Name, Permission, Powertrain, Rng, Simulation,
    SimulationId, Timeline, Timestamp, VehicleId, Vin,
};
use carport_web::words::{say, t};

use super::{ControlError, Simulations, some_of};
use crate::garage;
use crate::world::profile::Profile;

/// Where cars live when nobody says.
const USUAL_COUNTRY: &str = "US";
/// What they live through when nobody says.
const USUAL_SCENARIO: &str = "day-commute";
/// Model year of a car of which only the powertrain matters. Source: contract connect-oauth, E.1.
const USUAL_YEAR: i32 = 2023;
/// Most characters of a name.
const LONGEST: usize = 100;

/// A car that somebody wants.
#[derive(Debug, Clone)]
pub struct NewSimulation {
    /// Whose car it is to be.
    pub application: ApplicationId,
    /// What it is to be.
    pub car: CarWish,
    /// What people call it; brand and model when absent.
    pub name: Option<String>,
    /// Country whose owners can connect it, as two letters; the United States when absent.
    pub country: Option<String>,
    /// City it lives in; one of its country when absent.
    pub city: Option<String>,
    /// What it lives through; *Day Commute* when absent.
    pub scenario: Option<String>,
    /// Whether commands are to have no effect.
    pub is_stateless: bool,
    /// How long answers take.
    pub latency: Latency,
    /// Whether it starts at once.
    pub is_played: bool,
}

/// What a car is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CarWish {
    /// This model.
    Model {
        /// Brand, as people spell it.
        make: String,
        /// Model.
        model: String,
        /// Model year; the latest known when absent.
        year: Option<i32>,
        /// What moves it; needed only of models that Carport does not know.
        powertrain: Option<Powertrain>,
    },
    /// Whatever is moved by this.
    Powertrain {
        /// What moves it.
        powertrain: Powertrain,
        /// Brand under which it is connected; the first that sells such cars when absent.
        make: Option<String>,
    },
    /// One like the real car with this VIN, as far as the VIN tells.
    Vin(Vin),
}

/// What is drawn for a car, always in this order.
pub(super) struct Drawn {
    pub(super) id: SimulationId,
    vehicle: VehicleId,
    dice: [u8; 32],
    seed: [u8; 8],
}

impl Drawn {
    pub(super) fn from(rng: &dyn Rng) -> Self {
        let (id, vehicle) = (SimulationId::draw(rng), VehicleId::draw(rng));
        let (mut dice, mut seed) = ([0; 32], [0; 8]);
        rng.fill(&mut dice);
        rng.fill(&mut seed);
        Self {
            id,
            vehicle,
            dice,
            seed,
        }
    }
}

/// What a wish says, with nothing left open.
struct Chosen {
    make: BrandId,
    model: String,
    year: i32,
    powertrain: Powertrain,
}

impl Simulations {
    /// The car of a wish, not kept yet.
    pub(super) async fn made(
        &self,
        new: NewSimulation,
        drawn: Drawn,
    ) -> Result<Simulation, ControlError> {
        let Drawn {
            id,
            vehicle,
            dice,
            seed,
        } = drawn;
        let country = country(new.country.as_deref())?;
        let chosen = self.chosen(new.car, country)?;
        let (make, powertrain) = (&chosen.make, chosen.powertrain);
        let profile = self
            .world()
            .profile_of(make, &chosen.model, chosen.year, powertrain);
        let scenario = new.scenario.as_deref().unwrap_or(USUAL_SCENARIO);
        let scenario = self.scenario_key(new.application, scenario).await?;
        let city = self.city(new.city.as_deref(), country)?;
        let brand = self.brand(make.as_str(), country)?;
        let now = self.clock.now();
        let simulation = Simulation {
            id,
            application: new.application,
            vehicle,
            name: named(new.name, || format!("{} {}", brand.name, chosen.model))?,
            country: country.code.to_owned(),
            username: format!("car-{}@cars.example", hex(&dice[..5])),
            password: hex(&dice[5..11]),
            created_at: now,
            course: Course {
                profile: profile.id.clone(),
                scenario,
                city,
                seed: u64::from_le_bytes(seed),
                timeline: timeline(new.is_played, now),
                commands: Box::default(),
                is_stateless: new.is_stateless,
                latency: new.latency,
            },
            car: found(chosen, profile, garage::simulated_vin(brand, dice)),
        };
        self.livable(&simulation.course).await?;
        Ok(simulation)
    }

    fn chosen(&self, wish: CarWish, country: &Country) -> Result<Chosen, ControlError> {
        match wish {
            CarWish::Model {
                make,
                model,
                year,
                powertrain,
            } => self.of_model((&make, &model), year, powertrain, country),
            CarWish::Powertrain { powertrain, make } => {
                let make = match make {
                    Some(make) => self.brand(&make, country)?.id.clone(),
                    None => self.seller_of(powertrain, country)?,
                };
                Ok(Chosen {
                    make,
                    model: powertrain.as_str().to_owned(),
                    year: USUAL_YEAR,
                    powertrain,
                })
            }
            CarWish::Vin(vin) => self.of_vin(&vin, country),
        }
    }

    fn of_model(
        &self,
        (make, model): (&str, &str),
        year: Option<i32>,
        powertrain: Option<Powertrain>,
        country: &Country,
    ) -> Result<Chosen, ControlError> {
        let brand = self.brand(make, country)?;
        let model = named(Some(model.to_owned()), String::new)?;
        let this_year = self.clock.now().year();
        if year.is_some_and(|year| !(1980..=this_year + 1).contains(&year)) {
            let advice = t("A model year is 1980 to {last}.").with("last", this_year + 1);
            return Err(ControlError::refused("year", advice));
        }
        let known = |profile: &&Profile| {
            profile.make.as_ref() == Some(&brand.id)
                && profile.model.eq_ignore_ascii_case(&model)
                && powertrain.is_none_or(|wanted| wanted == profile.powertrain)
        };
        let profiles: Vec<&Profile> = self.world().profiles().filter(known).collect();
        let of_year = profiles
            .iter()
            .find(|profile| year.is_none_or(|year| profile.years.contains(year)));
        if let Some(profile) = of_year.or(profiles.first()) {
            let newest = profile.years.last.unwrap_or(this_year).min(this_year);
            return Ok(Chosen {
                make: brand.id.clone(),
                model: profile.model.clone(),
                year: year.unwrap_or(newest.max(profile.years.first)),
                powertrain: profile.powertrain,
            });
        }
        let listed = self.catalogue.models.of(&brand.id);
        let listed = listed
            .filter(|listed| listed.name.eq_ignore_ascii_case(&model))
            .find(|listed| powertrain.is_none_or(|wanted| wanted == listed.powertrain));
        let powertrain = powertrain.or(listed.map(|listed| listed.powertrain));
        let powertrain = powertrain.ok_or_else(|| {
            let models = self.catalogue.models.of(&brand.id);
            let names = some_of(models.map(|model| model.name.as_str()));
            let advice = t("{brand} has no such model that Carport knows; it knows {names}. Send powertrain too (BEV, PHEV, HEV or ICE) for any other.")
                .with("brand", &brand.name)
                .with("names", names);
            ControlError::refused("model", advice)
        })?;
        Ok(Chosen {
            make: brand.id.clone(),
            model: listed.map_or(model, |listed| listed.name.clone()),
            year: year.unwrap_or(USUAL_YEAR),
            powertrain,
        })
    }

    /// The car keeps nothing of the VIN but what it tells.
    fn of_vin(&self, vin: &Vin, country: &Country) -> Result<Chosen, ControlError> {
        let brand = vin.brand(&self.catalogue.brands).ok_or_else(|| {
            let advice =
                t("The VIN tells no make that Carport knows. Send make and model instead.");
            ControlError::refused("vin", advice)
        })?;
        let brand = self.brand(brand.id.as_str(), country)?;
        let latest = self.clock.now().year() + 1;
        let year = vin.model_year(vin.is_north_american(), latest);
        let fits = |year: i32, first: i32, last: Option<i32>| {
            first <= year && last.is_none_or(|last| year <= last)
        };
        let mut models: Vec<_> = self.catalogue.models.of(&brand.id).collect();
        if models
            .iter()
            .any(|model| model.vin.iter().any(|it| it.matches(vin)))
        {
            models.retain(|model| model.vin.iter().any(|it| it.matches(vin)));
        }
        let of_year = models
            .iter()
            .find(|model| year.is_none_or(|year| fits(year, model.years.first, model.years.last)));
        let model = of_year.or(models.first()).ok_or_else(|| {
            let advice =
                t("The VIN tells no model that Carport knows. Send make and model instead.");
            ControlError::refused("vin", advice)
        })?;
        Ok(Chosen {
            make: brand.id.clone(),
            model: model.name.clone(),
            year: year.unwrap_or(USUAL_YEAR),
            powertrain: model.powertrain,
        })
    }

    fn brand(&self, make: &str, country: &Country) -> Result<&Brand, ControlError> {
        let brands = &self.catalogue.brands;
        let brand = brands.find(make).ok_or_else(|| {
            let advice = t("There is no such brand. The list of profiles names those there are.");
            ControlError::refused("make", advice)
        })?;
        if brand.is_offered_in(country.region) {
            return Ok(brand);
        }
        let advice = t("{brand} is not offered in {country}, so that nobody there could connect the car. Send another country or make.")
            .with("brand", &brand.name)
            .with("country", say(country.name));
        Err(ControlError::refused("make", advice))
    }

    /// A brand that sells cars with this powertrain in this country.
    fn seller_of(
        &self,
        powertrain: Powertrain,
        country: &Country,
    ) -> Result<BrandId, ControlError> {
        let brands = &self.catalogue.brands;
        let mut sellers = self.world().profiles().filter_map(|profile| {
            let brand = brands.get(profile.make.as_ref()?)?;
            let sells = profile.powertrain == powertrain && brand.is_offered_in(country.region);
            sells.then(|| brand.id.clone())
        });
        sellers.next().ok_or_else(|| {
            let advice = t("Nobody sells a {powertrain} in {country}. Send make too.")
                .with("powertrain", powertrain)
                .with("country", say(country.name));
            ControlError::refused("powertrain", advice)
        })
    }

    /// The id of the city that is named, or of one in the country.
    pub(super) fn city(
        &self,
        named: Option<&str>,
        country: &Country,
    ) -> Result<Name, ControlError> {
        let Some(named) = named else {
            return Ok(self.world().city_in(country.code).id.clone());
        };
        let known = self.world().cities().find(|city| *city.id == *named);
        known.map(|city| city.id.clone()).ok_or_else(|| {
            let names = some_of(self.world().cities().map(|city| &*city.id));
            ControlError::refused(
                "city",
                t("There is no such city. Send one of {names}.").with("names", names),
            )
        })
    }
}

/// Serves all for which it has the parts.
fn found(chosen: Chosen, profile: &Profile, vin: Vin) -> FoundVehicle {
    let has_parts = |permission: &Permission| chosen.powertrain.has_what_it_takes_for(*permission);
    let battery = profile.battery.filter(|_| chosen.powertrain.has_plug());
    let capacity = |capacity| CapacityChoice {
        capacity,
        description: None,
    };
    FoundVehicle {
        vin,
        capabilities: Permission::ALL.iter().copied().filter(has_parts).collect(),
        capacities: battery
            .map(|battery| capacity(battery.usable))
            .into_iter()
            .collect(),
        make: chosen.make,
        model: chosen.model,
        year: chosen.year,
        powertrain: chosen.powertrain,
    }
}

fn timeline(is_played: bool, now: Timestamp) -> Timeline {
    let created = Timeline::created(now);
    if is_played {
        Timeline {
            motion: Motion::Running,
            ..created
        }
    } else {
        created
    }
}

/// Where owners of the car live.
pub(super) fn country(code: Option<&str>) -> Result<&'static Country, ControlError> {
    Country::find(code.unwrap_or(USUAL_COUNTRY)).ok_or_else(|| {
        let advice =
            t("Send a country in which Connect is offered, as two letters such as US or DE.");
        ControlError::refused("country", advice)
    })
}

/// A name that people can read, or the usual one.
pub(super) fn named(
    name: Option<String>,
    usual: impl FnOnce() -> String,
) -> Result<String, ControlError> {
    let name = name.unwrap_or_else(usual);
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
        let advice = t("A name has 1 to {most} characters, on one line.").with("most", LONGEST);
        return Err(ControlError::refused("name", advice));
    }
    Ok(name.to_owned())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
