//! Where labels find room: above their car if they can, and never over one another.

use super::frame::{HEIGHT, Point, WIDTH};

/// Height of a label.
pub(crate) const TALL: f64 = 18.0;
/// Width of a letter of the labels' type, on average; a little too much rather than too little.
const LETTER: f64 = 6.9;
/// Room beside the text of a label.
const PADDING: f64 = 12.0;
/// Room between a label and the edge of the drawing.
const EDGE: f64 = 4.0;

/// The way from a car to a label above it.
pub(crate) const ABOVE: Point = (0.0, -26.0);

/// A rectangle that is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Taken {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Taken {
    /// A rectangle of this size around a point.
    pub(crate) fn around((x, y): Point, wide: f64, tall: f64) -> Self {
        Self {
            left: x - wide / 2.0,
            top: y - tall / 2.0,
            right: x + wide / 2.0,
            bottom: y + tall / 2.0,
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn is_inside(&self) -> bool {
        self.left >= EDGE
            && self.top >= EDGE
            && self.right <= WIDTH - EDGE
            && self.bottom <= HEIGHT - EDGE
    }
}

/// How wide a text of a label is.
pub(crate) fn text_width(text: &str) -> f64 {
    f64::from(u16::try_from(text.chars().count()).unwrap_or(u16::MAX)) * LETTER
}

/// How wide the label of a text is.
pub(crate) fn width(text: &str) -> f64 {
    text_width(text) + PADDING
}

/// The way from a car at `car` to the middle of its label, `wide` across: the first place that is
/// inside the drawing and free, or the least bad one. It is taken from then on.
pub(crate) fn put(car: Point, wide: f64, taken: &mut Vec<Taken>) -> Point {
    let aside = wide / 2.0 + 16.0;
    let shift = clamped(car.0, wide) - car.0;
    let ways = [
        (shift, -26.0),
        (shift, 26.0),
        (aside, 0.0),
        (-aside, 0.0),
        (shift, -46.0),
        (shift, 46.0),
        (aside, -22.0),
        (-aside, -22.0),
        (aside, 22.0),
        (-aside, 22.0),
        (shift, -66.0),
        (shift, 66.0),
    ];
    let at = |(right, down): Point| Taken::around((car.0 + right, car.1 + down), wide, TALL + 2.0);
    let is_free = |way: &&Point| {
        let label = at(**way);
        label.is_inside() && !taken.iter().any(|other| other.meets(&label))
    };
    let way = ways.iter().find(is_free).copied();
    let inside = || ways.iter().find(|way| at(**way).is_inside()).copied();
    let way = way.or_else(inside).unwrap_or(ways[0]);
    taken.push(at(way));
    way
}

/// Takes the rectangle unless somebody has.
pub(crate) fn take(wanted: Taken, taken: &mut Vec<Taken>) -> bool {
    let is_free = !taken.iter().any(|other| other.meets(&wanted));
    if is_free {
        taken.push(wanted);
    }
    is_free
}

/// The middle nearest to `x` at which something `wide` lies inside the drawing.
fn clamped(x: f64, wide: f64) -> f64 {
    let half = wide / 2.0 + EDGE;
    if half >= WIDTH / 2.0 {
        WIDTH / 2.0
    } else {
        x.clamp(half, WIDTH - half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_cars_at_one_place_lie_apart() {
        let mut taken = Vec::new();
        for _ in 0..8 {
            put((300.0, 200.0), 120.0, &mut taken);
        }
        for (index, one) in taken.iter().enumerate() {
            assert!(one.is_inside());
            assert!(
                !taken[..index].iter().any(|other| other.meets(one)),
                "{one:?}"
            );
        }
        assert_eq!(put((600.0, 400.0), 80.0, &mut taken), (0.0, -26.0));
    }

    #[test]
    fn a_label_stays_in_the_drawing() {
        for car in [(0.0, 0.0), (WIDTH, HEIGHT), (5.0, 300.0)] {
            let mut taken = Vec::new();
            put(car, 150.0, &mut taken);
            assert!(taken[0].is_inside(), "{taken:?}");
        }
        // One that is wider than the drawing lies over its middle.
        let (right, _) = put((10.0, 100.0), 900.0, &mut Vec::new());
        assert!((right - 350.0).abs() < 1e-9);
    }
}
