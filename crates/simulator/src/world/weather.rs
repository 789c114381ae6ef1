//! Weather: how warm it is by the local clock, and how dense the air.

use std::f64::consts::PI;

use super::geometry::cosine;
use super::scenario::Temperatures;

/// Seconds of a day.
const DAY: f64 = 86_400.0;
/// The coldest moment of a day, 05:00.
const COLDEST: f64 = 5.0 * 3600.0;
/// Seconds from the coldest to the warmest moment, 15:00.
const RISE: f64 = 10.0 * 3600.0;

/// Degrees Celsius outside, so many seconds after midnight: half a cosine up, half a cosine down.
pub(super) fn outside(day: Temperatures, since_midnight: f64) -> f64 {
    let since_coldest = since_midnight - COLDEST;
    let time = since_coldest - (since_coldest / DAY).floor() * DAY;
    let angle = if time < RISE {
        time / RISE * PI
    } else {
        (DAY - time) / (DAY - RISE) * PI
    };
    day.low + (day.high - day.low) * (1.0 - cosine(angle)) / 2.0
}

/// Kilograms a cubic metre of air at this temperature and so many metres above the sea: ideal gas
/// under the pressure of the standard atmosphere.
pub(super) fn air_density(celsius: f64, elevation: f64) -> f64 {
    let share = 1.0 - elevation / 44_331.0;
    let square = share * share;
    // The exponent of the standard atmosphere is 5.256; roots of squares are exact everywhere.
    let pressure = 101_325.0 * square * square * share * share.sqrt().sqrt();
    pressure / (287.05 * (celsius + 273.15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coldest_at_five_and_warmest_at_three() {
        let day = Temperatures {
            low: -4.0,
            high: 8.0,
        };
        let at = |hour: f64| outside(day, hour * 3600.0);
        assert!((at(5.0) + 4.0).abs() < 1e-9);
        assert!((at(15.0) - 8.0).abs() < 1e-9);
        assert!((at(10.0) - 2.0).abs() < 1e-9);
        assert!((at(5.0 + 24.0 * 3.0) + 4.0).abs() < 1e-9);
        assert!((at(0.0) - at(24.0)).abs() < 1e-9);
    }

    #[test]
    fn air_is_thin_when_it_is_warm_or_high() {
        assert!((air_density(15.0, 0.0) - 1.225).abs() < 0.001);
        assert!((air_density(15.0, 1600.0) - 1.010).abs() < 0.005);
        assert!(air_density(-15.0, 0.0) > 1.36);
    }
}
