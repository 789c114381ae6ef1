//! Groups `connectivitysoftware` and `connectivitystatus`: the car's software and its line to the
//! maker.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[
    CURRENT_FIRMWARE_VERSION,
    IS_ASLEEP,
    IS_DIGITAL_KEY_PAIRED,
    IS_ONLINE,
];

/// Version of the car's software, as the maker writes it.
pub const CURRENT_FIRMWARE_VERSION: Signal = Signal(&SignalSpec {
    code: "connectivitysoftware-currentfirmwareversion",
    name: "CurrentFirmwareVersion",
    permission: Permission::ReadExtendedVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/attributes",
        member: "firmwareVersion",
    }),
    doc: worded("Version of the car's software."),
    test: TestValue::Made(|_, _| Some(SignalValue::Text("2026.2.1".to_owned()))),
});

/// Whether the car sleeps to save its battery.
pub const IS_ASLEEP: Signal = Signal(&SignalSpec {
    code: "connectivitystatus-isasleep",
    name: "IsAsleep",
    permission: Permission::ReadVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/status",
        member: "status of a car that sleeps",
    }),
    doc: worded("Whether the car sleeps."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(false))),
});

/// Whether the application's digital key is paired with the car.
pub const IS_DIGITAL_KEY_PAIRED: Signal = Signal(&SignalSpec {
    code: "connectivitystatus-isdigitalkeypaired",
    name: "IsDigitalKeyPaired",
    permission: Permission::ReadVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/virtual_key",
        member: "isPaired",
    }),
    doc: worded("Whether the application's digital key is paired with the car."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(true))),
});

/// Whether the car has contact with its maker.
pub const IS_ONLINE: Signal = Signal(&SignalSpec {
    code: "connectivitystatus-isonline",
    name: "IsOnline",
    permission: Permission::ReadVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/status",
        member: "status of a car that is awake",
    }),
    doc: worded("Whether the car has contact with its maker."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(true))),
});
