//! Profiles: the numbers that make a car drive, charge and burn as it does. Data, one TOML file a
//! make under `catalogue/profiles/`.

mod sheet;

use carport_model::car_model::Years;
use carport_model::{BrandId, Name, Powertrain};
use serde::Deserialize;

pub(super) use sheet::{is_name, read, within};

/// A kind of car.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its name: lower case, words joined by `-`; unique.
    pub id: Name,
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

#[cfg(test)]
mod tests {
    use carport_model::catalogue::File;

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
        assert!((ev6.battery.unwrap().taper - 0.6).abs() < 1e-9);
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
