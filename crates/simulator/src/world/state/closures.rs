//! Doors around getting in and out.

use crate::world::journey::{Act, LegKind};

/// Seconds around a drive for which the car is unlocked, in short stages less.
const UNLOCKED: f64 = 60.0;

/// What getting in or out has opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing; the car is only unlocked.
    Lock,
    /// The driver's door.
    Door,
}

/// What is open so many seconds into a stage: around a drive the car is unlocked, and in the middle
/// third of that time the driver's door stands open. `None` when it is locked.
pub(super) fn of(kind: LegKind, act: &Act, into: f64, lasts: f64) -> Option<Part> {
    let around = UNLOCKED.min(lasts / 4.0);
    let open = match kind {
        LegKind::Park | LegKind::Charge => {
            let (before, after) = act.neighbours;
            let since = Some(into).filter(|since| before && *since < around);
            let until = Some(lasts - into).filter(|until| after && *until <= around);
            since.or(until)?
        }
        // Whoever fills up stands beside the car.
        LegKind::Refuel => return Some(Part::Lock),
        LegKind::Drive | LegKind::Sleep | LegKind::Unreachable => return None,
    };
    let middle = around / 3.0..around * 2.0 / 3.0;
    Some(if middle.contains(&open) {
        Part::Door
    } else {
        Part::Lock
    })
}
