//! How late an answer comes.

use std::time::Duration;

use crate::Rng;

/// A distribution of waits. Whatever is drawn lies between nothing and [`Latency::MOST`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Latency {
    /// Always as long.
    Fixed(Duration),
    /// Evenly between two waits.
    Uniform {
        /// The shortest.
        from: Duration,
        /// The longest; not below the shortest.
        to: Duration,
    },
    /// Around a mean, most within a deviation of it; never below nothing.
    Normal {
        /// The mean.
        mean: Duration,
        /// The standard deviation.
        deviation: Duration,
    },
    /// Mostly short, seldom long.
    Exponential {
        /// The mean.
        mean: Duration,
    },
}

impl Latency {
    /// The longest wait: no client waits longer, and a connection should not be held for ever.
    pub const MOST: Duration = Duration::from_mins(2);

    /// Draws a wait.
    #[must_use]
    pub fn draw(self, rng: &dyn Rng) -> Duration {
        let seconds = match self {
            Self::Fixed(wait) => return wait.min(Self::MOST),
            Self::Uniform { from, to } => rng.number(from.as_secs_f64(), to.as_secs_f64()),
            Self::Normal { mean, deviation } => {
                mean.as_secs_f64() + deviation.as_secs_f64() * normal(rng)
            }
            Self::Exponential { mean } => -mean.as_secs_f64() * above_zero(rng).ln(),
        };
        let most = Self::MOST.as_secs_f64();
        Duration::from_secs_f64(seconds.clamp(0.0, most))
    }
}

/// A number of the standard normal distribution, by the method of Box and Muller.
fn normal(rng: &dyn Rng) -> f64 {
    let radius = (-2.0 * above_zero(rng).ln()).sqrt();
    radius * rng.number(0.0, std::f64::consts::TAU).cos()
}

/// Evenly drawn, above nothing and 1 at most, so that it has a logarithm.
fn above_zero(rng: &dyn Rng) -> f64 {
    1.0 - rng.number(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRng;

    const SECOND: Duration = Duration::from_secs(1);

    /// Mean and standard deviation of many draws, in seconds.
    fn seen(latency: Latency) -> (f64, f64) {
        let rng = SeededRng::new(7, 0);
        let count = 20_000_u32;
        let drawn: Vec<f64> = (0..count)
            .map(|_| latency.draw(&rng).as_secs_f64())
            .collect();
        let mean = drawn.iter().sum::<f64>() / f64::from(count);
        let square = drawn.iter().map(|wait| (wait - mean).powi(2)).sum::<f64>();
        (mean, (square / f64::from(count)).sqrt())
    }

    #[track_caller]
    fn assert_near(latency: Latency, mean: f64, deviation: f64) {
        let (seen_mean, seen_deviation) = seen(latency);
        assert!((seen_mean - mean).abs() < 0.03 * mean, "{seen_mean}");
        let off = (seen_deviation - deviation).abs();
        assert!(off < 0.03 * deviation.max(0.01), "{seen_deviation}");
    }

    #[test]
    fn distributions_are_what_they_say() {
        assert_near(Latency::Fixed(2 * SECOND), 2.0, 0.0);
        let (from, to) = (SECOND, 3 * SECOND);
        assert_near(Latency::Uniform { from, to }, 2.0, 2.0 / 12_f64.sqrt());
        let (mean, deviation) = (10 * SECOND, 2 * SECOND);
        assert_near(Latency::Normal { mean, deviation }, 10.0, 2.0);
        assert_near(Latency::Exponential { mean: SECOND }, 1.0, 1.0);
    }

    #[test]
    fn no_wait_is_negative_or_longer_than_the_longest() {
        let rng = SeededRng::new(1, 0);
        let day = Duration::from_hours(24);
        for latency in [
            Latency::Fixed(day),
            Latency::Uniform {
                from: Duration::ZERO,
                to: day,
            },
            Latency::Normal {
                mean: SECOND,
                deviation: day,
            },
            Latency::Exponential { mean: day },
        ] {
            let drawn: Vec<_> = (0..500).map(|_| latency.draw(&rng)).collect();
            assert!(drawn.iter().all(|wait| *wait <= Latency::MOST));
        }
    }
}
