//! Group `charge`: what happens at the plug.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[
    CHARGE_LIMIT,
    DETAILED_CHARGING_STATUS,
    IS_CHARGING_CABLE_CONNECTED,
    IS_CHARGING_PORT_FLAP_OPEN,
];

/// Share of the battery at which charging ends, 0 to 1: the limit that holds everywhere.
pub const CHARGE_LIMIT: Signal = Signal(&SignalSpec {
    code: "charge-chargelimits",
    name: "ChargeLimits",
    permission: Permission::ReadCharge,
    unit: Unit::Fraction,
    v2: Some(V2Field {
        path: "/charge/limit",
        member: "limit",
    }),
    doc: "Share of the battery at which the car stops charging.",
    test: TestValue::Number {
        low: 0.5,
        high: 1.0,
    },
});

/// Whether the flap over the charging port stands open.
pub const IS_CHARGING_PORT_FLAP_OPEN: Signal = Signal(&SignalSpec {
    code: "charge-ischargingportflapopen",
    name: "IsChargingPortFlapOpen",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/security",
        member: "chargingPort",
    }),
    doc: "Whether the flap over the charging port stands open.",
    test: TestValue::Made(|car, _| {
        car.powertrain
            .has_plug()
            .then_some(SignalValue::Flag(false))
    }),
});

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
