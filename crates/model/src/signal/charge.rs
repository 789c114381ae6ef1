//! Group `charge`: what happens at the plug.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::Permission;
use crate::unit::Unit;

/// Signals of this group.
pub const ALL: &[Signal] = &[DETAILED_CHARGING_STATUS, IS_CHARGING_CABLE_CONNECTED];

/// `CHARGING`, `FULLY_CHARGED` or `NOT_CHARGING`.
pub const DETAILED_CHARGING_STATUS: Signal = Signal(&SignalSpec {
    code: "charge-detailedchargingstatus",
    name: "DetailedChargingStatus",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/charge",
        member: "state",
    }),
    doc: "Whether the battery takes energy: CHARGING, FULLY_CHARGED or NOT_CHARGING.",
    test: TestValue::OneOf(&["CHARGING", "FULLY_CHARGED", "NOT_CHARGING"]),
});

/// Whether a cable is plugged in.
pub const IS_CHARGING_CABLE_CONNECTED: Signal = Signal(&SignalSpec {
    code: "charge-ischargingcableconnected",
    name: "IsChargingCableConnected",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/charge",
        member: "isPluggedIn",
    }),
    doc: "Whether a charging cable is plugged into the car.",
    test: TestValue::Flag,
});
