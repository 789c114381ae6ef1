//! Group `location`: where the car is.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::Permission;
use crate::unit::Unit;
use crate::worded;

/// Signals of this group.
pub const ALL: &[Signal] = &[IS_AT_HOME, PRECISE_LOCATION];

/// Position in degrees, and where the car points. Personal data.
pub const PRECISE_LOCATION: Signal = Signal(&SignalSpec {
    code: "location-preciselocation",
    name: "PreciseLocation",
    permission: Permission::ReadLocation,
    unit: Unit::Degrees,
    v2: Some(V2Field {
        path: "/location",
        member: "latitude",
    }),
    doc: worded("Where the car is, in degrees north and east."),
    // A box inside Colorado.
    test: TestValue::Position {
        latitude: (37.0, 41.0),
        longitude: (-109.0, -102.1),
    },
});

/// Whether the car is at its owner's home. Personal data.
pub const IS_AT_HOME: Signal = Signal(&SignalSpec {
    code: "location-isathome",
    name: "IsAtHome",
    permission: Permission::ReadLocation,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/attributes",
        member: "atHome",
    }),
    doc: worded("Whether the car is at its owner's home."),
    test: TestValue::Flag,
});
