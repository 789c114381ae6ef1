//! GPX 1.1: the points of tracks (`trkpt`), or where there are none, of routes (`rtept`).
//!
//! The reader streams and never expands an entity, so a short text cannot become a long one.
//! Source: the GPX 1.1 schema.

use carport_model::Timestamp;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::ImportError;
use super::track::{MOST_POINTS, TrackPoint, impossible};

/// What is read of a point beside its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Elevation,
    Time,
}

/// A point whose element is open.
struct Open {
    point: TrackPoint,
    /// Offset of its element.
    at: usize,
    /// How deep its element lies.
    depth: usize,
    is_track: bool,
}

/// How far a text has been read.
struct Reading<'a> {
    text: &'a str,
    depth: usize,
    open: Option<Open>,
    /// What is being read, and where it begins.
    field: Option<(Field, usize)>,
    content: String,
    tracks: Vec<TrackPoint>,
    routes: Vec<TrackPoint>,
}

/// The points of a text.
pub(super) fn read(text: &str) -> Result<Vec<TrackPoint>, ImportError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    let mut reading = Reading {
        text,
        depth: 0,
        open: None,
        field: None,
        content: String::new(),
        tracks: Vec::new(),
        routes: Vec::new(),
    };
    loop {
        let at = offset(reader.buffer_position());
        let event = reader.read_event().map_err(|error| {
            let at = offset(reader.error_position());
            ImportError::at(text, at, format!("this is not well-formed XML: {error}"))
        })?;
        if event == Event::Eof {
            return reading.end();
        }
        reading.take(event, at)?;
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl Reading<'_> {
    fn refused(&self, at: usize, problem: impl Into<String>) -> ImportError {
        ImportError::at(self.text, at, problem)
    }

    fn take(&mut self, event: Event<'_>, at: usize) -> Result<(), ImportError> {
        match event {
            Event::Start(tag) => {
                self.start(&tag, at)?;
                self.depth += 1;
                Ok(())
            }
            Event::Empty(tag) => {
                self.start(&tag, at)?;
                self.depth += 1;
                self.close()
            }
            Event::End(_) => self.close(),
            Event::Text(text) if self.field.is_some() => {
                self.content.push_str(&text.into_inner());
                Ok(())
            }
            Event::CData(text) if self.field.is_some() => {
                self.content.push_str(&text.into_inner());
                Ok(())
            }
            Event::GeneralRef(_) if self.field.is_some() => {
                Err(self.refused(at, "ele and time hold plain text, no entities"))
            }
            Event::DocType(_) => {
                let problem = "a document type declaration is not read; remove <!DOCTYPE …>";
                Err(self.refused(at, problem))
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<(), ImportError> {
        let name = tag.local_name();
        let name = name.as_ref();
        if self.depth == 0 && name != "gpx" {
            return Err(self.refused(at, "a GPX file begins with <gpx>"));
        }
        match (name, &self.open) {
            ("trkpt" | "rtept", None) => {
                let point = self.point(tag, at)?;
                self.open = Some(Open {
                    point,
                    at,
                    depth: self.depth,
                    is_track: name == "trkpt",
                });
            }
            ("ele" | "time", Some(open)) if open.depth + 1 == self.depth => {
                let field = if name == "ele" {
                    Field::Elevation
                } else {
                    Field::Time
                };
                self.field = Some((field, at));
                self.content.clear();
            }
            _ => {}
        }
        Ok(())
    }

    fn point(&self, tag: &BytesStart<'_>, at: usize) -> Result<TrackPoint, ImportError> {
        let (mut latitude, mut longitude) = (None, None);
        // Without the check for doubles, which takes quadratic time.
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| {
                self.refused(at, format!("this is not well-formed XML: {error}"))
            })?;
            let value = || attribute.value.trim().parse::<f64>().ok();
            match attribute.key.as_ref() {
                "lat" => latitude = value(),
                "lon" => longitude = value(),
                _ => {}
            }
        }
        let position = latitude.zip(longitude).ok_or_else(|| {
            self.refused(
                at,
                "a point has lat and lon, in degrees with a decimal point",
            )
        })?;
        match impossible(position, None) {
            Some(problem) => Err(self.refused(at, problem)),
            None => Ok(TrackPoint {
                position,
                elevation: None,
                time: None,
            }),
        }
    }

    /// An element ends.
    fn close(&mut self) -> Result<(), ImportError> {
        // The reader refuses an end that no element has.
        self.depth = self.depth.saturating_sub(1);
        if let Some((field, at)) = self.field {
            let is_its_end = |open: &Open| open.depth + 1 == self.depth;
            if self.open.as_ref().is_some_and(is_its_end) {
                self.field = None;
                self.fill(field, at)?;
            }
            return Ok(());
        }
        let depth = self.depth;
        let Some(open) = self.open.take_if(|open| open.depth == depth) else {
            return Ok(());
        };
        let points = if open.is_track {
            &mut self.tracks
        } else {
            &mut self.routes
        };
        points.push(open.point);
        if points.len() > MOST_POINTS {
            let problem = format!("the file holds more than {MOST_POINTS} points; thin it out");
            return Err(self.refused(open.at, problem));
        }
        Ok(())
    }

    /// What an `ele` or a `time` says.
    fn fill(&mut self, field: Field, at: usize) -> Result<(), ImportError> {
        let content = self.content.trim();
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        let problem = match field {
            Field::Elevation => match content.parse::<f64>() {
                Ok(metres) => {
                    open.point.elevation = Some(metres);
                    impossible(open.point.position, Some(metres))
                }
                Err(_) => Some("ele is a number of metres"),
            },
            Field::Time => match Timestamp::read(content) {
                Some((time, _)) => {
                    open.point.time = Some(time);
                    None
                }
                None => Some("time is written 2024-01-01T08:30:00Z"),
            },
        };
        match problem {
            Some(problem) => Err(self.refused(at, problem)),
            None => Ok(()),
        }
    }

    fn end(self) -> Result<Vec<TrackPoint>, ImportError> {
        if self.depth > 0 {
            return Err(self.refused(self.text.len(), "the file ends inside of an element"));
        }
        let points = if self.tracks.is_empty() {
            self.routes
        } else {
            self.tracks
        };
        if points.is_empty() {
            return Err(ImportError::of_file("the file has no trkpt and no rtept"));
        }
        Ok(points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gpx(inside: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<gpx version=\"1.1\" \
             xmlns=\"http://www.topografix.com/GPX/1/1\">\n{inside}\n</gpx>\n"
        )
    }

    fn refusal(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn tracks_with_elevation_and_time() {
        let points = read(&gpx("<wpt lat='1' lon='1'/><trk><trkseg>\n\
             <trkpt lat=\"52.5\" lon=\"13.4\"><ele>34.5</ele><time>2024-01-01T08:00:00Z</time>\
             <extensions><x><ele>nothing</ele></x></extensions></trkpt>\n\
             <trkpt lon=' 13.5 ' lat='52.6'/></trkseg></trk>"));
        let points = points.unwrap();
        assert_eq!(points.len(), 2);
        assert_eq!(points[0].elevation, Some(34.5));
        assert_eq!(
            points[0].time.unwrap().to_string(),
            "2024-01-01T08:00:00.000Z"
        );
        assert_eq!(
            (points[1].position, points[1].elevation),
            ((52.6, 13.5), None)
        );
    }

    #[test]
    fn routes_where_there_is_no_track() {
        let route = "<rte><rtept lat='1' lon='2'/><rtept lat='1.1' lon='2'/></rte>";
        assert_eq!(read(&gpx(route)).unwrap()[1].position, (1.1, 2.0));
        let track = "<trk><trkseg><trkpt lat='3' lon='4'/></trkseg></trk>";
        assert_eq!(
            read(&gpx(&format!("{route}{track}"))).unwrap()[0].position,
            (3.0, 4.0)
        );
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let point = |attributes: &str, inside: &str| {
            gpx(&format!(
                "<trk><trkseg>\n  <trkpt {attributes}>{inside}</trkpt></trkseg></trk>"
            ))
        };
        let told = refusal(&point("lat='91' lon='0'", ""));
        assert_eq!(
            told,
            "line 4, column 3: latitude is a number from -85 to 85"
        );
        for nonsense in [
            "lat='NaN' lon='0'",
            "lat='0' lon='inf'",
            "lat='1,5' lon='0'",
            "lat='1'",
        ] {
            assert!(
                refusal(&point(nonsense, "")).starts_with("line 4, column 3: "),
                "{nonsense}"
            );
        }
        let told = refusal(&point("lat='1' lon='0'", "<ele>high</ele>"));
        assert_eq!(told, "line 4, column 26: ele is a number of metres");
        let told = refusal(&point("lat='1' lon='0'", "<time>noon</time>"));
        assert!(
            told.starts_with("line 4, column 26: time is written"),
            "{told}"
        );
        assert!(refusal("<kml></kml>").contains("begins with <gpx>"));
        assert!(refusal("<gpx><trk></gpx>").contains("not well-formed"));
        assert!(refusal("<gpx><trk>").contains("ends inside"));
        assert!(refusal("<gpx></gpx>").contains("no trkpt"));
        assert!(refusal("").contains("no trkpt"));
    }

    #[test]
    fn a_bomb_of_entities_does_not_go_off() {
        let bomb = "<!DOCTYPE gpx [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>\n<gpx/>";
        assert!(refusal(bomb).starts_with("line 1, column 1: a document type"));
        let point = "<trkpt lat='1' lon='0'><ele>&b;</ele></trkpt>";
        assert!(refusal(&gpx(point)).contains("no entities"));
    }
}
