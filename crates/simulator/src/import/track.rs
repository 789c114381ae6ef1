//! Lines on the ground as files of other programs hold them, and how they become routes.

use carport_model::Timestamp;

use super::{ImportError, csv, geojson, gpx, thinning};
use crate::world::city::Waypoint;
use crate::world::geometry::{Position, distance};

/// Longest text that is read: a day of one point a second as GPX is a third of it.
pub(super) const MOST_BYTES: usize = 32 << 20;
/// Most points that a file may hold before they are thinned out: nearly six days of seconds.
pub(super) const MOST_POINTS: usize = 500_000;
/// Points this near to the one before them say nothing, metres.
const SAME: f64 = 1.0;
/// Slowest and fastest limit that is made of recorded times, km/h.
const LIMITS: (f64, f64) = (10.0, 200.0);

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GPS exchange format 1.1: tracks, or else routes.
    Gpx,
    /// `GeoJSON` (RFC 7946): lines.
    GeoJson,
    /// Comma-separated values whose first line names the columns; see [`csv`].
    Csv,
}

impl Format {
    /// The format that the end of a file's name tells.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, end) = name.rsplit_once('.')?;
        match end.to_ascii_lowercase().as_str() {
            "gpx" => Some(Self::Gpx),
            "geojson" | "json" => Some(Self::GeoJson),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// A point of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TrackPoint {
    /// Latitude and longitude, degrees.
    pub(super) position: Position,
    /// Metres above the sea.
    pub(super) elevation: Option<f64>,
    /// When somebody was there.
    pub(super) time: Option<Timestamp>,
}

/// The route in a file: at most 2,000 points, at least a metre apart. Missing elevations are 0.
/// Where the file tells times, the limit from a point on is how fast it was driven, in steps of
/// 5 km/h; elsewhere points close together are taken for town and points far apart for motorway.
///
/// # Errors
/// [`ImportError`]: the name ends in no known format, the text is too long or not of that format,
/// a point is not on this earth, or there are fewer than two.
pub fn route(name: &str, text: &str) -> Result<Vec<Waypoint>, ImportError> {
    let format = Format::of_name(name).ok_or_else(|| {
        ImportError::of_file("a route is read from a file named .gpx, .geojson or .csv")
    })?;
    waypoints(&read(text, format)?, 0.0)
}

/// All points of a file.
pub(super) fn read(text: &str, format: Format) -> Result<Vec<TrackPoint>, ImportError> {
    if text.len() > MOST_BYTES {
        let problem = "the file is longer than 32 MiB; thin it out or cut it into days";
        return Err(ImportError::of_file(problem));
    }
    match format {
        Format::Gpx => gpx::read(text),
        Format::GeoJson => geojson::read(text),
        Format::Csv => Ok(csv::read(text)?.track()),
    }
}

/// What cannot be on this earth.
pub(super) fn impossible(position: Position, elevation: Option<f64>) -> Option<&'static str> {
    if !(-85.0..=85.0).contains(&position.0) {
        Some("latitude is a number from -85 to 85")
    } else if !(-180.0..=180.0).contains(&position.1) {
        Some("longitude is a number from -180 to 180")
    } else if elevation.is_some_and(|metres| !(-500.0..=9000.0).contains(&metres)) {
        Some("elevation is a number of metres from -500 to 9000")
    } else {
        None
    }
}

/// A route along the points; those with a triangle below `least`, in square metres, are left out.
pub(super) fn waypoints(points: &[TrackPoint], least: f64) -> Result<Vec<Waypoint>, ImportError> {
    let points = apart(points);
    if points.len() < 2 {
        let problem = "a route has at least two points that lie apart";
        return Err(ImportError::of_file(problem));
    }
    let mut driven = vec![0.0];
    for pair in points.windows(2) {
        let so_far = driven.last().copied().unwrap_or_default();
        driven.push(so_far + distance(pair[0].position, pair[1].position));
    }
    let kept = thinning::kept(&points, least);
    let limits: Vec<f64> = kept
        .windows(2)
        .map(|pair| {
            let metres = driven[pair[1]] - driven[pair[0]];
            limit(&points[pair[0]], &points[pair[1]], metres)
        })
        .collect();
    let last = limits.last().copied().unwrap_or_default();
    let limits = limits.into_iter().chain([last]);
    let waypoints = kept.iter().zip(limits).map(|(index, limit)| {
        let TrackPoint {
            position: (latitude, longitude),
            elevation,
            ..
        } = points[*index];
        Waypoint {
            latitude,
            longitude,
            elevation: elevation.unwrap_or_default(),
            limit,
        }
    });
    Ok(waypoints.collect())
}

/// The points that lie apart from the one before them.
fn apart(points: &[TrackPoint]) -> Vec<TrackPoint> {
    let mut apart: Vec<TrackPoint> = Vec::new();
    for point in points {
        let is_near = |last: &TrackPoint| distance(last.position, point.position) < SAME;
        if !apart.last().is_some_and(is_near) {
            apart.push(*point);
        }
    }
    apart
}

/// Speed limit between two points that lie so many metres apart along the line.
fn limit(from: &TrackPoint, to: &TrackPoint, metres: f64) -> f64 {
    let seconds = from
        .time
        .zip(to.time)
        .map(|(from, to)| to.since(from).as_secs_f64());
    match seconds.filter(|seconds| *seconds > 0.0) {
        Some(seconds) => {
            let speed = metres / seconds * 3.6;
            ((speed / 5.0).ceil() * 5.0).clamp(LIMITS.0, LIMITS.1)
        }
        None if metres < 150.0 => 50.0,
        None if metres < 500.0 => 80.0,
        None => 110.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(north: f64, seconds: Option<u64>) -> TrackPoint {
        TrackPoint {
            position: (40.0 + north / 111_195.0, -105.0),
            elevation: None,
            time: seconds.map(|seconds| Timestamp::from_millis(seconds.cast_signed() * 1000)),
        }
    }

    #[test]
    fn limits_come_from_times_or_else_from_distances() {
        let timed = [
            point(0.0, Some(0)),
            point(120.0, Some(10)),
            point(700.0, Some(30)),
        ];
        let limits = |points: &[TrackPoint]| -> Vec<f64> {
            waypoints(points, 0.0)
                .unwrap()
                .iter()
                .map(|point| point.limit)
                .collect()
        };
        // 43.2 and 104.4 km/h.
        assert_eq!(limits(&timed), [45.0, 105.0, 105.0]);
        let plain = [
            point(0.0, None),
            point(100.0, None),
            point(500.0, None),
            point(1200.0, None),
        ];
        assert_eq!(limits(&plain), [50.0, 80.0, 110.0, 110.0]);
        // A clock that stands still or goes back tells no speed.
        let still = [
            point(0.0, Some(9)),
            point(100.0, Some(9)),
            point(200.0, Some(3)),
        ];
        assert_eq!(limits(&still), [50.0, 50.0, 50.0]);
    }

    #[test]
    fn points_of_one_place_make_no_route() {
        let refused = waypoints(&[point(0.0, None), point(0.4, None)], 0.0).unwrap_err();
        assert_eq!(
            refused.problem,
            "a route has at least two points that lie apart"
        );
    }

    #[test]
    fn formats_are_told_by_the_name() {
        assert_eq!(Format::of_name("a.b/Ride.GPX"), Some(Format::Gpx));
        assert_eq!(Format::of_name("ride.json"), Some(Format::GeoJson));
        assert_eq!(Format::of_name("gpx"), None);
        assert!(route("ride.kml", "").unwrap_err().problem.contains(".gpx"));
    }

    #[test]
    fn endless_files_are_refused() {
        let text = " ".repeat(MOST_BYTES + 1);
        let refused = route("ride.gpx", &text).unwrap_err();
        assert!(refused.problem.contains("32 MiB"));
    }
}
