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
    /// Speed, and the distance that an hour of charging gains.
    KilometresPerHour,
    /// Temperature, in degrees.
    Celsius,
    /// A share of 1; the percentages of v2.0.
    Fraction,
    /// Energy, and capacity of a battery.
    KilowattHours,
    /// Electric current.
    Amperes,
    /// Electric tension.
    Volts,
    /// Power. v2.0 shows kilowatts, which is its views' business.
    Watts,
    /// Time that something takes.
    Minutes,
    /// Latitude and longitude.
    Degrees,
    /// How many.
    Count,
    /// Words, flags, numbers without a unit.
    None,
}

const KILOMETRES_OF_A_MILE: f64 = 1.609_344;
const LITRES_OF_A_GALLON: f64 = 3.785_411_784;
const KILOPASCALS_OF_A_PSI: f64 = 6.894_757_293_168;

impl Unit {
    /// Whether the unit system changes the number, which is when a reply names the system
    /// (contract rest-v2, 1.5).
    #[must_use]
    pub const fn depends_on_system(self) -> bool {
        matches!(
            self,
            Self::Kilometres
                | Self::Litres
                | Self::Kilopascals
                | Self::KilometresPerHour
                | Self::Celsius
        )
    }

    /// `value` in the unit that `system` uses for this quantity; double precision, never rounded.
    /// Factors: contract rest-v2, 1.7.
    #[must_use]
    pub fn express(self, value: f64, system: UnitSystem) -> f64 {
        match (system, self) {
            (UnitSystem::Imperial, Self::Kilometres | Self::KilometresPerHour) => {
                value / KILOMETRES_OF_A_MILE
            }
            (UnitSystem::Imperial, Self::Litres) => value / LITRES_OF_A_GALLON,
            (UnitSystem::Imperial, Self::Kilopascals) => value / KILOPASCALS_OF_A_PSI,
            (UnitSystem::Imperial, Self::Celsius) => value * 9.0 / 5.0 + 32.0,
            _ => value,
        }
    }

    /// What a caller sent in the unit of `system`, in this unit: the way back of [`Unit::express`].
    #[must_use]
    pub fn understand(self, value: f64, system: UnitSystem) -> f64 {
        match (system, self) {
            (UnitSystem::Imperial, Self::Kilometres | Self::KilometresPerHour) => {
                value * KILOMETRES_OF_A_MILE
            }
            (UnitSystem::Imperial, Self::Litres) => value * LITRES_OF_A_GALLON,
            (UnitSystem::Imperial, Self::Kilopascals) => value * KILOPASCALS_OF_A_PSI,
            (UnitSystem::Imperial, Self::Celsius) => (value - 32.0) * 5.0 / 9.0,
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
        let fahrenheit = Unit::Celsius.express(21.5, UnitSystem::Imperial);
        assert!((fahrenheit - 70.7).abs() < 1e-12);
        let mph = Unit::KilometresPerHour.express(160.934_4, UnitSystem::Imperial);
        assert!((mph - 100.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_expressed_is_understood_again() {
        for unit in ALL {
            let imperial = unit.express(10.0, UnitSystem::Imperial);
            assert_eq!(
                (imperial - 10.0).abs() > 1e-9,
                unit.depends_on_system(),
                "{unit:?}"
            );
            let back = unit.understand(imperial, UnitSystem::Imperial);
            assert!((back - 10.0).abs() < 1e-12, "{unit:?}: {back}");
            let metric =
                unit.understand(unit.express(10.0, UnitSystem::Metric), UnitSystem::Metric);
            assert!((metric - 10.0).abs() < f64::EPSILON, "{unit:?}");
        }
    }

    const ALL: [Unit; 14] = [
        Unit::Kilometres,
        Unit::Litres,
        Unit::Kilopascals,
        Unit::KilometresPerHour,
        Unit::Celsius,
        Unit::Fraction,
        Unit::KilowattHours,
        Unit::Amperes,
        Unit::Volts,
        Unit::Watts,
        Unit::Minutes,
        Unit::Degrees,
        Unit::Count,
        Unit::None,
    ];
}
