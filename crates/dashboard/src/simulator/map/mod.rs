//! The map: roads, places and cars of one city, drawn by ourselves. Start reading in [`Drawing`].

mod frame;
mod grid;
mod labels;
mod lines;

use super::live::Live;
use carport_web::words::t;
pub(crate) use frame::Position;
use frame::{Frame, Point};
pub(crate) use grid::Grid;
use labels::Taken;
pub(crate) use lines::coordinate;
use lines::{path, share_behind, thinned};

/// Labels beyond this many would hide the map; the list beside it has every car.
const LABELLED: usize = 12;
/// The longest name on a label, in letters.
const LONGEST: usize = 22;
/// The parts into which a way is divided, to say how much of it is driven.
const PARTS: f64 = 1000.0;

/// What there is to see.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sight {
    /// Name of the city.
    pub city: String,
    /// What the drawing shows in full: it must not move with the cars.
    pub around: Vec<Position>,
    /// Ways that are taken.
    pub roads: Vec<Vec<Position>>,
    /// Other ways of the city.
    pub lanes: Vec<Vec<Position>>,
    /// Places and their names.
    pub places: Vec<(String, Position)>,
    /// Cars of this city; the one looked at is the first.
    pub cars: Vec<Seen>,
}

/// A car as it stands or drives there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// Its id: names its parts of the drawing.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it does, in a word or a figure; may be empty.
    pub detail: String,
    /// Where it is.
    pub position: Position,
    /// Where it looks, degrees from north over east.
    pub heading: f64,
    /// The colour: 1 is looked at, 2 does something, 3 rests.
    pub tone: u8,
    /// The way of its drive; empty when it does not drive.
    pub way: Vec<Position>,
    /// How much of that lies behind it, as a share.
    pub driven: f64,
}

/// The map as a template writes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawing {
    /// In words, for those who do not see it.
    pub title: String,
    /// The ground.
    pub grid: Grid,
    /// Other ways, as a path.
    pub lanes: String,
    /// Ways that are taken, as a path.
    pub roads: String,
    /// Ways of the cars; empty of those that do not drive.
    pub ways: Vec<Way>,
    /// Places.
    pub places: Vec<Place>,
    /// Cars.
    pub cars: Vec<Mark>,
    /// Cars of this city beyond the edge.
    pub beyond: Vec<String>,
}

/// The way of a drive.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Way {
    /// Id of the car.
    pub id: String,
    /// Its colour.
    pub tone: u8,
    /// The way, as a path.
    pub path: String,
    /// How much of it is driven, in thousandths.
    pub driven: String,
}

/// A place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    /// Left edge of its square.
    pub x: String,
    /// Upper edge of its square.
    pub y: String,
    /// Its name, where there is room for it.
    pub name: Option<Name>,
}

/// A name beside a place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Name {
    /// The name.
    pub text: String,
    /// Where it begins or ends.
    pub x: String,
    /// Its base line.
    pub y: String,
    /// `start` or `end`.
    pub anchor: &'static str,
}

/// A car on the map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    /// Id of the car.
    pub id: String,
    /// Its colour.
    pub tone: u8,
    /// Where it is: `translate(…)`.
    pub at: String,
    /// Where it looks: `rotate(…)`.
    pub turn: String,
    /// Its label, unless there are too many.
    pub label: Option<Label>,
}

/// The label of a car.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Label {
    /// What it says.
    pub text: String,
    /// The way from the car to its middle: `translate(…)`.
    pub at: String,
    /// Its left edge, from its middle.
    pub x: String,
    /// How wide it is.
    pub width: String,
}

impl Drawing {
    /// Draws what there is to see.
    pub(crate) fn of(sight: &Sight) -> Self {
        let frame = Frame::around(sight.around.iter().copied());
        let (marks, taken, beyond) = marks(&frame, &sight.cars);
        Self {
            title: title(&sight.city, &sight.cars, &beyond),
            grid: Grid::of(&frame),
            lanes: paths(&frame, &sight.lanes),
            roads: paths(&frame, &sight.roads),
            ways: sight.cars.iter().map(|car| way(&frame, car)).collect(),
            places: places(&frame, &sight.places, taken),
            cars: marks,
            beyond,
        }
    }
}

/// What moves on a map, drawn anew on the frame of the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Movement {
    /// Cars.
    pub cars: Vec<Mark>,
    /// Ways of the cars; empty of those that do not drive.
    pub ways: Vec<Way>,
}

impl Movement {
    /// Where the cars are on the map of `sight`.
    pub(crate) fn of(sight: &Sight) -> Self {
        let frame = Frame::around(sight.around.iter().copied());
        Self {
            cars: marks(&frame, &sight.cars).0,
            ways: sight.cars.iter().map(|car| way(&frame, car)).collect(),
        }
    }
}

impl Movement {
    /// Notes where everything is.
    pub(crate) fn note(&self, live: &mut Live) {
        for Mark {
            id,
            tone,
            at,
            turn,
            label,
        } in &self.cars
        {
            live.set(format!("at-{id}"), "transform", at);
            live.set(format!("at-{id}"), "class", format!("map-at car-{tone}"));
            live.set(format!("turn-{id}"), "transform", turn);
            if let Some(label) = label {
                live.set(format!("label-{id}"), "transform", &label.at);
                live.set(format!("plate-{id}"), "x", &label.x);
                live.set(format!("plate-{id}"), "width", &label.width);
                live.text(format!("tag-{id}"), &label.text);
            }
        }
        for Way {
            id,
            tone,
            path,
            driven,
        } in &self.ways
        {
            // A car may have begun another drive than the one that was drawn.
            live.set(format!("way-{id}"), "class", format!("car-{tone}"));
            live.set(format!("ahead-{id}"), "d", path);
            live.set(format!("done-{id}"), "d", path);
            live.set(
                format!("done-{id}"),
                "stroke-dasharray",
                format!("{driven} 1000"),
            );
        }
    }
}

fn title(city: &str, cars: &[Seen], beyond: &[String]) -> String {
    let shown = cars.iter().filter(|car| !beyond.contains(&car.name));
    let shown: Vec<String> = shown.map(Seen::label).collect();
    let mut title = if shown.is_empty() {
        t("Map of {city}, without a car.")
            .with("city", city)
            .plain()
    } else {
        t("Map of {city}: {cars}.")
            .with("city", city)
            .with("cars", shown.join("; "))
            .plain()
    };
    if !beyond.is_empty() {
        title.push(' ');
        title.push_str(
            &t("Beyond its edge: {cars}.")
                .with("cars", beyond.join("; "))
                .plain(),
        );
    }
    title
}

impl Seen {
    /// What its label says; a long name is cut, as the list has all of it.
    fn tag(&self) -> String {
        let mut name = self.name.clone();
        if let Some((end, _)) = name.char_indices().nth(LONGEST) {
            name.truncate(end);
            name.push('…');
        }
        label(&name, &self.detail)
    }

    fn label(&self) -> String {
        label(&self.name, &self.detail)
    }
}

fn label(name: &str, detail: &str) -> String {
    if detail.is_empty() {
        name.to_owned()
    } else {
        format!("{name}, {detail}")
    }
}

/// What the drawing shows of ways, as one path.
fn paths(frame: &Frame, ways: &[Vec<Position>]) -> String {
    let shown = |way: &Vec<Position>| {
        let points = placed(frame, way);
        // The way to another city would be a thousand points that nobody sees.
        let pieces = points.split(|point| frame::is_beyond(*point));
        pieces
            .filter(|piece| piece.len() > 1)
            .map(path)
            .collect::<String>()
    };
    ways.iter().map(shown).collect()
}

fn placed(frame: &Frame, way: &[Position]) -> Vec<Point> {
    thinned(way.iter().map(|position| frame.place(*position)))
}

fn way(frame: &Frame, car: &Seen) -> Way {
    let points = placed(frame, &car.way);
    let driven = share_behind(&points, frame.place(car.position), car.driven);
    Way {
        id: car.id.clone(),
        tone: car.tone,
        path: path(&points),
        driven: coordinate(driven * PARTS),
    }
}

/// The cars, what those inside the drawing take, and the names of those outside. They are drawn
/// too, where nobody sees them: they may come in.
fn marks(frame: &Frame, cars: &[Seen]) -> (Vec<Mark>, Vec<Taken>, Vec<String>) {
    let inside = cars.iter().filter(|car| frame.shows(car.position));
    let arrow = |car: &Seen| Taken::around(frame.place(car.position), 16.0, 16.0);
    let mut taken: Vec<Taken> = inside.map(arrow).collect();
    let marks = cars
        .iter()
        .enumerate()
        .map(|(index, car)| mark(frame, car, index < LABELLED, &mut taken))
        .collect();
    let outside = cars.iter().filter(|car| !frame.shows(car.position));
    (marks, taken, outside.map(|car| car.name.clone()).collect())
}

fn mark(frame: &Frame, car: &Seen, is_labelled: bool, taken: &mut Vec<Taken>) -> Mark {
    let at = frame.place(car.position);
    let translate = |(x, y): Point| format!("translate({} {})", coordinate(x), coordinate(y));
    let label = is_labelled.then(|| {
        let text = car.tag();
        let wide = labels::width(&text);
        let way = if frame.shows(car.position) {
            labels::put(at, wide, taken)
        } else {
            labels::ABOVE
        };
        Label {
            at: translate(way),
            x: coordinate(-wide / 2.0),
            width: coordinate(wide),
            text,
        }
    });
    Mark {
        id: car.id.clone(),
        tone: car.tone,
        at: translate(at),
        turn: format!("rotate({:.0})", car.heading),
        label,
    }
}

/// The places inside the drawing; a name that would lie over another is left out.
fn places(frame: &Frame, places: &[(String, Position)], mut taken: Vec<Taken>) -> Vec<Place> {
    places
        .iter()
        .filter(|(_, position)| frame.shows(*position))
        .map(|(name, position)| place(frame.place(*position), name, &mut taken))
        .collect()
}

fn place((x, y): Point, name: &str, taken: &mut Vec<Taken>) -> Place {
    let wide = labels::text_width(name);
    let fits = x + 10.0 + wide < frame::WIDTH - 4.0;
    let mut sides = [("start", 10.0), ("end", -10.0)];
    if !fits {
        sides.reverse();
    }
    let free = sides.into_iter().find(|(anchor, aside)| {
        let middle = if *anchor == "start" {
            wide / 2.0
        } else {
            -wide / 2.0
        };
        let wanted = Taken::around((x + aside + middle, y), wide, 14.0);
        labels::take(wanted, taken)
    });
    Place {
        x: coordinate(x - 4.5),
        y: coordinate(y - 4.5),
        name: free.map(|(anchor, aside)| Name {
            text: name.to_owned(),
            x: coordinate(x + aside),
            y: coordinate(y + 4.0),
            anchor,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(name: &str, position: Position) -> Seen {
        Seen {
            id: name.to_lowercase(),
            name: name.to_owned(),
            detail: String::new(),
            position,
            heading: 0.0,
            tone: 3,
            way: Vec::new(),
            driven: 0.0,
        }
    }

    fn denver() -> Sight {
        let way = vec![(39.70, -104.95), (39.70, -104.90), (39.60, -104.84)];
        Sight {
            city: "Denver".to_owned(),
            around: way.clone(),
            roads: vec![way.clone()],
            lanes: vec![vec![(39.70, -104.95), (39.72, -104.98)]],
            places: vec![
                ("Home".to_owned(), way[0]),
                ("Work".to_owned(), way[2]),
                ("Airport".to_owned(), (41.7, -105.1)),
            ],
            cars: vec![
                Seen {
                    detail: "62 km/h".to_owned(),
                    heading: 89.6,
                    tone: 1,
                    way,
                    driven: 0.2,
                    ..seen("Commuter", (39.70, -104.925))
                },
                seen("Homebody", (39.7001, -104.9503)),
                seen("Faraway", (52.5, 13.4)),
            ],
        }
    }

    #[test]
    fn a_city_with_cars() {
        insta::assert_debug_snapshot!(Drawing::of(&denver()));
    }

    #[test]
    fn cars_move_and_the_ground_stays() {
        let mut sight = denver();
        let before = Drawing::of(&sight);
        sight.cars[0].position = (39.65, -104.87);
        sight.cars[0].driven = 0.8;
        let moved = Movement::of(&sight);
        assert_ne!(moved.cars[0].at, before.cars[0].at);
        assert_eq!(moved.cars[1].at, before.cars[1].at);
        let after = Drawing::of(&sight);
        assert_eq!((after.grid, after.roads), (before.grid, before.roads));
        assert_eq!((after.cars, after.ways), (moved.cars, moved.ways));
    }

    #[test]
    fn nothing_to_see_is_drawn_too() {
        let drawing = Drawing::of(&Sight::default());
        assert!(drawing.cars.is_empty() && drawing.title.contains("without a car"));
    }
}
