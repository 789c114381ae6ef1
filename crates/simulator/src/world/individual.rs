//! What makes a car differ from its like: a few numbers that its seed decides.

use super::scenario::Start;

/// One car.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Individual {
    /// How much more than its like it takes to drive: 0.95 to 1.05.
    pub(super) thirst: f64,
    /// Share of the battery that is full at the start.
    pub(super) charge: f64,
    /// Share of the tank that is full at the start.
    pub(super) fuel: f64,
    /// Kilometres driven before the start.
    pub(super) odometer: f64,
    /// Kilometres since the oil was changed, at the start.
    pub(super) oil: f64,
    /// Kilopascals a day that each tyre loses.
    pub(super) leaks: [f64; 4],
    /// Days since the tyres were filled, at the start.
    pub(super) filled: f64,
    /// Share of its charge that the low-voltage battery still takes: 0.9 to 1.
    pub(super) health: f64,
    /// Picks a colour, a trim and the like.
    pub(super) style: u64,
}

/// Kilometres from one oil change to the next.
pub(super) const OIL_CHANGE: f64 = 15_000.0;
/// Days from one filling of the tyres to the next.
pub(super) const TYRE_CHECK: f64 = 60.0;

impl Individual {
    pub(super) fn new(seed: u64, start: &Start) -> Self {
        let at = |index: u64| fraction(seed, index);
        let spread = |index, width: f64| (2.0 * at(index) - 1.0) * width;
        let (least, most) = start.odometer;
        Self {
            thirst: 1.0 + spread(0, 0.05),
            charge: (start.charge + spread(1, 0.03)).clamp(0.05, 1.0),
            fuel: (start.fuel + spread(2, 0.05)).clamp(0.05, 1.0),
            odometer: least + (most - least) * at(3),
            oil: OIL_CHANGE * at(4),
            leaks: [5, 6, 7, 8].map(|index| 0.03 + 0.12 * at(index) * at(index)),
            filled: TYRE_CHECK * at(9),
            health: 0.9 + 0.1 * at(10),
            style: mixed(seed, 11),
        }
    }

    /// One of several words, always the same for this car.
    pub(super) fn pick<T: Copy>(&self, salt: u64, of: &[T]) -> T {
        let count = u64::try_from(of.len()).unwrap_or(1).max(1);
        let index = mixed(self.style, salt) % count;
        of[usize::try_from(index).unwrap_or_default()]
    }
}

/// An even number from 0 to below 1 for each seed and index.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit an f64 exactly")]
fn fraction(seed: u64, index: u64) -> f64 {
    (mixed(seed, index) >> 11) as f64 / (1_u64 << 53) as f64
}

/// The finaliser of `SplitMix64`: neighbouring seeds give numbers that have nothing in common.
fn mixed(seed: u64, index: u64) -> u64 {
    let mut z = seed.wrapping_add((index + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cars_differ_within_bounds_and_a_seed_is_always_the_same_car() {
        let start = Start {
            charge: 0.98,
            fuel: 0.5,
            odometer: (1000.0, 2000.0),
        };
        let mut sum = 0.0;
        for seed in 0..1000 {
            let car = Individual::new(seed, &start);
            assert_eq!(car, Individual::new(seed, &start));
            assert!((0.95..=1.05).contains(&car.thirst));
            assert!((0.95..=1.0).contains(&car.charge));
            assert!((1000.0..2000.0).contains(&car.odometer));
            assert!([1, 2, 3].contains(&car.pick(3, &[1, 2, 3])));
            sum += car.thirst;
        }
        assert!((sum / 1000.0 - 1.0).abs() < 0.01);
    }
}
