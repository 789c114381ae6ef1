//! Group `vehicleidentification`: what tells this car from others.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::Permission;
use crate::unit::Unit;

/// Signals of this group.
pub const ALL: &[Signal] = &[VIN];

/// Vehicle identification number, 17 characters. Personal data.
pub const VIN: Signal = Signal(&SignalSpec {
    code: "vehicleidentification-vin",
    name: "VIN",
    permission: Permission::ReadVin,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/vin",
        member: "vin",
    }),
    doc: "The vehicle identification number, 17 letters and digits.",
    test: TestValue::Vin,
});
