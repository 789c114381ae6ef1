//! Group `vehicleuseraccount`: the account at the brand through which the car is reached.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[PERMISSIONS, ROLE];

/// What the account may do, in the brand's own words.
pub const PERMISSIONS: Signal = Signal(&SignalSpec {
    code: "vehicleuseraccount-permissions",
    name: "Permissions",
    permission: Permission::ReadUserProfile,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/user/access",
        member: "permissions",
    }),
    doc: worded("What the account may do, in the brand's own words."),
    test: TestValue::Made(|_, _| {
        Some(words(&[
            "vehicle_device_data",
            "vehicle_cmds",
            "vehicle_charging_cmds",
        ]))
    }),
});

/// `OWNER` or `DRIVER`, in the letter case of the brand.
pub const ROLE: Signal = Signal(&SignalSpec {
    code: "vehicleuseraccount-role",
    name: "Role",
    permission: Permission::ReadUserProfile,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/user/access",
        member: "accessType",
    }),
    doc: worded(
        "Whose account it is, in the brand's own word: OWNER or DRIVER, in any letter case.",
    ),
    test: TestValue::Made(|_, _| Some(SignalValue::Text("OWNER".to_owned()))),
});

fn words(words: &[&str]) -> SignalValue {
    SignalValue::Words(words.iter().map(|word| (*word).to_owned()).collect())
}
