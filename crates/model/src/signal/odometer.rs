//! Group `odometer`.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::Permission;
use crate::unit::Unit;
use crate::worded;

/// Signals of this group.
pub const ALL: &[Signal] = &[TRAVELED_DISTANCE];

/// Distance driven since manufacture, in kilometres, never negative.
pub const TRAVELED_DISTANCE: Signal = Signal(&SignalSpec {
    code: "odometer-traveleddistance",
    name: "TraveledDistance",
    permission: Permission::ReadOdometer,
    unit: Unit::Kilometres,
    v2: Some(V2Field {
        path: "/odometer",
        member: "distance",
    }),
    doc: worded("Distance driven since the car was made."),
    test: TestValue::Number {
        low: 10_000.0,
        high: 300_000.0,
    },
});
