//! The ground of the map: lines of whole degrees or parts of them, and a bar of a known length.

use carport_web::words::t;

use super::frame::{Frame, HEIGHT, WIDTH, round_down, round_up};
use super::lines::coordinate;
use crate::simulator::figures;

/// How far lines of the grid lie apart at least.
const APART: f64 = 100.0;
/// The longest bar.
const BAR: f64 = 110.0;

/// A text at a point.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Caption {
    /// To the right.
    pub x: String,
    /// Down.
    pub y: String,
    /// What it says.
    pub text: String,
}

/// Lines, what they are, and the bar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    /// The lines, as a path.
    pub lines: String,
    /// The degrees at their ends.
    pub captions: Vec<Caption>,
    /// The bar, as a path.
    pub bar: String,
    /// How long it is.
    pub bar_caption: Caption,
}

impl Grid {
    /// The grid of a frame.
    pub(crate) fn of(frame: &Frame) -> Self {
        let mut grid = Self {
            lines: String::new(),
            captions: Vec::new(),
            bar: String::new(),
            bar_caption: bar_caption(frame),
        };
        grid.meridians(frame);
        grid.parallels(frame);
        let length = bar_length(frame) * frame.scale();
        let (right, y) = (WIDTH - 28.0, HEIGHT - 48.0);
        let left = right - length;
        let (left, right, y, up) = (
            coordinate(left),
            coordinate(right),
            coordinate(y),
            coordinate(y - 4.0),
        );
        grid.bar = format!("M{left} {y}H{right}M{left} {up}v8M{right} {up}v8");
        grid
    }

    fn meridians(&mut self, frame: &Frame) {
        let (left, right) = (frame.position((0.0, 0.0)).1, frame.position((WIDTH, 0.0)).1);
        for (longitude, text) in degrees(left, right, WIDTH, ["E", "W"]) {
            let x = frame.place((0.0, longitude)).0;
            self.lines
                .push_str(&format!("M{} 0V{HEIGHT}", coordinate(x)));
            // The last one would run out of the drawing.
            if x < WIDTH - 76.0 {
                self.caption(x + 4.0, HEIGHT - 8.0, text);
            }
        }
    }

    fn parallels(&mut self, frame: &Frame) {
        let (bottom, top) = (
            frame.position((0.0, HEIGHT)).0,
            frame.position((0.0, 0.0)).0,
        );
        for (latitude, text) in degrees(bottom, top, HEIGHT, ["N", "S"]) {
            let y = frame.place((latitude, 0.0)).1;
            self.lines
                .push_str(&format!("M0 {}H{WIDTH}", coordinate(y)));
            // Those of the meridians stand at the foot.
            if (16.0..HEIGHT - 28.0).contains(&y) {
                self.caption(8.0, y - 4.0, text);
            }
        }
    }

    fn caption(&mut self, x: f64, y: f64, text: String) {
        let (x, y) = (coordinate(x), coordinate(y));
        self.captions.push(Caption { x, y, text });
    }
}

/// Round degrees from `low` to `high`, as many as find room over `length`, each with its text.
fn degrees(low: f64, high: f64, length: f64, sides: [&str; 2]) -> Vec<(f64, String)> {
    let step = round_up((high - low) * APART / length);
    let places = figures::places_of(step);
    let first = (low / step).ceil();
    (0..32)
        .map(|index| (first + f64::from(index)) * step)
        .take_while(|degree| *degree <= high)
        .map(|degree| {
            let side = sides[usize::from(degree < 0.0)];
            (degree, format!("{:.places$}° {side}", degree.abs()))
        })
        .collect()
}

/// Kilometres that the bar shows.
fn bar_length(frame: &Frame) -> f64 {
    round_down(BAR / frame.scale())
}

fn bar_caption(frame: &Frame) -> Caption {
    let length = bar_length(frame);
    Caption {
        x: coordinate(WIDTH - 28.0 - length * frame.scale() / 2.0),
        y: coordinate(HEIGHT - 32.0),
        text: if length < 1.0 {
            t("{n} m")
                .with("n", format!("{:.0}", length * 1000.0))
                .plain()
        } else {
            t("{n} km").with("n", format!("{length:.0}")).plain()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_apart_and_say_where_they_are() {
        let grid = Grid::of(&Frame::around([
            (39.7025, -104.955),
            (39.59222, -104.83754),
        ]));
        let texts: Vec<&str> = grid.captions.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "105.00° W",
                "104.95° W",
                "104.90° W",
                "104.85° W",
                "104.80° W",
                "39.60° N",
                "39.65° N",
                "39.70° N"
            ]
        );
        assert_eq!(grid.bar_caption.text, "2 km");
    }

    #[test]
    fn south_and_east_have_names_of_their_own() {
        let grid = Grid::of(&Frame::around([(-33.86, 151.2), (-33.9, 151.3)]));
        let has = |end: &str| grid.captions.iter().any(|one| one.text.ends_with(end));
        assert!(has("° S") && has("° E") && !has("° N") && !has("° W"));
    }

    #[test]
    fn a_small_piece_and_a_large_one_have_few_lines() {
        let small = Grid::of(&Frame::around([(59.9, 10.7)]));
        assert_eq!(small.bar_caption.text, "500 m");
        let large = Grid::of(&Frame::around([(39.7, -105.0), (41.7, -105.1)]));
        assert!(large.captions.len() < 14, "{:?}", large.captions);
    }
}
