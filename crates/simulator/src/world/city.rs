//! Cities: places and the roads between them. Data, one TOML file a city under
//! `catalogue/cities/`; a scenario may bring places and routes of its own.

use std::collections::BTreeMap;

use carport_model::CatalogueError;
use carport_model::catalogue::File;
use serde::Deserialize;
use toml::Spanned;

use super::geometry::{Position, distance};
use super::profile::is_name;

/// Two positions are one place within so many metres.
pub(super) const NEAR: f64 = 200.0;

/// Places that every city has, so that every scenario can be lived in it.
const PLACES: [&str; 6] = ["home", "work", "shop", "depot", "charger", "airport"];
/// Routes that every city has; the legs are a delivery round of twelve stops.
const ROUTES: [&str; 17] = [
    "commute", "errand", "outward", "onward", "leg1", "leg2", "leg3", "leg4", "leg5", "leg6",
    "leg7", "leg8", "leg9", "leg10", "leg11", "leg12", "leg13",
];

/// A city.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// Its name in scenarios and commands: lower case, words joined by `-`.
    pub id: Box<str>,
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

/// Places and routes as a file writes them.
pub(super) struct MapSheet {
    pub(super) places: BTreeMap<Box<str>, Spanned<Place>>,
    pub(super) routes: BTreeMap<Box<str>, RouteRow>,
}

/// One route as a file writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteRow {
    from: Spanned<Box<str>>,
    to: Spanned<Box<str>>,
    points: Option<Spanned<Vec<Spanned<[f64; 4]>>>>,
    file: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    id: Spanned<Box<str>>,
    name: String,
    country: Spanned<String>,
    utc_offset: Spanned<String>,
    places: BTreeMap<Box<str>, Spanned<Place>>,
    routes: BTreeMap<Box<str>, RouteRow>,
}

/// The city of a file.
///
/// # Errors
/// [`CatalogueError`] with the place of the first mistake: an unknown key, a missing place or
/// route, a point that cannot be.
pub fn read(file: &File<'_>) -> Result<City, CatalogueError> {
    let sheet: Sheet = file.read()?;
    if !is_name(sheet.id.get_ref()) {
        let problem = "an id is lower case letters, digits and single -";
        return Err(file.mistake(sheet.id.span(), problem));
    }
    let country = sheet.country.get_ref();
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let problem = "a country is two capital letters, such as CA";
        return Err(file.mistake(sheet.country.span(), problem));
    }
    let utc_offset = offset(sheet.utc_offset.get_ref())
        .ok_or_else(|| file.mistake(sheet.utc_offset.span(), "an offset is written -07:00"))?;
    let map = MapSheet {
        places: sheet.places,
        routes: sheet.routes,
    };
    let map = map.read(file, None, &|_| {
        Err("a city writes its points itself".into())
    })?;
    let lacks = |names: &[&'static str], has: &dyn Fn(&str) -> bool| {
        names.iter().copied().find(|name| !has(name))
    };
    let lacking = lacks(&PLACES, &|name| map.places.contains_key(name))
        .or_else(|| lacks(&ROUTES, &|name| map.routes.contains_key(name)));
    if let Some(lacking) = lacking {
        let problem = format!("a city has {lacking}, among places or routes");
        return Err(file.mistake(sheet.id.span(), problem));
    }
    Ok(City {
        id: sheet.id.into_inner(),
        name: sheet.name,
        country: sheet.country.into_inner(),
        utc_offset,
        map,
    })
}

/// Minutes of `-07:00`.
fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let time: carport_model::time_of_day::TimeOfDay = rest.parse().ok()?;
    let minutes = i32::try_from(time.hour() * 60 + time.minute()).ok()?;
    (minutes <= 14 * 60).then_some(sign * minutes)
}

impl MapSheet {
    /// The map, checked. Routes may begin and end at places of `around` too; a route that does not
    /// is checked with each city that it is lived in.
    pub(super) fn read(
        self,
        file: &File<'_>,
        around: Option<&Map>,
        track: ReadTrack<'_>,
    ) -> Result<Map, CatalogueError> {
        let mut map = Map::default();
        for (name, place) in self.places {
            place.get_ref().check(file, &place)?;
            map.places.insert(name, place.into_inner());
        }
        for (name, row) in self.routes {
            let route = row.read(file, &map, around, track)?;
            map.routes.insert(name, route);
        }
        Ok(map)
    }
}

impl Place {
    fn check(&self, file: &File<'_>, row: &Spanned<Self>) -> Result<(), CatalogueError> {
        let (latitude, longitude) = self.position;
        match wrong(latitude, longitude, self.elevation) {
            None => Ok(()),
            Some(problem) => Err(file.mistake(row.span(), problem)),
        }
    }
}

/// What cannot be on this earth.
fn wrong(latitude: f64, longitude: f64, elevation: f64) -> Option<&'static str> {
    if !(-85.0..=85.0).contains(&latitude) {
        Some("latitude is a number from -85 to 85")
    } else if !(-180.0..=180.0).contains(&longitude) {
        Some("longitude is a number from -180 to 180")
    } else if !(-500.0..=9000.0).contains(&elevation) {
        Some("elevation is a number of metres from -500 to 9000")
    } else {
        None
    }
}

impl RouteRow {
    fn read(
        self,
        file: &File<'_>,
        map: &Map,
        around: Option<&Map>,
        track: ReadTrack<'_>,
    ) -> Result<Route, CatalogueError> {
        let at = self.from.span();
        let (points, at) = match (self.points, self.file) {
            (Some(points), None) => (written(file, points.get_ref())?, points.span()),
            (None, Some(name)) => {
                let points = track(name.get_ref());
                (
                    points.map_err(|problem| file.mistake(name.span(), problem))?,
                    name.span(),
                )
            }
            _ => return Err(file.mistake(at, "a route has either points or a file")),
        };
        let [first, .., last] = points.as_slice() else {
            return Err(file.mistake(at, "a route has at least two points"));
        };
        for (end, point) in [(&self.from, first), (&self.to, last)] {
            let name = end.get_ref();
            let known = map.places.get(name);
            let known = known.or_else(|| around.and_then(|around| around.places.get(name)));
            let place = known
                .ok_or_else(|| file.mistake(end.span(), format!("there is no place {name}")))?;
            let metres = distance(place.position, point.position());
            if metres > NEAR {
                let problem = format!("the line passes {name} at {metres:.0} m, not within 200 m");
                return Err(file.mistake(end.span(), problem));
            }
        }
        let route = Route {
            from: self.from.into_inner(),
            to: self.to.into_inner(),
            points: points.into(),
        };
        let metres = route.length();
        if (100.0..=5_000_000.0).contains(&metres) {
            Ok(route)
        } else {
            let problem = format!("a route is 100 m to 5000 km long, not {metres:.0} m");
            Err(file.mistake(at, problem))
        }
    }
}

/// Most points of one route.
const MOST_POINTS: usize = 20_000;

fn written(file: &File<'_>, points: &[Spanned<[f64; 4]>]) -> Result<Vec<Waypoint>, CatalogueError> {
    if let Some(beyond) = points.get(MOST_POINTS) {
        let problem = format!("a route has at most {MOST_POINTS} points");
        return Err(file.mistake(beyond.span(), problem));
    }
    points
        .iter()
        .map(|point| {
            let [latitude, longitude, elevation, limit] = *point.get_ref();
            let point_is = Waypoint {
                latitude,
                longitude,
                elevation,
                limit,
            };
            let limited = (5.0..=250.0).contains(&limit);
            let limited = (!limited).then_some("a speed limit is 5 to 250 km/h");
            match wrong(latitude, longitude, elevation).or(limited) {
                None => Ok(point_is),
                Some(problem) => Err(file.mistake(point.span(), problem)),
            }
        })
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A city on a grid, with the required places and routes.
    pub(in crate::world) fn grid() -> String {
        let mut text =
            "id = 'grid'\nname = 'Grid'\ncountry = 'US'\nutc_offset = '-07:00'\n".to_owned();
        let places = [
            ("home", 0.0, 0.0),
            ("work", 0.1, 0.06),
            ("shop", 0.02, 0.0),
            ("depot", -0.02, 0.0),
            ("charger", 1.2, 0.0),
            ("airport", 2.2, 0.0),
        ];
        for (name, north, east) in places {
            text += &format!(
                "[places.{name}]\nname = '{name}'\nposition = [{}, {}]\nelevation = 100\n",
                40.0 + north,
                -105.0 + east
            );
        }
        let line = |points: &[(f64, f64, f64, f64)]| {
            let points = points.iter().map(|(north, east, up, limit)| {
                format!(
                    "[{}, {}, {}, {limit}]",
                    40.0 + north,
                    -105.0 + east,
                    100.0 + up
                )
            });
            points.collect::<Vec<_>>().join(", ")
        };
        let routes = [
            (
                "commute",
                "home",
                "work",
                line(&[
                    (0.0, 0.0, 0.0, 50.0),
                    (0.004, 0.0, 6.0, 50.0),
                    (0.004, 0.004, 4.0, 70.0),
                    (0.03, 0.004, 20.0, 90.0),
                    (0.05, 0.03, 60.0, 90.0),
                    (0.09, 0.05, 12.0, 50.0),
                    (0.1, 0.05, 0.0, 50.0),
                    (0.1, 0.06, 0.0, 30.0),
                ]),
            ),
            (
                "errand",
                "home",
                "shop",
                line(&[
                    (0.0, 0.0, 0.0, 30.0),
                    (0.01, 0.0, 0.0, 50.0),
                    (0.02, 0.0, 0.0, 50.0),
                ]),
            ),
            (
                "outward",
                "home",
                "charger",
                line(&[
                    (0.0, 0.0, 0.0, 50.0),
                    (0.02, 0.0, 0.0, 120.0),
                    (1.2, 0.0, 0.0, 50.0),
                ]),
            ),
            (
                "onward",
                "charger",
                "airport",
                line(&[
                    (1.2, 0.0, 0.0, 50.0),
                    (1.22, 0.0, 0.0, 130.0),
                    (2.2, 0.0, 0.0, 50.0),
                ]),
            ),
        ];
        for (name, from, to, points) in routes {
            text +=
                &format!("[routes.{name}]\nfrom = '{from}'\nto = '{to}'\npoints = [{points}]\n");
        }
        for stop in 1..=12 {
            let north = -0.02 + 0.02 * f64::from(stop % 2);
            text += &format!(
                "[places.stop{stop}]\nname = 'Stop {stop}'\nposition = [{}, -105]\nelevation = 100\n",
                40.0 + north
            );
        }
        for leg in 1..=13 {
            let north = |stop: i32| 40.0 - 0.02 + 0.02 * f64::from(stop % 2 * i32::from(stop < 13));
            let name = |stop: i32| match stop {
                0 | 13 => "depot".to_owned(),
                _ => format!("stop{stop}"),
            };
            text += &format!(
                "[routes.leg{leg}]\nfrom = '{}'\nto = '{}'\npoints = [[{}, -105, 100, 50], [40.0, -104.99, 100, 50], [{}, -105, 100, 50]]\n",
                name(leg - 1),
                name(leg),
                north(leg - 1),
                north(leg),
            );
        }
        text
    }

    fn refusal(text: &str) -> String {
        read(&File::new("x.toml", text)).unwrap_err().to_string()
    }

    #[test]
    fn a_city_with_its_roads() {
        let city = read(&File::new("grid.toml", &grid())).unwrap();
        assert_eq!((&*city.id, city.utc_offset), ("grid", -420));
        let length = city.map.routes["errand"].length();
        assert!((length - 2223.9).abs() < 0.1, "{length}");
    }

    #[test]
    fn impossible_places_and_routes_are_refused_with_the_place() {
        let refused = refusal(&grid().replace(
            "[[40, -105, 100, 50], [40.02",
            "[[41, -105, 100, 50], [40.02",
        ));
        assert!(
            refused.contains("the line passes home at 111195 m"),
            "{refused}"
        );
        let refused =
            refusal(&grid().replace("from = 'home'\nto = 'shop'", "from = 'hom'\nto = 'shop'"));
        assert!(
            refused.ends_with("column 8: there is no place hom"),
            "{refused}"
        );
        let refused = refusal(&grid().replace("[40.01, -105, 100, 50]", "[40.01, -105, 100, -50]"));
        assert!(
            refused.ends_with("a speed limit is 5 to 250 km/h"),
            "{refused}"
        );
        let refused = refusal(&grid().replace("[40.01, -105, 100, 50]", "[91, -105, 100, 50]"));
        assert!(
            refused.ends_with("latitude is a number from -85 to 85"),
            "{refused}"
        );
        let errand = "[[40, -105, 100, 30], [40.01, -105, 100, 50], [40.02, -105, 100, 50]]";
        let refused = refusal(&grid().replace(errand, "[[40, -105, 100, 30]]"));
        assert!(
            refused.ends_with("a route has at least two points"),
            "{refused}"
        );
        let refused = refusal(&grid().replace("[places.airport]", "[places.port]"));
        assert!(refused.contains("there is no place airport"), "{refused}");
        let refused = refusal(&grid().replace("-07:00", "7"));
        assert!(refused.contains("line 4, column 14"), "{refused}");
    }
}
