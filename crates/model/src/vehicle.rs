//! Vehicles.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::reading::CapacityChoice;
use crate::{ApplicationId, BrandId, Mode, Permission, Permissions, VehicleId, Vin};

/// What moves the car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

    /// The wire spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bev => "BEV",
            Self::Phev => "PHEV",
            Self::Hev => "HEV",
            Self::Ice => "ICE",
        }
    }

    /// Whether a car with it has the part that `permission` is about: a tank, a plug.
    #[must_use]
    pub const fn has_what_it_takes_for(self, permission: Permission) -> bool {
        use Permission as P;
        match permission {
            P::ReadFuel | P::ReadEngineOil => !matches!(self, Self::Bev),
            P::ReadBattery
            | P::ReadCharge
            | P::ReadChargeEvents
            | P::ReadChargeRecords
            | P::ReadChargeLocations
            | P::ControlCharge => self.has_plug(),
            _ => true,
        }
    }
}

impl fmt::Display for Powertrain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Powertrain {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "BEV" => Ok(Self::Bev),
            "PHEV" => Ok(Self::Phev),
            "HEV" => Ok(Self::Hev),
            "ICE" => Ok(Self::Ice),
            _ => Err(()),
        }
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
        match self {
            Self::Incompatible | Self::Dinosaur => Permissions::default(),
            Self::Compatible | Self::Phev | Self::Bev | Self::Fuel => Permission::ALL
                .iter()
                .copied()
                .filter(|permission| self.powertrain().has_what_it_takes_for(*permission))
                .collect(),
        }
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
    fn levels() {
        assert_eq!(Level::Phev.capabilities(), Permissions::all());
        assert!(!Level::Bev.capabilities().contains(Permission::ReadFuel));
        assert!(!Level::Fuel.capabilities().contains(Permission::ReadCharge));
        assert!(Level::Dinosaur.capabilities().is_empty());
    }
}
