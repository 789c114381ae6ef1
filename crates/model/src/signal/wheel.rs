//! Group `wheel`.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::Permission;
use crate::unit::Unit;

/// Signals of this group.
pub const ALL: &[Signal] = &[TIRES];

/// Pressure of the four tyres, in kilopascals.
pub const TIRES: Signal = Signal(&SignalSpec {
    code: "wheel-tires",
    name: "Tires",
    permission: Permission::ReadTires,
    unit: Unit::Kilopascals,
    v2: Some(V2Field {
        path: "/tires/pressure",
        member: "frontLeft",
    }),
    doc: "Air pressure in each tyre.",
    test: TestValue::Tyres {
        low: 175.0,
        high: 237.0,
    },
});
