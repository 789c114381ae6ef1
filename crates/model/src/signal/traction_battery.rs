//! Group `tractionbattery`: the battery that moves the car.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::Permission;
use crate::unit::Unit;

/// Signals of this group.
pub const ALL: &[Signal] = &[RANGE, STATE_OF_CHARGE];

/// Distance the battery will last, in kilometres.
pub const RANGE: Signal = Signal(&SignalSpec {
    code: "tractionbattery-range",
    name: "Range",
    permission: Permission::ReadBattery,
    unit: Unit::Kilometres,
    v2: Some(V2Field {
        path: "/battery",
        member: "range",
    }),
    doc: "Distance the car expects to drive on its battery.",
    test: TestValue::Number {
        low: 1.0,
        high: 483.0,
    },
});

/// Fill of the battery, 0 to 1.
pub const STATE_OF_CHARGE: Signal = Signal(&SignalSpec {
    code: "tractionbattery-stateofcharge",
    name: "StateOfCharge",
    permission: Permission::ReadBattery,
    unit: Unit::Fraction,
    v2: Some(V2Field {
        path: "/battery",
        member: "percentRemaining",
    }),
    doc: "Share of the battery that is full.",
    test: TestValue::Number {
        low: 0.01,
        high: 1.0,
    },
});
