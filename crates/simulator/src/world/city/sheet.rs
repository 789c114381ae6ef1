//! How cities, and the places and routes of scenarios, are written.

use std::collections::BTreeMap;

use carport_model::CatalogueError;
use carport_model::catalogue::File;
use serde::Deserialize;
use toml::Spanned;

use super::{City, Map, NEAR, Place, ReadTrack, Route, Waypoint};
use crate::world::geometry::distance;
use crate::world::profile::is_name;

/// Places that every city has, so that every scenario can be lived in it.
const PLACES: [&str; 6] = ["home", "work", "shop", "depot", "charger", "airport"];
/// Routes that every city has; the legs are a delivery round of twelve stops.
const ROUTES: [&str; 17] = [
    "commute", "errand", "outward", "onward", "leg1", "leg2", "leg3", "leg4", "leg5", "leg6",
    "leg7", "leg8", "leg9", "leg10", "leg11", "leg12", "leg13",
];

/// Places and routes as a file writes them.
pub(in crate::world) struct MapSheet {
    pub(in crate::world) places: BTreeMap<Box<str>, Spanned<Place>>,
    pub(in crate::world) routes: BTreeMap<Box<str>, RouteRow>,
}

/// One route as a file writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::world) struct RouteRow {
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
        id: sheet.id.into_inner().into(),
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
    pub(in crate::world) fn read(
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
        if (LEAST_LENGTH..=MOST_LENGTH).contains(&metres) {
            Ok(route)
        } else {
            let problem = format!("a route is 100 m to 5000 km long, not {metres:.0} m");
            Err(file.mistake(at, problem))
        }
    }
}

/// Shortest route, metres.
const LEAST_LENGTH: f64 = 100.0;
/// Longest route, metres.
pub(crate) const MOST_LENGTH: f64 = 5_000_000.0;
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
