//! Group `surveillance`: the car's watch over itself.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[BRAND, IS_ENABLED];

/// What the maker calls its surveillance.
pub const BRAND: Signal = Signal(&SignalSpec {
    code: "surveillance-brand",
    name: "Brand",
    permission: Permission::ReadExtendedVehicleInfo,
    unit: Unit::None,
    v2: None,
    doc: worded("What the maker calls its surveillance."),
    test: TestValue::Made(|_, _| Some(SignalValue::Text("Test Guard".to_owned()))),
});

/// Whether the car watches over itself while parked; absent on cars that cannot.
pub const IS_ENABLED: Signal = Signal(&SignalSpec {
    code: "surveillance-isenabled",
    name: "IsEnabled",
    permission: Permission::ReadExtendedVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/attributes",
        member: "sentryMode.enabled",
    }),
    doc: worded("Whether the car watches over itself."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(true))),
});
