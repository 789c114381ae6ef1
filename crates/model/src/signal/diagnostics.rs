//! Group `diagnostics`: warnings and trouble codes.

use std::time::Duration;

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::reading::TroubleCode;
use crate::unit::Unit;
use crate::vehicle::FoundVehicle;
use crate::{Permission, Powertrain, SignalValue, Timestamp};

/// One signal a system: constant, its name in API v3 and its code, the id that v2.0 gives it, what
/// it is, and which cars have it.
macro_rules! systems {
    ($($name:ident $v3:literal $code:literal $v2:literal $doc:literal $has:path;)*) => {
        $(
            #[doc = concat!("Warning of the car about: ", $doc, ".")]
            pub const $name: Signal = Signal(&SignalSpec {
                code: $code,
                name: $v3,
                permission: Permission::ReadDiagnostics,
                unit: Unit::None,
                v2: Some(V2Field {
                    path: "/diagnostics/system_status",
                    member: $v2,
                }),
                doc: concat!("Whether the car warns about: ", $doc, "."),
                test: TestValue::Made(|car, _| $has(car).then(|| healthy($v2))),
            });
        )*

        /// The systems, in the order of the documentation.
        pub const SYSTEMS: &[Signal] = &[$($name),*];

        /// Signals of this group.
        pub const ALL: &[Signal] = &[$($name,)* DTC_COUNT, DTC_LIST];
    };
}

systems! {
    ABS "ABS" "diagnostics-abs" "SYSTEM_ABS" "anti-lock brakes" any;
    ACTIVE_SAFETY "ActiveSafety" "diagnostics-activesafety" "SYSTEM_ACTIVE_SAFETY" "active safety" any;
    AIRBAG "Airbag" "diagnostics-airbag" "SYSTEM_AIRBAG" "airbags" any;
    BRAKE_FLUID "BrakeFluid" "diagnostics-brakefluid" "SYSTEM_BRAKE_FLUID" "brake fluid" any;
    DRIVER_ASSISTANCE "DriverAssistance" "diagnostics-driverassistance" "SYSTEM_DRIVER_ASSISTANCE" "driver assistance" any;
    EMISSIONS "Emissions" "diagnostics-emissions" "SYSTEM_EMISSIONS" "exhaust treatment" burns;
    EV_BATTERY_CONDITIONING "EVBatteryConditioning" "diagnostics-evbatteryconditioning" "SYSTEM_EV_BATTERY_CONDITIONING" "battery conditioning" plugs;
    EV_CHARGING "EVCharging" "diagnostics-evcharging" "SYSTEM_EV_CHARGING" "charging system" plugs;
    EV_DRIVE_UNIT "EVDriveUnit" "diagnostics-evdriveunit" "SYSTEM_EV_DRIVE_UNIT" "electric drive" plugs;
    EV_HV_BATTERY "EVHVBattery" "diagnostics-evhvbattery" "SYSTEM_EV_HV_BATTERY" "high-voltage battery" plugs;
    LIGHTING "Lighting" "diagnostics-lighting" "SYSTEM_LIGHTING" "lights" any;
    MIL "MIL" "diagnostics-mil" "SYSTEM_MIL" "malfunction indicator" any;
    OIL_LIFE "OilLife" "diagnostics-oillife" "SYSTEM_OIL_LIFE" "oil life" burns;
    OIL_PRESSURE "OilPressure" "diagnostics-oilpressure" "SYSTEM_OIL_PRESSURE" "oil pressure" burns;
    OIL_TEMPERATURE "OilTemperature" "diagnostics-oiltemperature" "SYSTEM_OIL_TEMPERATURE" "oil temperature" burns;
    TELEMATICS "Telematics" "diagnostics-telematics" "SYSTEM_TELEMATICS" "telematics" any;
    TIRE_PRESSURE "TirePressure" "diagnostics-tirepressure" "SYSTEM_TIRE_PRESSURE" "tyre pressure" any;
    TIRE_PRESSURE_MONITORING "TirePressureMonitoring" "diagnostics-tirepressuremonitoring" "SYSTEM_TIRE_PRESSURE_MONITORING" "tyre pressure monitoring" any;
    TRANSMISSION "Transmission" "diagnostics-transmission" "SYSTEM_TRANSMISSION" "transmission" any;
    WASHER_FLUID "WasherFluid" "diagnostics-washerfluid" "SYSTEM_WASHER_FLUID" "washer fluid" any;
    WATER_IN_FUEL "WaterInFuel" "diagnostics-waterinfuel" "SYSTEM_WATER_IN_FUEL" "water in the fuel" burns;
}

/// Trouble codes that are active.
pub const DTC_LIST: Signal = Signal(&SignalSpec {
    code: "diagnostics-dtclist",
    name: "DTCList",
    permission: Permission::ReadDiagnostics,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/diagnostics/dtcs",
        member: "activeCodes",
    }),
    doc: "Diagnostic trouble codes that are active.",
    test: TestValue::Made(|_, now| Some(SignalValue::TroubleCodes(trouble(now)))),
});

/// How many trouble codes are active.
pub const DTC_COUNT: Signal = Signal(&SignalSpec {
    code: "diagnostics-dtccount",
    name: "DTCCount",
    permission: Permission::ReadDiagnostics,
    unit: Unit::Count,
    v2: None,
    doc: "How many diagnostic trouble codes are active.",
    test: TestValue::Made(|_, now| {
        let count = u32::try_from(trouble(now).len()).ok()?;
        Some(SignalValue::Count(count))
    }),
});

/// What a test car has.
fn trouble(now: Timestamp) -> Vec<TroubleCode> {
    let code = |code: &str, at| TroubleCode {
        code: code.to_owned(),
        at,
    };
    vec![
        code("B1342", Some(now.minus(Duration::from_hours(3 * 24)))),
        code("U0100", None),
    ]
}

fn any(_: &FoundVehicle) -> bool {
    true
}

fn plugs(car: &FoundVehicle) -> bool {
    car.powertrain.has_plug()
}

fn burns(car: &FoundVehicle) -> bool {
    car.powertrain != Powertrain::Bev
}

/// A test car is well but for one tyre.
fn healthy(system: &str) -> SignalValue {
    let alert = system == "SYSTEM_TIRE_PRESSURE";
    SignalValue::Health {
        alert,
        description: alert.then(|| "The rear left tyre has lost air".to_owned()),
    }
}
