//! Group `tractionbattery`: the battery that moves the car.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::reading::BatteryCapacity;
use crate::unit::Unit;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[NOMINAL_CAPACITY, RANGE, STATE_OF_CHARGE];

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

/// What the battery holds when it is new, in kWh.
pub const NOMINAL_CAPACITY: Signal = Signal(&SignalSpec {
    code: "tractionbattery-nominalcapacity",
    name: "NominalCapacity",
    permission: Permission::ReadBattery,
    unit: Unit::KilowattHours,
    v2: Some(V2Field {
        path: "/battery/nominal_capacity",
        member: "capacity",
    }),
    doc: "Energy that the battery holds when it is new.",
    test: TestValue::Made(|car, _| {
        Some(SignalValue::Capacity(BatteryCapacity {
            nominal: match car.capacities.as_slice() {
                [only] => Some(only.capacity),
                _ => None,
            },
            is_chosen: false,
            candidates: car.capacities.clone(),
        }))
    }),
});
