//! Group `lowvoltagebattery`: the battery of lamps and electronics.

use super::{Signal, SignalSpec, TestValue};
use crate::Permission;
use crate::unit::Unit;
use crate::worded;

/// Signals of this group.
pub const ALL: &[Signal] = &[STATE_OF_CHARGE, STATUS];

/// Fill of the low-voltage battery, 0 to 1.
pub const STATE_OF_CHARGE: Signal = Signal(&SignalSpec {
    code: "lowvoltagebattery-stateofcharge",
    name: "StateOfCharge",
    permission: Permission::ReadBattery,
    unit: Unit::Fraction,
    v2: None,
    doc: worded("Share of the low-voltage battery that is full."),
    test: TestValue::Number {
        low: 0.5,
        high: 1.0,
    },
});

/// `GOOD`, `WARN` or `BAD`.
pub const STATUS: Signal = Signal(&SignalSpec {
    code: "lowvoltagebattery-status",
    name: "Status",
    permission: Permission::ReadBattery,
    unit: Unit::None,
    v2: None,
    doc: worded("How the low-voltage battery is: GOOD, WARN or BAD."),
    test: TestValue::OneOf(&["GOOD", "WARN", "BAD"]),
});
