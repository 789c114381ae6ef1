//! Group `internalcombustionengine`: fuel and oil.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::Permission;
use crate::unit::Unit;
use crate::worded;

/// Signals of this group.
pub const ALL: &[Signal] = &[AMOUNT_REMAINING, FUEL_LEVEL, OIL_LIFE, RANGE];

/// Fuel in the tank, in litres.
pub const AMOUNT_REMAINING: Signal = Signal(&SignalSpec {
    code: "internalcombustionengine-amountremaining",
    name: "AmountRemaining",
    permission: Permission::ReadFuel,
    unit: Unit::Litres,
    v2: Some(V2Field {
        path: "/fuel",
        member: "amountRemaining",
    }),
    doc: worded("Fuel left in the tank."),
    test: TestValue::Number {
        low: 0.1,
        high: 500.0,
    },
});

/// Fill of the tank, 0 to 1.
pub const FUEL_LEVEL: Signal = Signal(&SignalSpec {
    code: "internalcombustionengine-fuellevel",
    name: "FuelLevel",
    permission: Permission::ReadFuel,
    unit: Unit::Fraction,
    v2: Some(V2Field {
        path: "/fuel",
        member: "percentRemaining",
    }),
    doc: worded("Share of the tank that is full."),
    test: TestValue::Number {
        low: 0.01,
        high: 1.0,
    },
});

/// Distance the fuel will last, in kilometres.
pub const RANGE: Signal = Signal(&SignalSpec {
    code: "internalcombustionengine-range",
    name: "Range",
    permission: Permission::ReadFuel,
    unit: Unit::Kilometres,
    v2: Some(V2Field {
        path: "/fuel",
        member: "range",
    }),
    doc: worded("Distance the car expects to drive on the fuel in its tank."),
    test: TestValue::Number {
        low: 1.0,
        high: 483.0,
    },
});

/// How much life the oil has left, 0 to 1; 1 is fresh oil.
pub const OIL_LIFE: Signal = Signal(&SignalSpec {
    code: "internalcombustionengine-oillife",
    name: "OilLife",
    permission: Permission::ReadEngineOil,
    unit: Unit::Fraction,
    v2: Some(V2Field {
        path: "/engine/oil",
        member: "lifeRemaining",
    }),
    doc: worded("Share of its life that the engine oil has left."),
    test: TestValue::Number {
        low: 0.01,
        high: 1.0,
    },
});
