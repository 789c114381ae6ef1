//! What a car did, read off its recording: where it stood and charged, and where it drove.

use std::time::Duration;

use super::recording::{Activity, Sample};
use crate::world::geometry::distance;

/// Shortest stop that is parking; a shorter one is a light or a queue.
const LEAST_STOP: Duration = Duration::from_mins(3);
/// How far the positions of a car that stands may lie apart, metres.
const STANDS: f64 = 50.0;
/// How near to its resting place it counts as arrived, metres.
const RESTS: f64 = 15.0;
/// A shorter way is manoeuvring, metres.
const LEAST_DRIVE: f64 = 150.0;
/// Charging that pauses for less goes on: recorded numbers are rounded.
const PAUSE: Duration = Duration::from_mins(10);
/// Less of a rise is noise, as a share.
const LEAST_RISE: f64 = 0.004;

/// A part of a recording, from one sample to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) deed: Deed,
}

/// What the car did in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Drive,
    Park,
    Charge,
    Refuel,
    Sleep,
    Unreachable,
}

/// The stretches of a recording; each begins where the one before it ends.
pub(super) fn stretches(samples: &[Sample]) -> Vec<Stretch> {
    let last = samples.len() - 1;
    let mut stretches = Vec::new();
    let mut at = 0;
    for (from, to) in stops(samples) {
        if from > at {
            stretches.push(Stretch {
                from: at,
                to: from,
                deed: Deed::Drive,
            });
        }
        stretches.extend(deeds(samples, from, to));
        at = to;
    }
    if at < last {
        stretches.push(Stretch {
            from: at,
            to: last,
            deed: Deed::Drive,
        });
    }
    stretches
}

/// Where the car stood, as first and last sample. What lies between is long enough to be driven.
fn stops(samples: &[Sample]) -> Vec<(usize, usize)> {
    let last = samples.len() - 1;
    let mut stops: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    while from <= last {
        let mut to = from;
        while to < last && apart(samples, from, to + 1) <= STANDS {
            to += 1;
        }
        if lasts(samples, from, to) < LEAST_STOP {
            from += 1;
            continue;
        }
        let (arrived, leaves) = trimmed(samples, from, to);
        match stops.last_mut() {
            Some(before) if way(samples, before.1, arrived) < LEAST_DRIVE => before.1 = leaves,
            None if way(samples, 0, arrived) < LEAST_DRIVE => stops.push((0, leaves)),
            _ => stops.push((arrived, leaves)),
        }
        from = to + 1;
    }
    if stops.is_empty() && way(samples, 0, last) < LEAST_DRIVE {
        stops.push((0, last));
    }
    if let Some(stop) = stops.last_mut()
        && way(samples, stop.1, last) < LEAST_DRIVE
    {
        stop.1 = last;
    }
    stops
}

fn lasts(samples: &[Sample], from: usize, to: usize) -> Duration {
    samples[to].time.saturating_sub(samples[from].time)
}

fn apart(samples: &[Sample], from: usize, to: usize) -> f64 {
    distance(samples[from].position, samples[to].position)
}

/// Metres driven between two samples.
fn way(samples: &[Sample], from: usize, to: usize) -> f64 {
    let pairs = samples[from..=to].windows(2);
    pairs
        .map(|pair| distance(pair[0].position, pair[1].position))
        .sum()
}

/// The stop without its first and last metres, in which the car still rolled.
fn trimmed(samples: &[Sample], mut from: usize, mut to: usize) -> (usize, usize) {
    let rest = usize::midpoint(from, to);
    while from < rest && apart(samples, from, rest) > RESTS {
        from += 1;
    }
    while to > rest && apart(samples, to, rest) > RESTS {
        to -= 1;
    }
    (from, to)
}

/// What the car did at a stop.
fn deeds(samples: &[Sample], from: usize, to: usize) -> Vec<Stretch> {
    let rises = |value: fn(&Sample) -> Option<f64>| {
        let ends = value(&samples[from]).zip(value(&samples[to]));
        let most = samples[from..=to]
            .iter()
            .filter_map(value)
            .fold(0.0, f64::max);
        ends.is_some_and(|(first, _)| most > first + LEAST_RISE)
    };
    let (charges, refuels) = (rises(|sample| sample.charge), rises(|sample| sample.fuel));
    let mut stretches: Vec<Stretch> = Vec::new();
    for index in from..to {
        let deed = deed(&samples[index], &samples[index + 1], charges, refuels);
        match stretches.last_mut() {
            Some(last) if last.deed == deed => last.to = index + 1,
            _ => stretches.push(Stretch {
                from: index,
                to: index + 1,
                deed,
            }),
        }
    }
    kept_plugged(samples, joined(samples, stretches))
}

/// A car that stays plugged in after it has charged is charging still, and full: a like car that
/// comes with less in its battery has the same time.
fn kept_plugged(samples: &[Sample], stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut kept: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        match kept.last_mut() {
            Some(before)
                if before.deed == Deed::Charge
                    && stretch.deed == Deed::Park
                    && is_plugged(samples, &stretch) =>
            {
                before.to = stretch.to;
            }
            _ => kept.push(stretch),
        }
    }
    kept
}

/// Whether the car was plugged in for most of a stretch.
pub(super) fn is_plugged(samples: &[Sample], stretch: &Stretch) -> bool {
    let samples = &samples[stretch.from..=stretch.to];
    let plugged = samples
        .iter()
        .filter(|sample| sample.is_plugged == Some(true));
    plugged.count() * 2 > samples.len()
}

fn deed(now: &Sample, next: &Sample, charges: bool, refuels: bool) -> Deed {
    let rises =
        |now: Option<f64>, next: Option<f64>| now.zip(next).is_some_and(|(now, next)| next > now);
    match now.activity {
        Some(Activity::Asleep) => Deed::Sleep,
        Some(Activity::Unreachable) => Deed::Unreachable,
        _ if charges && rises(now.charge, next.charge) => Deed::Charge,
        _ if refuels && rises(now.fuel, next.fuel) => Deed::Refuel,
        _ => Deed::Park,
    }
}

/// Charging on both sides of a short pause is one charge.
fn joined(samples: &[Sample], stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut joined: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        if let [.., before, pause] = joined.as_slice()
            && pause.deed == Deed::Park
            && before.deed == stretch.deed
            && matches!(stretch.deed, Deed::Charge | Deed::Refuel)
            && lasts(samples, pause.from, pause.to) < PAUSE
        {
            joined.pop();
            if let Some(before) = joined.last_mut() {
                before.to = stretch.to;
            }
        } else {
            joined.push(stretch);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A car seen every 30 s at so many metres north, with a charge.
    fn seen(places: &[(f64, f64)]) -> Vec<Sample> {
        let samples = (0..).zip(places).map(|(index, (north, charge))| Sample {
            time: Duration::from_secs(30 * index),
            position: (40.0 + north / 111_195.0, -105.0),
            charge: Some(*charge),
            ..Sample::default()
        });
        samples.collect()
    }

    fn told(samples: &[Sample]) -> Vec<(usize, usize, Deed)> {
        let stretches = stretches(samples).into_iter();
        stretches
            .map(|stretch| (stretch.from, stretch.to, stretch.deed))
            .collect()
    }

    #[test]
    fn stops_and_drives() {
        let mut places = vec![(0.0, 0.5); 10];
        // A light of a minute and a half on the way.
        places.extend([
            (300.0, 0.5),
            (600.0, 0.5),
            (600.0, 0.5),
            (600.0, 0.5),
            (900.0, 0.5),
        ]);
        places.extend([(1200.0, 0.5); 10]);
        assert_eq!(
            told(&seen(&places)),
            [
                (0, 9, Deed::Park),
                (9, 15, Deed::Drive),
                (15, 24, Deed::Park)
            ]
        );
    }

    #[test]
    fn manoeuvring_is_no_drive() {
        let mut places = vec![(0.0, 0.5); 10];
        places.extend([(90.0, 0.5); 10]);
        assert_eq!(told(&seen(&places)), [(0, 19, Deed::Park)]);
    }

    #[test]
    fn charging_goes_on_through_rounded_numbers() {
        let mut places = vec![(0.0, 0.5); 8];
        places.extend([
            (0.0, 0.51),
            (0.0, 0.51),
            (0.0, 0.51),
            (0.0, 0.52),
            (0.0, 0.53),
        ]);
        places.extend([(0.0, 0.53); 8]);
        assert_eq!(
            told(&seen(&places)),
            [
                (0, 7, Deed::Park),
                (7, 12, Deed::Charge),
                (12, 20, Deed::Park)
            ]
        );
        // A rise within the noise is none.
        let noise: Vec<(f64, f64)> = (0..20)
            .map(|index| (0.0, 0.5 + 0.001 * f64::from(index % 2)))
            .collect();
        assert_eq!(told(&seen(&noise)), [(0, 19, Deed::Park)]);
    }

    #[test]
    fn a_drive_without_a_stop() {
        let places: Vec<(f64, f64)> = (0..20)
            .map(|index| (400.0 * f64::from(index), 0.5))
            .collect();
        assert_eq!(told(&seen(&places)), [(0, 19, Deed::Drive)]);
    }
}
