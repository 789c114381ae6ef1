//! Group `transmission`.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[DRIVE_MODE, GEAR_STATE];

/// How the car drives: a word that all makers share, and the maker's own.
pub const DRIVE_MODE: Signal = Signal(&SignalSpec {
    code: "transmission-drivemode",
    name: "DriveMode",
    permission: Permission::ReadExtendedVehicleInfo,
    unit: Unit::None,
    v2: None,
    doc: worded("How the car drives."),
    test: TestValue::Made(|_, _| {
        Some(SignalValue::DriveMode {
            canonical: "NORMAL".to_owned(),
            maker_name: Some("Everyday".to_owned()),
        })
    }),
});

/// `PARK`, `DRIVE`, `REVERSE` or `NEUTRAL`.
pub const GEAR_STATE: Signal = Signal(&SignalSpec {
    code: "transmission-gearstate",
    name: "GearState",
    permission: Permission::ReadExtendedVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/status",
        member: "gear",
    }),
    doc: worded("Gear that is engaged: PARK, DRIVE, REVERSE or NEUTRAL."),
    test: TestValue::OneOf(&["PARK", "DRIVE", "REVERSE", "NEUTRAL"]),
});
