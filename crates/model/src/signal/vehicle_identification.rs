//! Group `vehicleidentification`: what tells this car from others.

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue};

/// Signals of this group.
pub const ALL: &[Signal] = &[EXTERIOR_COLOR, NICKNAME, PACKAGES, TRIM, VIN];

/// Vehicle identification number, 17 characters. Personal data.
pub const VIN: Signal = Signal(&SignalSpec {
    code: "vehicleidentification-vin",
    name: "VIN",
    permission: Permission::ReadVin,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/vin",
        member: "vin",
    }),
    doc: worded("The vehicle identification number, 17 letters and digits."),
    test: TestValue::Vin,
});

/// Colour of the body, as the maker names it.
pub const EXTERIOR_COLOR: Signal = Signal(&SignalSpec {
    code: "vehicleidentification-exteriorcolor",
    name: "ExteriorColor",
    permission: Permission::ReadExtendedVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/attributes",
        member: "style.exteriorColor",
    }),
    doc: worded("Colour of the body."),
    test: TestValue::Made(|_, _| Some(SignalValue::Text("Blue".to_owned()))),
});

/// What the owner calls the car.
pub const NICKNAME: Signal = Signal(&SignalSpec {
    code: "vehicleidentification-nickname",
    name: "Nickname",
    permission: Permission::ReadVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/attributes",
        member: "nickname",
    }),
    doc: worded("What the owner calls the car."),
    test: TestValue::Made(|_, _| Some(SignalValue::Text("Test car".to_owned()))),
});

/// Packages that the car was ordered with, as the maker names them.
pub const PACKAGES: Signal = Signal(&SignalSpec {
    code: "vehicleidentification-packages",
    name: "Packages",
    permission: Permission::ReadVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/attributes",
        member: "efficiencyPackage and performancePackage",
    }),
    doc: worded("Packages that the car was ordered with."),
    test: TestValue::Made(|_, _| Some(words(&["Efficiency 2026", "Performance Base", "Winter"]))),
});

/// Trim of the model, as the maker names it.
pub const TRIM: Signal = Signal(&SignalSpec {
    code: "vehicleidentification-trim",
    name: "Trim",
    permission: Permission::ReadExtendedVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/attributes",
        member: "trimBadging",
    }),
    doc: worded("Trim of the model."),
    test: TestValue::Made(|_, _| Some(SignalValue::Text("Long Range".to_owned()))),
});

fn words(words: &[&str]) -> SignalValue {
    SignalValue::Words(words.iter().map(|word| (*word).to_owned()).collect())
}
