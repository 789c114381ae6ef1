//! Vehicles.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::reading::CapacityChoice;
use crate::{ApplicationId, BrandId, Mode, Permission, Permissions, VehicleId};

/// A vehicle identification number: 17 letters and digits, upper case. Personal data: `Debug`
/// prints its last four only. Check digits are not verified, since test VINs have none.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Vin(String);

/// The text has not 17 letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a VIN has 17 letters and digits")]
pub struct ParseVinError;

impl Vin {
    /// The 17 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four characters, which the permission page shows.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.0[13..]
    }

    /// Whether the prefix marks a car that cannot be real (`0SC` test, `1SC` simulated).
    /// Source: contract connect-oauth, D.1.
    #[must_use]
    pub fn is_mock(&self) -> bool {
        self.0.starts_with("0SC") || self.is_simulated()
    }

    /// Whether the prefix marks a simulated car (`1SC`).
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.0.starts_with("1SC")
    }
}

impl FromStr for Vin {
    type Err = ParseVinError;

    fn from_str(text: &str) -> Result<Self, ParseVinError> {
        if text.len() == 17 && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(ParseVinError)
        }
    }
}

impl fmt::Debug for Vin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vin(…{})", self.tail())
    }
}

/// What moves the car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Powertrain {
    /// Battery only.
    Bev,
    /// Battery with a plug, and an engine.
    Phev,
    /// Engine with a small battery without a plug.
    Hev,
    /// Engine.
    Ice,
}

impl Powertrain {
    /// Whether it is charged at a plug.
    #[must_use]
    pub const fn has_plug(self) -> bool {
        matches!(self, Self::Bev | Self::Phev)
    }
}

/// How capable a generated car is. Source: contract connect-oauth, D.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Everything.
    Compatible,
    /// Everything; a plug-in hybrid.
    Phev,
    /// No fuel, no engine oil.
    Bev,
    /// No battery, no charging.
    Fuel,
    /// Nothing; Connect calls it incompatible.
    Incompatible,
    /// Nothing; known to the compatibility API (settled in the contract's index).
    Dinosaur,
}

impl Level {
    /// The permissions a car of this level can serve.
    #[must_use]
    pub fn capabilities(self) -> Permissions {
        use Permission as P;
        let lacks: &[Permission] = match self {
            Self::Compatible | Self::Phev => &[],
            Self::Bev => &[P::ReadFuel, P::ReadEngineOil],
            Self::Fuel => &[
                P::ReadBattery,
                P::ReadCharge,
                P::ReadChargeEvents,
                P::ReadChargeRecords,
                P::ReadChargeLocations,
                P::ControlCharge,
            ],
            Self::Incompatible | Self::Dinosaur => return Permissions::default(),
        };
        Permission::ALL
            .iter()
            .copied()
            .filter(|permission| !lacks.contains(permission))
            .collect()
    }

    /// What moves a car of this level.
    #[must_use]
    pub const fn powertrain(self) -> Powertrain {
        match self {
            Self::Compatible | Self::Phev => Powertrain::Phev,
            Self::Bev => Powertrain::Bev,
            Self::Fuel | Self::Incompatible | Self::Dinosaur => Powertrain::Ice,
        }
    }
}

impl FromStr for Level {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "compatible" => Ok(Self::Compatible),
            "phev" => Ok(Self::Phev),
            "bev" => Ok(Self::Bev),
            "fuel" => Ok(Self::Fuel),
            "incompatible" => Ok(Self::Incompatible),
            "dinosaur" => Ok(Self::Dinosaur),
            _ => Err(()),
        }
    }
}

/// What a car is, as a connector tells it; before any application has an id for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundVehicle {
    /// VIN.
    pub vin: Vin,
    /// Brand of the car; `make` on the wire.
    pub make: BrandId,
    /// Model name.
    pub model: String,
    /// Model year.
    pub year: i32,
    /// Powertrain.
    pub powertrain: Powertrain,
    /// Permissions this car can serve.
    pub capabilities: Permissions,
    /// What its battery may hold: one when that is known, several when only the owner can tell
    /// which, none when nothing is known.
    #[serde(default)]
    pub capacities: Vec<CapacityChoice>,
}

/// A car as one application sees it. Identity is (application, mode, VIN).
#[derive(Debug, Clone, PartialEq)]
pub struct Vehicle {
    /// Id on the wire.
    pub id: VehicleId,
    /// Application that sees it under this id.
    pub application: ApplicationId,
    /// Mode.
    pub mode: Mode,
    /// What it is.
    pub car: FoundVehicle,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vins_are_hidden_and_normalised() {
        let vin: Vin = "0scaudi037a5adb1c".parse().unwrap();
        assert_eq!(vin.as_str(), "0SCAUDI037A5ADB1C");
        assert_eq!(format!("{vin:?}"), "Vin(…DB1C)");
        assert!(vin.is_mock() && !vin.is_simulated());
        assert_eq!("0SC".parse::<Vin>(), Err(ParseVinError));
        assert_eq!("0SCAUDI037A5ADB1é".parse::<Vin>(), Err(ParseVinError));
    }

    #[test]
    fn levels() {
        assert_eq!(Level::Phev.capabilities(), Permissions::all());
        assert!(!Level::Bev.capabilities().contains(Permission::ReadFuel));
        assert!(!Level::Fuel.capabilities().contains(Permission::ReadCharge));
        assert!(Level::Dinosaur.capabilities().is_empty());
    }
}
