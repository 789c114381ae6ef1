//! Group `climate`: how warm it is.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::Permission;
use crate::unit::Unit;
use crate::worded;

/// Signals of this group.
pub const ALL: &[Signal] = &[EXTERNAL_TEMPERATURE, INTERNAL_TEMPERATURE];

/// How warm it is outside the car, in degrees Celsius.
pub const EXTERNAL_TEMPERATURE: Signal = Signal(&SignalSpec {
    code: "climate-externaltemperature",
    name: "ExternalTemperature",
    permission: Permission::ReadThermometer,
    unit: Unit::Celsius,
    v2: Some(V2Field {
        path: "/tesla/thermometer/exterior",
        member: "temperature",
    }),
    doc: worded("How warm it is outside the car."),
    test: TestValue::Number {
        low: -10.0,
        high: 40.0,
    },
});

/// How warm it is in the cabin, in degrees Celsius.
pub const INTERNAL_TEMPERATURE: Signal = Signal(&SignalSpec {
    code: "climate-internaltemperature",
    name: "InternalTemperature",
    permission: Permission::ReadThermometer,
    unit: Unit::Celsius,
    v2: Some(V2Field {
        path: "/tesla/thermometer/interior",
        member: "temperature",
    }),
    doc: worded("How warm it is in the cabin."),
    test: TestValue::Number {
        low: 5.0,
        high: 40.0,
    },
});
