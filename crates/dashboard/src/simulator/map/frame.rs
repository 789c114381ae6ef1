//! Where places of the earth lie on the drawing.

/// Width of the drawing.
pub(crate) const WIDTH: f64 = 720.0;
/// Height of the drawing.
pub(crate) const HEIGHT: f64 = 480.0;
/// Room around what is shown: labels stand above cars and beside places.
const MARGIN: f64 = 64.0;
/// Kilometres that the drawing shows at least, so that a parked car does not stand on a blank.
const LEAST: f64 = 3.0;
/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.195;
/// Beyond these the meridians run together.
const POLE: f64 = 85.0;

/// Latitude and longitude in degrees.
pub(crate) type Position = (f64, f64);

/// A point of the drawing: to the right, down.
pub(crate) type Point = (f64, f64);

/// A piece of the earth, drawn as a plane: equal scale in both directions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    middle: Position,
    /// Units of the drawing in a kilometre.
    scale: f64,
    /// Kilometres of a degree of longitude in the middle.
    east: f64,
}

impl Frame {
    /// The frame that shows all of these; of none of them, where the equator meets Greenwich.
    pub(crate) fn around(positions: impl IntoIterator<Item = Position>) -> Self {
        let mut positions = positions.into_iter();
        let first = positions.next().unwrap_or_default();
        let (mut low, mut high) = (first, first);
        for (latitude, longitude) in positions {
            low = (low.0.min(latitude), low.1.min(longitude));
            high = (high.0.max(latitude), high.1.max(longitude));
        }
        let middle = (f64::midpoint(low.0, high.0), f64::midpoint(low.1, high.1));
        let east = DEGREE * middle.0.clamp(-POLE, POLE).to_radians().cos();
        let wide = ((high.1 - low.1) * east).max(LEAST);
        let tall = ((high.0 - low.0) * DEGREE).max(LEAST);
        let scale = ((WIDTH - 2.0 * MARGIN) / wide).min((HEIGHT - 2.0 * MARGIN) / tall);
        Self {
            middle,
            scale,
            east,
        }
    }

    /// Where a position lies, also outside the drawing.
    pub(crate) fn place(&self, (latitude, longitude): Position) -> Point {
        let right = (longitude - self.middle.1) * self.east * self.scale;
        let down = (self.middle.0 - latitude) * DEGREE * self.scale;
        (WIDTH / 2.0 + right, HEIGHT / 2.0 + down)
    }

    /// The position of a point.
    pub(crate) fn position(&self, (x, y): Point) -> Position {
        let latitude = self.middle.0 - (y - HEIGHT / 2.0) / (DEGREE * self.scale);
        let longitude = self.middle.1 + (x - WIDTH / 2.0) / (self.east * self.scale);
        (latitude, longitude)
    }

    /// Whether the drawing shows a position, with a little room to its edge.
    pub(crate) fn shows(&self, position: Position) -> bool {
        let (x, y) = self.place(position);
        (8.0..=WIDTH - 8.0).contains(&x) && (8.0..=HEIGHT - 8.0).contains(&y)
    }

    /// Units of the drawing in a kilometre.
    pub(crate) fn scale(&self) -> f64 {
        self.scale
    }
}

/// Whether a point lies so far outside the drawing that no line from it to its neighbours is seen.
pub(crate) fn is_beyond((x, y): Point) -> bool {
    let far = 2.0 * MARGIN;
    !(-far..=WIDTH + far).contains(&x) || !(-far..=HEIGHT + far).contains(&y)
}

/// The largest of 1, 2, 5, 10, 20, 50 … that is at most this: what people read at a glance.
pub(crate) fn round_down(value: f64) -> f64 {
    let decade = decade(value);
    let step = [5.0, 2.0].into_iter().find(|step| step * decade <= value);
    step.unwrap_or(1.0) * decade
}

/// The least of 1, 2, 5, 10, 20, 50 … that is at least this.
pub(crate) fn round_up(value: f64) -> f64 {
    let decade = decade(value);
    let step = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|step| step * decade >= value);
    step.unwrap_or(10.0) * decade
}

fn decade(value: f64) -> f64 {
    10_f64.powf(value.log10().floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_lies_inside_and_north_is_up() {
        let corners = [(39.7, -105.0), (39.6, -104.8)];
        let frame = Frame::around(corners);
        let (north_west, south_east) = (frame.place(corners[0]), frame.place(corners[1]));
        assert!(north_west.0 < south_east.0 && north_west.1 < south_east.1);
        for corner in corners {
            let (x, y) = frame.place(corner);
            assert!((MARGIN - 0.1..=WIDTH - MARGIN + 0.1).contains(&x), "{x}");
            assert!((MARGIN - 0.1..=HEIGHT - MARGIN + 0.1).contains(&y), "{y}");
            assert!(frame.shows(corner));
            let back = frame.position((x, y));
            assert!((back.0 - corner.0).abs() < 1e-9 && (back.1 - corner.1).abs() < 1e-9);
        }
        assert!(!frame.shows((52.5, 13.4)));
    }

    #[test]
    fn a_single_place_has_a_neighbourhood() {
        let frame = Frame::around([(59.9, 10.7)]);
        assert_eq!(frame.place((59.9, 10.7)), (WIDTH / 2.0, HEIGHT / 2.0));
        assert!((frame.scale() * LEAST - (HEIGHT - 2.0 * MARGIN)).abs() < 1e-9);
        assert!(
            Frame::around([(90.0, 0.0), (-90.0, 180.0)])
                .scale()
                .is_finite()
        );
        assert!(Frame::around([]).scale().is_finite());
    }

    #[test]
    fn steps_are_round() {
        let near = |found: f64, step: f64| assert!((found / step - 1.0).abs() < 1e-9, "{found}");
        for (value, below, above) in [
            (0.013, 0.01, 0.02),
            (0.99, 0.5, 1.0),
            (2.0, 2.0, 2.0),
            (4.9, 2.0, 5.0),
            (73.0, 50.0, 100.0),
        ] {
            near(round_down(value), below);
            near(round_up(value), above);
        }
    }
}
