//! What is at the plug, and whether the car charges.

use crate::signal::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::vehicle::FoundVehicle;
use crate::worded;
use crate::{Permission, SignalValue};

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
    doc: worded("Whether the flap over the charging port stands open."),
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
    doc: worded("Whether the battery takes energy: CHARGING, FULLY_CHARGED or NOT_CHARGING."),
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
    doc: worded("Whether a charging cable is plugged into the car."),
    test: TestValue::Flag,
});

/// Colour of the light at the charging port, such as `GREEN`; an open set.
pub const CHARGE_PORT_STATUS_COLOR: Signal = Signal(&SignalSpec {
    code: "charge-chargeportstatuscolor",
    name: "ChargePortStatusColor",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "chargePortColor",
    }),
    doc: worded("Colour of the light at the charging port."),
    test: TestValue::OneOf(&["GREEN", "BLUE", "ORANGE"]),
});

/// Kind of the plug in the charging port, such as `J1772`; an open set.
pub const CHARGING_CONNECTOR_TYPE: Signal = Signal(&SignalSpec {
    code: "charge-chargingconnectortype",
    name: "ChargingConnectorType",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "connector",
    }),
    doc: worded("Kind of the plug in the charging port."),
    test: TestValue::Made(|car, _| plugs(car, "J1772")),
});

/// Kind of the fast charger that the car is plugged into, such as `CCS`; an open set.
pub const FAST_CHARGER_TYPE: Signal = Signal(&SignalSpec {
    code: "charge-fastchargertype",
    name: "FastChargerType",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "fastChargerType",
    }),
    doc: worded("Kind of the fast charger that the car is plugged into."),
    test: TestValue::Made(|car, _| plugs(car, "CCS")),
});

/// Whether the battery takes energy. v2.0 shows [`DETAILED_CHARGING_STATUS`] instead.
pub const IS_CHARGING: Signal = Signal(&SignalSpec {
    code: "charge-ischarging",
    name: "IsCharging",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: None,
    doc: worded("Whether the battery takes energy."),
    test: TestValue::Flag,
});

/// Whether the car holds the plug fast.
pub const IS_CHARGING_CABLE_LATCHED: Signal = Signal(&SignalSpec {
    code: "charge-ischargingcablelatched",
    name: "IsChargingCableLatched",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "chargePortLatch",
    }),
    doc: worded("Whether the car holds the plug fast."),
    test: TestValue::Flag,
});

/// Whether the car is plugged into a fast charger.
pub const IS_FAST_CHARGER_PRESENT: Signal = Signal(&SignalSpec {
    code: "charge-isfastchargerpresent",
    name: "IsFastChargerPresent",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "fastChargerPresent",
    }),
    doc: worded("Whether the car is plugged into a fast charger."),
    test: TestValue::Flag,
});

/// A word that cars with a plug say.
fn plugs(car: &FoundVehicle, word: &str) -> Option<SignalValue> {
    car.powertrain
        .has_plug()
        .then(|| SignalValue::Text(word.to_owned()))
}
