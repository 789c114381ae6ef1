//! How exactly an owner lets an application know where their car is.

use std::fmt;
use std::str::FromStr;

use crate::charging::{ChargeScope, Place};
use crate::{Signal, SignalValue, signal};

/// How exactly positions are told.
///
/// A position that is not told exactly is the centre of its cell of a grid that lies still: the
/// same whatever the car, however often it is asked. Rows are 0.01 or 0.1 degrees of latitude high,
/// about 1.1 or 11 km. A row has as many cells as make them about as wide as high where the row
/// runs: `max(1, round(360 * cos(centre of the row) / height))`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Precision {
    /// As the car tells them.
    #[default]
    Exact,
    /// To about 1 km.
    Kilometre,
    /// To about 10 km.
    TenKilometres,
}

/// No precision is spelled so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a precision is exact, 1km or 10km")]
pub struct UnknownPrecision;

impl Precision {
    /// All of them, the finest first.
    pub const ALL: [Self; 3] = [Self::Exact, Self::Kilometre, Self::TenKilometres];

    /// Its spelling in forms, in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Kilometre => "1km",
            Self::TenKilometres => "10km",
        }
    }

    /// Whether positions are told as they are.
    #[must_use]
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Exact)
    }

    /// Height of a row of the grid, in degrees; `None` where there is no grid.
    const fn height(self) -> Option<f64> {
        match self {
            Self::Exact => None,
            Self::Kilometre => Some(0.01),
            Self::TenKilometres => Some(0.1),
        }
    }

    /// A position as it is told: latitude and longitude in degrees.
    #[must_use]
    pub fn coarsen(self, (latitude, longitude): (f64, f64)) -> (f64, f64) {
        let Some(height) = self.height() else {
            return (latitude, longitude);
        };
        let rows = (180.0 / height).round();
        let row = ((latitude + 90.0) / height).floor().clamp(0.0, rows - 1.0);
        let latitude = (row + 0.5).mul_add(height, -90.0);
        let columns = (360.0 * latitude.to_radians().cos() / height).round();
        let width = 360.0 / columns.max(1.0);
        let column = ((longitude + 180.0).rem_euclid(360.0) / width).floor();
        let longitude = (column + 0.5).mul_add(width, -180.0);
        (rounded(latitude), rounded(longitude))
    }

    /// What is told of a signal's value; `None` when nothing is. Words that name a place are kept
    /// back as the exact position is, and so is whether the car is at home: who knows the home
    /// would know where the car is.
    #[must_use]
    pub fn told(self, signal: Signal, mut value: SignalValue) -> Option<SignalValue> {
        if self.is_exact() {
            return Some(value);
        }
        if signal == signal::location::IS_AT_HOME {
            return None;
        }
        match &mut value {
            SignalValue::Position {
                latitude,
                longitude,
                ..
            } => (*latitude, *longitude) = self.coarsen((*latitude, *longitude)),
            SignalValue::ChargeLimits(limits) => {
                let scopes = limits.limits.iter_mut().map(|limit| &mut limit.scope);
                scopes.for_each(|scope| self.blur(scope));
            }
            SignalValue::ChargeTimers(timers) => {
                for timer in timers {
                    self.blur(&mut timer.scope);
                }
            }
            SignalValue::ChargeRecords(records) => {
                let places = records
                    .iter_mut()
                    .filter_map(|record| record.place.as_mut());
                places.for_each(|place| self.blur_place(place));
            }
            // They hold no place. A value that comes to hold one belongs above.
            SignalValue::Number(_)
            | SignalValue::Count(_)
            | SignalValue::Flag(_)
            | SignalValue::Text(_)
            | SignalValue::Words(_)
            | SignalValue::Tyres { .. }
            | SignalValue::Opening(_)
            | SignalValue::Openings(_)
            | SignalValue::Health { .. }
            | SignalValue::TroubleCodes(_)
            | SignalValue::Services(_)
            | SignalValue::Capacity(_)
            | SignalValue::Range(_)
            | SignalValue::DriveMode { .. } => {}
        }
        Some(value)
    }

    fn blur(self, scope: &mut ChargeScope) {
        if let ChargeScope::Place(place) = scope {
            self.blur_place(place);
        }
    }

    fn blur_place(self, place: &mut Place) {
        *place = Place {
            name: None,
            address: None,
            position: place.position.map(|position| self.coarsen(position)),
        };
    }
}

/// To five digits: a metre, which no cell's centre is nearer to its edge.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Precision {
    type Err = UnknownPrecision;

    fn from_str(text: &str) -> Result<Self, UnknownPrecision> {
        let mut all = Self::ALL.into_iter();
        all.find(|precision| precision.as_str() == text)
            .ok_or(UnknownPrecision)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::charging::{ChargeLimit, ChargeLimits};

    /// Kilometres between two positions that are near each other.
    fn apart(a: (f64, f64), b: (f64, f64)) -> f64 {
        let north = (a.0 - b.0) * 111.2;
        let east = (a.1 - b.1 + 540.0).rem_euclid(360.0) - 180.0;
        north.hypot(east * 111.2 * a.0.to_radians().cos())
    }

    proptest! {
        #[test]
        fn near_and_the_same_from_anywhere_in_the_cell(
            latitude in -89.0..89.0_f64,
            longitude in -180.0..180.0_f64,
        ) {
            for (precision, most) in [(Precision::Kilometre, 0.85), (Precision::TenKilometres, 8.5)] {
                let told = precision.coarsen((latitude, longitude));
                prop_assert!(apart(told, (latitude, longitude)) < most, "{told:?}");
                // What is told once more tells nothing more.
                prop_assert_eq!(precision.coarsen(told), told);
            }
            let exact = (latitude, longitude);
            prop_assert_eq!(Precision::Exact.coarsen(exact), exact);
        }
    }

    #[test]
    fn poles_and_the_date_line_have_their_cells() {
        for precision in [Precision::Kilometre, Precision::TenKilometres] {
            for position in [(90.0, 0.0), (-90.0, 180.0), (0.0, 180.0), (0.0, -180.0)] {
                let (latitude, longitude) = precision.coarsen(position);
                assert!((-90.0..=90.0).contains(&latitude), "{latitude}");
                assert!((-180.0..=180.0).contains(&longitude), "{longitude}");
            }
        }
        let denver = Precision::Kilometre.coarsen((39.7392, -104.9903));
        assert_eq!(denver, (39.735, -104.987));
        let wide = Precision::TenKilometres.coarsen((39.7392, -104.9903));
        assert_eq!(wide, (39.75, -105.02168));
    }

    #[test]
    fn places_lose_their_names_and_heading_stays() {
        let position = SignalValue::Position {
            latitude: 39.7392,
            longitude: -104.9903,
            heading: Some(47.5),
        };
        let signal = signal::location::PRECISE_LOCATION;
        let told = Precision::Kilometre.told(signal, position.clone());
        let expected = SignalValue::Position {
            latitude: 39.735,
            longitude: -104.987,
            heading: Some(47.5),
        };
        assert_eq!(told, Some(expected));
        assert_eq!(
            Precision::Exact.told(signal, position.clone()),
            Some(position)
        );
        let place = Place {
            name: Some("Home".to_owned()),
            address: Some("1 Colfax Ave".to_owned()),
            position: Some((39.7392, -104.9903)),
        };
        let limits = SignalValue::ChargeLimits(ChargeLimits {
            limits: vec![ChargeLimit {
                scope: ChargeScope::Place(place),
                limit: 0.8,
            }],
            active: None,
        });
        let told = Precision::TenKilometres.told(signal::charge::CHARGE_LIMIT, limits);
        let Some(SignalValue::ChargeLimits(told)) = told else {
            panic!("limits");
        };
        let place = told.limits[0].scope.place().unwrap();
        assert_eq!((&place.name, &place.address), (&None, &None));
        assert_eq!(place.position, Some((39.75, -105.02168)));
        let at_home = signal::location::IS_AT_HOME;
        let told = Precision::Kilometre.told(at_home, SignalValue::Flag(true));
        assert_eq!(told, None);
    }

    #[test]
    fn spellings_read_back() {
        for precision in Precision::ALL {
            assert_eq!(precision.to_string().parse(), Ok(precision));
        }
        assert_eq!("5km".parse::<Precision>(), Err(UnknownPrecision));
        assert_eq!(size_of::<Precision>(), 1);
    }
}
