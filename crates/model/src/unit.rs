//! Units. Inside Carport each quantity has one metric unit; imperial exists only in views.

use std::str::FromStr;

/// What `sc-unit-system` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnitSystem {
    /// Kilometres, litres, kilopascals.
    #[default]
    Metric,
    /// Miles, US gallons, pounds per square inch.
    Imperial,
}

impl UnitSystem {
    /// The wire spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Imperial => "imperial",
        }
    }
}

/// Neither `metric` nor `imperial`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the unit system is metric or imperial")]
pub struct ParseUnitSystemError;

impl FromStr for UnitSystem {
    type Err = ParseUnitSystemError;

    fn from_str(text: &str) -> Result<Self, ParseUnitSystemError> {
        match text {
            "metric" => Ok(Self::Metric),
            "imperial" => Ok(Self::Imperial),
            _ => Err(ParseUnitSystemError),
        }
    }
}

/// The canonical unit of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Distance and range.
    Kilometres,
    /// Fuel.
    Litres,
    /// Tyre pressure.
    Kilopascals,
    /// A share of 1; the percentages of v2.0.
    Fraction,
    /// Capacity of a battery.
    KilowattHours,
    /// Latitude and longitude.
    Degrees,
    /// Words, flags, numbers without a unit.
    None,
}

impl Unit {
    /// Whether the unit system changes the number, which is when a reply names the system
    /// (contract rest-v2, 1.5).
    #[must_use]
    pub const fn depends_on_system(self) -> bool {
        matches!(self, Self::Kilometres | Self::Litres | Self::Kilopascals)
    }

    /// `value` in the unit that `system` uses for this quantity; double precision, never rounded.
    /// Factors: contract rest-v2, 1.7.
    #[must_use]
    pub fn express(self, value: f64, system: UnitSystem) -> f64 {
        match (system, self) {
            (UnitSystem::Imperial, Self::Kilometres) => value / 1.609_344,
            (UnitSystem::Imperial, Self::Litres) => value / 3.785_411_784,
            (UnitSystem::Imperial, Self::Kilopascals) => value / 6.894_757_293_168,
            _ => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imperial_factors() {
        let miles = Unit::Kilometres.express(1.609_344, UnitSystem::Imperial);
        assert!((miles - 1.0).abs() < 1e-12);
        let gallons = Unit::Litres.express(37.854_117_84, UnitSystem::Imperial);
        assert!((gallons - 10.0).abs() < 1e-12);
        let psi = Unit::Kilopascals.express(220.0, UnitSystem::Imperial);
        assert!((psi - 31.908_302).abs() < 1e-5);
        assert!((Unit::Fraction.express(0.3, UnitSystem::Imperial) - 0.3).abs() < f64::EPSILON);
    }
}
