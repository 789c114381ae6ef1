//! Cities: places and the roads between them. Data, one TOML file a city under
//! `catalogue/cities/`; a scenario may bring places and routes of its own.

mod sheet;

use std::collections::BTreeMap;

use carport_model::Name;
use serde::Deserialize;

pub(crate) use sheet::MOST_LENGTH;
pub(super) use sheet::{MapSheet, RouteRow, read};

use super::geometry::{Position, distance};

/// Two positions are one place within so many metres.
pub(super) const NEAR: f64 = 200.0;

/// A city.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// Its name in scenarios and commands: lower case, words joined by `-`.
    pub id: Name,
    /// Its name for people.
    pub name: String,
    /// Country, ISO 3166-1 alpha-2, upper case.
    pub country: String,
    /// Minutes that its standard time is ahead of UTC.
    pub utc_offset: i32,
    /// Its places and routes.
    pub map: Map,
}

/// Places and the routes between them, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    /// Where a car can stand.
    pub places: BTreeMap<Box<str>, Place>,
    /// What a car can drive.
    pub routes: BTreeMap<Box<str>, Route>,
}

/// Where a car can stand.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its name for people.
    pub name: String,
    /// Latitude and longitude, degrees.
    pub position: Position,
    /// Metres above the sea.
    #[serde(default)]
    pub elevation: f64,
}

/// A way between two places.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Name of the place where it begins.
    pub from: Box<str>,
    /// Name of the place where it ends.
    pub to: Box<str>,
    /// The line, at least two points.
    pub points: Box<[Waypoint]>,
}

/// A point of a route, and how fast one may go from here on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waypoint {
    /// Degrees, -90 to 90.
    pub latitude: f64,
    /// Degrees, -180 to 180.
    pub longitude: f64,
    /// Metres above the sea.
    pub elevation: f64,
    /// Kilometres per hour, 5 to 250.
    pub limit: f64,
}

impl Waypoint {
    /// Latitude and longitude.
    #[must_use]
    pub const fn position(&self) -> Position {
        (self.latitude, self.longitude)
    }
}

impl Route {
    /// Length in metres.
    #[must_use]
    pub fn length(&self) -> f64 {
        let ways = self.points.windows(2);
        ways.map(|way| distance(way[0].position(), way[1].position()))
            .sum()
    }
}

/// Reads the file that a route names instead of points, such as a GPX track.
pub(super) type ReadTrack<'a> = &'a dyn Fn(&str) -> Result<Vec<Waypoint>, String>;

#[cfg(test)]
pub(super) mod tests {
    use carport_model::catalogue::File;

    use super::*;

    /// A city on a grid, with the required places and routes.
    pub(in crate::world) const GRID: &str = include_str!("city/grid.toml");

    fn refusal(from: &str, to: &str) -> String {
        assert!(GRID.contains(from), "{from}");
        let text = GRID.replacen(from, to, 1);
        let refused = read(&File::new("x.toml", &text));
        refused.unwrap_err().to_string()
    }

    #[test]
    fn a_city_with_its_roads() {
        let city = read(&File::new("grid.toml", GRID)).unwrap();
        assert_eq!((&*city.id, city.utc_offset), ("grid", -420));
        let length = city.map.routes["errand"].length();
        assert!((length - 2223.9).abs() < 0.1, "{length}");
    }

    #[test]
    fn impossible_places_and_routes_are_refused_with_the_place() {
        let first = "    [40, -105, 100, 30],\n";
        let middle = "[40.01, -105, 100, 50]";
        for (from, to, problem) in [
            (
                "[40, -105, 100, 30]",
                "[41, -105, 100, 30]",
                "passes home at 111195 m",
            ),
            (
                "to = \"shop\"",
                "to = \"shp\"",
                "column 6: there is no place shp",
            ),
            (
                middle,
                "[40.01, -105, 100, -50]",
                "a speed limit is 5 to 250 km/h",
            ),
            (
                middle,
                "[40.01, -105, 100, nan]",
                "a speed limit is 5 to 250 km/h",
            ),
            (
                middle,
                "[91, -105, 100, 50]",
                "latitude is a number from -85 to 85",
            ),
            (middle, "[40.01, -105, 100]", "invalid length 3"),
            (first, "", "the line passes home at 1112 m"),
            (
                "[places.airport]",
                "[places.port]",
                "there is no place airport",
            ),
            ("[routes.leg13]", "[routes.leg14]", "a city has leg13"),
            (
                "-07:00",
                "7",
                "line 5, column 14: an offset is written -07:00",
            ),
            (
                "\"US\"",
                "\"USA\"",
                "line 4, column 11: a country is two capital letters",
            ),
        ] {
            let refused = refusal(from, to);
            assert!(refused.contains(problem), "{refused}\nbut not: {problem}");
        }
        let both = format!("{first}    {middle},\n");
        assert!(refusal(&both, "").ends_with("a route has at least two points"));
    }
}
