//! Distances and directions on the ground.
//!
//! Every result is the same to the bit on every machine: only `+ - * /` and `sqrt` are used, which
//! IEEE 754 defines exactly; the sines of the standard library are not.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// Metres of a degree of latitude: the mean circumference of the earth over 360.
const METRES_A_DEGREE: f64 = 111_195.0;

/// Latitude and longitude in degrees.
pub type Position = (f64, f64);

/// The way east and north from one position to another, in metres, on a plane that touches the
/// earth between them: exact to a millimetre or so a kilometre.
#[must_use]
pub fn way(from: Position, to: Position) -> (f64, f64) {
    let middle = f64::midpoint(from.0, to.0);
    let mut east = to.1 - from.1;
    // The short way where the date changes.
    if east > 180.0 {
        east -= 360.0;
    } else if east < -180.0 {
        east += 360.0;
    }
    (
        east * METRES_A_DEGREE * cosine(middle * PI / 180.0),
        (to.0 - from.0) * METRES_A_DEGREE,
    )
}

/// Metres between two positions.
#[must_use]
pub fn distance(from: Position, to: Position) -> f64 {
    let (east, north) = way(from, to);
    (east * east + north * north).sqrt()
}

/// Direction of a way in degrees: 0 is north, 90 east, below 360; 0 for a way of no length.
#[must_use]
pub fn heading((east, north): (f64, f64)) -> f64 {
    let degrees = arc(east, north) * 180.0 / PI;
    if degrees < 0.0 {
        degrees + 360.0
    } else {
        degrees
    }
}

/// Cosine of an angle in radians, for angles from -pi to pi.
#[must_use]
pub fn cosine(angle: f64) -> f64 {
    let angle = angle.abs();
    if angle > FRAC_PI_2 {
        -cosine(PI - angle)
    } else if angle > FRAC_PI_4 {
        sine(FRAC_PI_2 - angle)
    } else {
        let x = angle * angle;
        1.0 - x / 2.0
            * (1.0
                - x / 12.0
                    * (1.0 - x / 30.0 * (1.0 - x / 56.0 * (1.0 - x / 90.0 * (1.0 - x / 132.0)))))
    }
}

/// Sine of an angle of at most a quarter of pi: the Taylor series, exact to 12 digits there.
fn sine(angle: f64) -> f64 {
    let x = angle * angle;
    angle
        * (1.0
            - x / 6.0 * (1.0 - x / 20.0 * (1.0 - x / 42.0 * (1.0 - x / 72.0 * (1.0 - x / 110.0)))))
}

/// Angle whose sine and cosine are as `up` to `along`, -pi to pi.
fn arc(up: f64, along: f64) -> f64 {
    if up == 0.0 && along == 0.0 {
        return 0.0;
    }
    let steep = up.abs() > along.abs();
    let ratio = if steep { along / up } else { up / along };
    let angle = arc_of(ratio);
    match (steep, up >= 0.0, along >= 0.0) {
        (true, true, _) => FRAC_PI_2 - angle,
        (true, false, _) => -FRAC_PI_2 - angle,
        (false, _, true) => angle,
        (false, true, false) => angle + PI,
        (false, false, false) => angle - PI,
    }
}

/// Arc tangent of -1 to 1: halved once, then by its series, exact to 10 digits.
fn arc_of(ratio: f64) -> f64 {
    let half = ratio / (1.0 + (1.0 + ratio * ratio).sqrt());
    let x = half * half;
    let mut sum = 0.0;
    let mut factor = 27.0;
    while factor > 0.0 {
        sum = 1.0 / factor - x * sum;
        factor -= 2.0;
    }
    2.0 * half * sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_the_standard_library(angle in -PI..PI, east in -9e3..9e3, north in -9e3..9e3) {
            prop_assert!((cosine(angle) - angle.cos()).abs() < 1e-10);
            let expected = f64::atan2(east, north).to_degrees().rem_euclid(360.0);
            prop_assert!((heading((east, north)) - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn directions_and_distances() {
        let ways = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0), (0.0, 0.0)];
        for (way, degrees) in ways.into_iter().zip([0.0, 90.0, 180.0, 270.0, 0.0]) {
            assert!((heading(way) - degrees).abs() < 1e-12, "{way:?}");
        }
        let north = distance((40.0, -105.0), (41.0, -105.0));
        assert!((north - METRES_A_DEGREE).abs() < 1e-6);
        let east = distance((60.0, 10.0), (60.0, 11.0));
        assert!((east - METRES_A_DEGREE / 2.0).abs() < 1.0);
        let across = distance((0.0, 179.9), (0.0, -179.9));
        assert!((across - METRES_A_DEGREE * 0.2).abs() < 1.0);
    }
}
