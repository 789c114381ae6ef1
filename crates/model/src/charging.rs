//! Where, when and how far a car charges, and what it charged. Source of the members: contract
//! rest-v3, section 7 (`charge-chargelimits`, `charge-chargetimers`, `charge-chargerecords`).

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::time_of_day::{TimeOfDay, Weekday};

/// Where the car charges. Personal data: never logged.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// What the owner or the operator calls it.
    pub name: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Latitude and longitude in degrees; absent where only a name is known.
    pub position: Option<(f64, f64)>,
}

/// Two positions are one place within so many degrees: about a hundred metres of latitude.
/// Makers round differently, and callers send back what they read.
const NEAR: f64 = 0.001;

impl Place {
    /// Whether a position is this place.
    #[must_use]
    pub fn is_at(&self, latitude: f64, longitude: f64) -> bool {
        self.position.is_some_and(|(north, east)| {
            (north - latitude).abs() <= NEAR && (east - longitude).abs() <= NEAR
        })
    }
}

/// Where a limit or a timer holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChargeScope {
    /// Everywhere; `GLOBAL` in API v3.
    Everywhere,
    /// At one place; `LOCATION`.
    Place(Place),
    /// At one kind of plug; `CHARGING_TYPE`.
    Connector(String),
}

impl ChargeScope {
    /// The place, where it holds at one.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Place(place) => Some(place),
            Self::Everywhere | Self::Connector(_) => None,
        }
    }
}

/// Where charging ends.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeLimits {
    /// The limits that are set, one a scope.
    pub limits: Vec<ChargeLimit>,
    /// The one that holds where the car is, 0 to 1; absent where it does not tell.
    pub active: Option<f64>,
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeLimit {
    /// Where it holds.
    pub scope: ChargeScope,
    /// Share of the battery, 0 to 1.
    pub limit: f64,
}

impl ChargeLimits {
    /// One limit that holds everywhere.
    #[must_use]
    pub fn everywhere(limit: f64) -> Self {
        let mut limits = Self::default();
        limits.set_everywhere(limit);
        limits
    }

    /// The limit that holds now: the active one, or else that of everywhere.
    #[must_use]
    pub fn effective(&self) -> Option<f64> {
        let everywhere = || {
            let of = |limit: &&ChargeLimit| limit.scope == ChargeScope::Everywhere;
            self.limits.iter().find(of).map(|limit| limit.limit)
        };
        self.active.or_else(everywhere)
    }

    /// Sets the limit that holds everywhere, and makes it the active one.
    pub fn set_everywhere(&mut self, limit: f64) {
        self.limits
            .retain(|known| known.scope != ChargeScope::Everywhere);
        let scope = ChargeScope::Everywhere;
        self.limits.insert(0, ChargeLimit { scope, limit });
        self.active = Some(limit);
    }
}

/// When the car charges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeTimer {
    /// Where it holds.
    pub scope: ChargeScope,
    /// When charging is allowed; empty when nothing is scheduled.
    pub windows: Vec<ChargeWindow>,
    /// When the car has to be ready; empty when nothing is planned.
    pub departures: Vec<Departure>,
    /// Whether the maker may move charging to better hours; absent where it does not tell.
    pub is_optimised: Option<bool>,
    /// How it repeats; absent where the maker does not tell.
    pub repeats: Option<Repeats>,
    /// The maker's name of it.
    pub id: Option<String>,
}

impl ChargeTimer {
    /// A timer that says nothing yet.
    #[must_use]
    pub const fn empty(scope: ChargeScope) -> Self {
        Self {
            scope,
            windows: Vec::new(),
            departures: Vec::new(),
            is_optimised: None,
            repeats: None,
            id: None,
        }
    }
}

/// A time in which charging is allowed. Past midnight when it ends before it starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeWindow {
    /// When charging starts.
    pub start: TimeOfDay,
    /// When it ends; absent where it goes on until the battery is full.
    pub end: Option<TimeOfDay>,
    /// On which days it starts; empty for every day.
    pub days: Vec<Weekday>,
}

/// A time at which the car has to be ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Departure {
    /// When.
    pub time: TimeOfDay,
    /// On which days; empty for every day.
    pub days: Vec<Weekday>,
}

/// How a timer repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Repeats {
    /// Every day alike.
    Daily,
    /// Each day of the week by itself.
    Weekly,
    /// Working days one way, weekends another.
    Workweek,
}

/// One charge that is over, or going on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeRecord {
    /// The maker's number of it.
    pub id: Option<String>,
    /// When it began.
    pub start: Timestamp,
    /// When it ended; absent while it goes on.
    pub end: Option<Timestamp>,
    /// Where.
    pub place: Option<Place>,
    /// Energy that went into the battery, in kWh.
    pub energy_added: Option<f64>,
    /// Kind of current or plug, such as `AC`.
    pub charging_type: Option<String>,
    /// Whether the charging station is a public one.
    pub is_public: Option<bool>,
    /// Share of the battery at the start, 0 to 1.
    pub start_level: Option<f64>,
    /// Share of the battery at the end, 0 to 1.
    pub end_level: Option<f64>,
    /// What it cost; absent where the maker does not tell.
    pub cost: Option<ChargeCost>,
}

/// What a charge cost.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeCost {
    /// ISO 4217.
    pub currency: Option<String>,
    /// For the energy.
    pub energy: Option<f64>,
    /// For anything else, such as parking.
    pub other: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_that_holds() {
        let mut limits = ChargeLimits::default();
        assert_eq!(limits.effective(), None);
        let home = ChargeLimit {
            scope: ChargeScope::Place(Place::default()),
            limit: 0.6,
        };
        limits.limits.push(home.clone());
        assert_eq!(limits.effective(), None);
        limits.set_everywhere(0.8);
        limits.set_everywhere(0.9);
        assert_eq!(limits.effective(), Some(0.9));
        assert_eq!(limits.limits.len(), 2, "one a scope");
        assert_eq!(limits.limits[1], home);
        limits.active = Some(0.6);
        assert_eq!(limits.effective(), Some(0.6));
    }

    #[test]
    fn a_place_is_where_its_position_is() {
        let place = Place {
            position: Some((39.7392, -104.9903)),
            ..Place::default()
        };
        assert!(place.is_at(39.739, -104.990));
        assert!(!place.is_at(39.741, -104.9903));
        assert!(!Place::default().is_at(0.0, 0.0));
    }
}
