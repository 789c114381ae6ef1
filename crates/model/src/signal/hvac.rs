//! Group `hvac`: heating, cooling and defrosting.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[
    CABIN_TARGET_TEMPERATURE,
    IS_CABIN_HVAC_ACTIVE,
    IS_FRONT_DEFROSTER_ACTIVE,
    IS_REAR_DEFROSTER_ACTIVE,
    IS_STEERING_HEATER_ACTIVE,
];

/// How warm the cabin is to be, in degrees Celsius.
pub const CABIN_TARGET_TEMPERATURE: Signal = Signal(&SignalSpec {
    code: "hvac-cabintargettemperature",
    name: "CabinTargetTemperature",
    permission: Permission::ReadClimate,
    unit: Unit::Celsius,
    v2: Some(V2Field {
        path: "/tesla/climate/cabin",
        member: "temperature",
    }),
    doc: worded("How warm the cabin is to be."),
    test: TestValue::Made(|_, _| Some(SignalValue::Number(21.0))),
});

/// Whether the cabin is being heated or cooled.
pub const IS_CABIN_HVAC_ACTIVE: Signal = Signal(&SignalSpec {
    code: "hvac-iscabinhvacactive",
    name: "IsCabinHVACActive",
    permission: Permission::ReadClimate,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/climate/cabin",
        member: "status",
    }),
    doc: worded("Whether the cabin is being heated or cooled."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(false))),
});

/// Whether the windscreen is being defrosted.
pub const IS_FRONT_DEFROSTER_ACTIVE: Signal = Signal(&SignalSpec {
    code: "hvac-isfrontdefrosteractive",
    name: "IsFrontDefrosterActive",
    permission: Permission::ReadClimate,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/climate/defroster",
        member: "frontStatus",
    }),
    doc: worded("Whether the windscreen is being defrosted."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(false))),
});

/// Whether the rear window is being defrosted.
pub const IS_REAR_DEFROSTER_ACTIVE: Signal = Signal(&SignalSpec {
    code: "hvac-isreardefrosteractive",
    name: "IsRearDefrosterActive",
    permission: Permission::ReadClimate,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/climate/defroster",
        member: "rearStatus",
    }),
    doc: worded("Whether the rear window is being defrosted."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(false))),
});

/// Whether the steering wheel is being heated; absent on cars that cannot.
pub const IS_STEERING_HEATER_ACTIVE: Signal = Signal(&SignalSpec {
    code: "hvac-issteeringheateractive",
    name: "IsSteeringHeaterActive",
    permission: Permission::ReadClimate,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/climate/steering_wheel",
        member: "status",
    }),
    doc: worded("Whether the steering wheel is being heated."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(false))),
});
