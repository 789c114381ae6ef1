//! `GeoJSON`: the lines of a geometry, a feature or a collection of features, one after the other.
//!
//! Source: RFC 7946. Members that do not matter here are passed over.

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::ImportError;
use super::track::{MOST_POINTS, TrackPoint, impossible};

/// Any object of the format; its `type` decides which members count.
#[derive(Deserialize)]
struct Object {
    #[serde(rename = "type")]
    kind: String,
    coordinates: Option<Coordinates>,
    geometry: Option<Box<Object>>,
    geometries: Option<Vec<Object>>,
    features: Option<Vec<Object>>,
}

/// The coordinates of a geometry: how deeply they are nested depends on its type.
enum Coordinates {
    Position(TrackPoint),
    List(Vec<Coordinates>),
}

/// What a list holds.
enum Item {
    Number(f64),
    Coordinates(Coordinates),
}

/// The points of a text.
pub(super) fn read(text: &str) -> Result<Vec<TrackPoint>, ImportError> {
    let object: Object = serde_json::from_str(text).map_err(|error| {
        let problem = error.to_string();
        // The place stands in fields of its own.
        let end = problem.rfind(" at line ").unwrap_or(problem.len());
        ImportError {
            line: error.line().max(1),
            column: error.column().max(1),
            problem: problem[..end].to_owned(),
        }
    })?;
    let mut points = Vec::new();
    object.lines(&mut points);
    if points.is_empty() {
        return Err(ImportError::of_file(
            "the file has no LineString and no MultiLineString",
        ));
    }
    if points.len() > MOST_POINTS {
        let problem = format!("the file holds more than {MOST_POINTS} points; thin it out");
        return Err(ImportError::of_file(problem));
    }
    Ok(points)
}

impl Object {
    fn lines(self, points: &mut Vec<TrackPoint>) {
        match self.kind.as_str() {
            "LineString" | "MultiLineString" => {
                if let Some(coordinates) = self.coordinates {
                    coordinates.points(points);
                }
            }
            "Feature" => self
                .geometry
                .into_iter()
                .for_each(|object| object.lines(points)),
            "FeatureCollection" | "GeometryCollection" => {
                let objects = self.features.into_iter().chain(self.geometries).flatten();
                objects.for_each(|object| object.lines(points));
            }
            _ => {}
        }
    }
}

impl Coordinates {
    fn points(self, points: &mut Vec<TrackPoint>) {
        match self {
            Self::Position(point) => points.push(point),
            Self::List(items) => items.into_iter().for_each(|item| item.points(points)),
        }
    }
}

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Item::deserialize(deserializer)? {
            Item::Coordinates(coordinates) => Ok(coordinates),
            Item::Number(_) => Err(D::Error::custom("coordinates are a list")),
        }
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a list of coordinates")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Item, E> {
        Ok(Item::Number(number))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a coordinate; larger numbers are refused"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<Item, E> {
        Ok(Item::Number(number as f64))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a coordinate; larger numbers are refused"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<Item, E> {
        Ok(Item::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Item, A::Error> {
        let mut numbers = Vec::new();
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            match item {
                Item::Number(number) if list.is_empty() => numbers.push(number),
                Item::Coordinates(coordinates) if numbers.is_empty() => list.push(coordinates),
                _ => return Err(A::Error::custom("a list holds either numbers or lists")),
            }
        }
        if numbers.is_empty() {
            return Ok(Item::Coordinates(Coordinates::List(list)));
        }
        let point = position(&numbers).map_err(A::Error::custom)?;
        Ok(Item::Coordinates(Coordinates::Position(point)))
    }
}

/// Longitude comes first; more than an elevation has no meaning.
fn position(numbers: &[f64]) -> Result<TrackPoint, &'static str> {
    let [longitude, latitude, rest @ ..] = numbers else {
        return Err("a position is [longitude, latitude] or [longitude, latitude, elevation]");
    };
    let point = TrackPoint {
        position: (*latitude, *longitude),
        elevation: rest.first().copied(),
        time: None,
    };
    match impossible(point.position, point.elevation) {
        None => Ok(point),
        Some(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn lines_in_any_wrapping() {
        let line = r#"{"type":"LineString","coordinates":[[13,52,40.5],[13.1,52]]}"#;
        let points = read(line).unwrap();
        assert_eq!(
            (points[0].position, points[0].elevation),
            ((52.0, 13.0), Some(40.5))
        );
        assert_eq!(
            (points[1].position, points[1].elevation),
            ((52.0, 13.1), None)
        );
        let feature = format!(r#"{{"type":"Feature","properties":{{"a":[1]}},"geometry":{line}}}"#);
        assert_eq!(read(&feature).unwrap(), points);
        let many = r#"{"type":"MultiLineString","coordinates":[[[1,2],[1,3]],[[1,4],[1,5]]]}"#;
        let collection = format!(
            r#"{{"type":"FeatureCollection","features":[{feature},
            {{"type":"Feature","geometry":{{"type":"Point","coordinates":[0,0]}},"properties":null}},
            {{"type":"Feature","geometry":null}},
            {{"type":"Feature","geometry":{{"type":"GeometryCollection","geometries":[{many}]}}}}]}}"#
        );
        assert_eq!(read(&collection).unwrap().len(), 6);
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let line = |coordinates: &str| {
            format!("{{\"type\": \"LineString\",\n \"coordinates\": {coordinates}}}")
        };
        let told = refusal(&line("[[13, 52],\n [13, 91]]"));
        assert_eq!(
            told,
            "line 3, column 9: latitude is a number from -85 to 85"
        );
        for nonsense in [
            "[[1]]",
            "[[1, [2]]]",
            "[[\"a\", 2]]",
            "7",
            "[[NaN, 1]]",
            "[[1e999, 1]]",
        ] {
            assert!(
                refusal(&line(nonsense)).starts_with("line 2, column "),
                "{nonsense}"
            );
        }
        assert!(refusal("{").starts_with("line 1, column 1: EOF"));
        assert!(refusal(r#"{"type":"Polygon","coordinates":[]}"#).contains("no LineString"));
        assert!(refusal(&line(&"[".repeat(100_000))).contains("recursion limit"));
    }
}
