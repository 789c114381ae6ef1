//! Group `tractionbattery`: the battery that moves the car.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::reading::{BatteryCapacity, BatteryRange};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[
    IS_HEATER_ACTIVE,
    MAX_RANGE_CHARGE_COUNTER,
    NOMINAL_CAPACITY,
    RANGE,
    STATE_OF_CHARGE,
];

/// Distance the battery will last, in kilometres, under several assumptions.
pub const RANGE: Signal = Signal(&SignalSpec {
    code: "tractionbattery-range",
    name: "Range",
    permission: Permission::ReadBattery,
    unit: Unit::Kilometres,
    v2: Some(V2Field {
        path: "/battery",
        member: "range",
    }),
    doc: worded("Distance the car expects to drive on its battery."),
    // One draw, so that the assumptions stay in order.
    test: TestValue::Drawn(|_, rng| {
        let distance = rng.number(1.0, 483.0);
        Some(SignalValue::Range(BatteryRange {
            distance,
            estimated: Some(distance * 0.92),
            ideal: Some(distance * 1.15),
            rated: Some(distance),
        }))
    }),
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
    doc: worded("Share of the battery that is full."),
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
    doc: worded("Energy that the battery holds when it is new."),
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

/// Whether the battery is being heated.
pub const IS_HEATER_ACTIVE: Signal = Signal(&SignalSpec {
    code: "tractionbattery-isheateractive",
    name: "IsHeaterActive",
    permission: Permission::ReadBattery,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/battery",
        member: "heaterOn",
    }),
    doc: worded("Whether the battery is being heated."),
    test: TestValue::Flag,
});

/// How often the battery was charged to the brim in a row.
pub const MAX_RANGE_CHARGE_COUNTER: Signal = Signal(&SignalSpec {
    code: "tractionbattery-maxrangechargecounter",
    name: "MaxRangeChargeCounter",
    permission: Permission::ReadBattery,
    unit: Unit::Count,
    v2: Some(V2Field {
        path: "/tesla/battery",
        member: "maxRangeChargeCounter",
    }),
    doc: worded("How often the battery was charged to the brim in a row."),
    test: TestValue::Made(|car, _| car.powertrain.has_plug().then_some(SignalValue::Count(3))),
});
