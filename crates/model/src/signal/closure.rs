//! Group `closure`: what is locked and what stands open.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::reading::{Opening, PlacedOpening};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, Powertrain, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[
    DOORS,
    ENGINE_COVER,
    FRONT_TRUNK,
    IS_LOCKED,
    REAR_TRUNK,
    SUNROOF,
    TAILGATE,
    WINDOWS,
];

/// Two rows of two, shut.
fn four() -> SignalValue {
    let place = |(row, column)| PlacedOpening {
        row,
        column,
        opening: Opening::SHUT,
    };
    SignalValue::Openings([(0, 0), (0, 1), (1, 0), (1, 1)].map(place).to_vec())
}

/// Whether the doors are locked.
pub const IS_LOCKED: Signal = Signal(&SignalSpec {
    code: "closure-islocked",
    name: "IsLocked",
    permission: Permission::ReadSecurity,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/security",
        member: "isLocked",
    }),
    doc: worded("Whether the car is locked."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(true))),
});

/// The doors.
pub const DOORS: Signal = Signal(&SignalSpec {
    code: "closure-doors",
    name: "Doors",
    permission: Permission::ReadSecurity,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/security",
        member: "doors",
    }),
    doc: worded("Which doors stand open."),
    test: TestValue::Made(|_, _| Some(four())),
});

/// The windows.
pub const WINDOWS: Signal = Signal(&SignalSpec {
    code: "closure-windows",
    name: "Windows",
    permission: Permission::ReadSecurity,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/security",
        member: "windows",
    }),
    doc: worded("Which windows stand open."),
    test: TestValue::Made(|_, _| Some(four())),
});

/// The sunroof; absent on cars without one.
pub const SUNROOF: Signal = Signal(&SignalSpec {
    code: "closure-sunroof",
    name: "Sunroof",
    permission: Permission::ReadSecurity,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/security",
        member: "sunroof",
    }),
    doc: worded("Whether the sunroof stands open."),
    test: TestValue::Made(|_, _| Some(SignalValue::Opening(Opening::SHUT))),
});

/// The boot.
pub const REAR_TRUNK: Signal = Signal(&SignalSpec {
    code: "closure-reartrunk",
    name: "RearTrunk",
    permission: Permission::ReadSecurity,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/security",
        member: "storage.rear",
    }),
    doc: worded("Whether the boot stands open."),
    test: TestValue::Made(|_, _| Some(SignalValue::Opening(Opening::SHUT))),
});

/// The boot under the bonnet; only cars without an engine have it.
pub const FRONT_TRUNK: Signal = Signal(&SignalSpec {
    code: "closure-fronttrunk",
    name: "FrontTrunk",
    permission: Permission::ReadSecurity,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/security",
        member: "storage.front of a battery car",
    }),
    doc: worded("Whether the front boot stands open."),
    test: TestValue::Made(|car, _| {
        (car.powertrain == Powertrain::Bev).then_some(SignalValue::Opening(Opening::SHUT))
    }),
});

/// The bonnet over the engine; absent on battery cars.
pub const ENGINE_COVER: Signal = Signal(&SignalSpec {
    code: "closure-enginecover",
    name: "EngineCover",
    permission: Permission::ReadSecurity,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/security",
        member: "storage.front of a car with an engine",
    }),
    doc: worded("Whether the bonnet stands open."),
    test: TestValue::Made(|car, _| {
        (car.powertrain != Powertrain::Bev).then_some(SignalValue::Opening(Opening::SHUT))
    }),
});

/// The tailgate of a pick-up or an estate; some cars report it beside the boot.
pub const TAILGATE: Signal = Signal(&SignalSpec {
    code: "closure-tailgate",
    name: "Tailgate",
    permission: Permission::ReadSecurity,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/security",
        member: "storage.rear of a car without a boot",
    }),
    doc: worded("Whether the tailgate stands open."),
    test: TestValue::Made(|_, _| Some(SignalValue::Opening(Opening::SHUT))),
});
