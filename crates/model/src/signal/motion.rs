//! Group `motion`.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::Permission;
use crate::unit::Unit;
use crate::worded;

/// Signals of this group.
pub const ALL: &[Signal] = &[CURRENT_SPEED];

/// How fast the car is going, in kilometres per hour, never negative.
pub const CURRENT_SPEED: Signal = Signal(&SignalSpec {
    code: "motion-currentspeed",
    name: "CurrentSpeed",
    permission: Permission::ReadSpeedometer,
    unit: Unit::KilometresPerHour,
    v2: Some(V2Field {
        path: "/tesla/speedometer",
        member: "speed",
    }),
    doc: worded("How fast the car is going."),
    test: TestValue::Number {
        low: 0.0,
        high: 130.0,
    },
});
