//! Group `wheel`.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[STYLE, TIRES];

/// Pressure of the four tyres, in kilopascals.
pub const TIRES: Signal = Signal(&SignalSpec {
    code: "wheel-tires",
    name: "Tires",
    permission: Permission::ReadTires,
    unit: Unit::Kilopascals,
    v2: Some(V2Field {
        path: "/tires/pressure",
        member: "frontLeft",
    }),
    doc: worded("Air pressure in each tyre."),
    test: TestValue::Tyres {
        low: 175.0,
        high: 237.0,
    },
});

/// What the wheels look like, as the maker names it.
pub const STYLE: Signal = Signal(&SignalSpec {
    code: "wheel-style",
    name: "Style",
    permission: Permission::ReadExtendedVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/attributes",
        member: "wheel.style",
    }),
    doc: worded("What the wheels look like."),
    test: TestValue::Made(|_, _| Some(SignalValue::Text("Aero 18".to_owned()))),
});
