//! Phases cut into pieces in which energy flows one way.

use crate::world::drive::Phase;
use crate::world::physics::{Physics, Regime};

/// Joules at the wheels so many seconds into a phase: force times distance, and drag, which grows
/// with the cube of a speed that is a straight line.
pub(super) fn work(phase: &Phase, force: f64, drag: f64, time: f64) -> f64 {
    let (v, w) = (phase.speed, phase.speed + phase.acceleration * time);
    let cubes = time * (v * v * v + v * v * w + v * w * w + w * w * w) / 4.0;
    force * phase.driven(time) + drag * cubes
}

/// A phase cut where the wheels change from pulling to braking or to braking too hard.
pub(super) fn cut(phase: &Phase, force: f64, physics: &Physics) -> Vec<(Phase, Regime)> {
    let last = phase.speed_at(phase.lasts);
    if phase.speed <= 0.0 && last <= 0.0 {
        return vec![(*phase, Regime::Rest)];
    }
    let mut times: Vec<f64> = thresholds(force, physics)
        .into_iter()
        .flatten()
        .map(|speed| (speed - phase.speed) / phase.acceleration)
        .filter(|time| time.is_finite() && *time > 0.0 && *time < phase.lasts)
        .collect();
    times.sort_by(f64::total_cmp);
    let mut parts = Vec::with_capacity(times.len() + 1);
    let (mut rest, mut before) = (*phase, 0.0);
    for time in times {
        let (first, second) = halves(&rest, time - before);
        parts.push(first);
        (rest, before) = (second, time);
    }
    parts.push(rest);
    let regime = |part: &Phase| {
        let speed = part.speed_at(part.lasts / 2.0);
        let watts = (force + physics.drag * speed * speed) * speed;
        if watts >= 0.0 {
            Regime::Stored
        } else if watts >= -physics.recovers {
            Regime::Recovering { full: false }
        } else {
            Regime::Capped { full: false }
        }
    };
    parts
        .into_iter()
        .map(|part| (part, regime(&part)))
        .collect()
}

/// The speeds at which the power at the wheels is nothing, or as much as can be recovered.
fn thresholds(force: f64, physics: &Physics) -> [Option<f64>; 3] {
    if force >= 0.0 {
        return [None; 3];
    }
    let still = (-force / physics.drag).sqrt();
    let hardest = (-force / (3.0 * physics.drag)).sqrt();
    let spare = |speed: f64| (force + physics.drag * speed * speed) * speed + physics.recovers;
    if !physics.recovers.is_finite() || spare(hardest) >= 0.0 {
        return [Some(still), None, None];
    }
    [
        Some(still),
        Some(root(0.0, hardest, |speed| -spare(speed))),
        Some(root(hardest, still, spare)),
    ]
}

/// Where a function that rises from below zero at `low` to above at `high` passes zero: the secant
/// between both, where an end that stays twice is weighed half (the rule of Illinois).
pub(super) fn root(mut low: f64, mut high: f64, of: impl Fn(f64) -> f64) -> f64 {
    let (mut below, mut above) = (of(low), of(high));
    let exact = 1e-13 * (below.abs() + above.abs());
    let mut side = 0;
    for _ in 0..100 {
        if below >= -exact {
            return low;
        }
        if above <= exact {
            return high;
        }
        let secant = (low * above - high * below) / (above - below);
        let is_between = secant > low && secant < high;
        let at = if is_between {
            secant
        } else {
            f64::midpoint(low, high)
        };
        let value = of(at);
        if value < 0.0 {
            (low, below) = (at, value);
            above = if side < 0 { above / 2.0 } else { above };
            side = -1;
        } else {
            (high, above) = (at, value);
            below = if side > 0 { below / 2.0 } else { below };
            side = 1;
        }
    }
    high
}

/// A phase up to a moment, and from there on.
pub(super) fn halves(phase: &Phase, time: f64) -> (Phase, Phase) {
    let first = Phase {
        lasts: time,
        ..*phase
    };
    let second = Phase {
        starts: phase.starts + time,
        lasts: phase.lasts - time,
        place: phase.place + phase.driven(time),
        speed: phase.speed_at(time),
        ..*phase
    };
    (first, second)
}
