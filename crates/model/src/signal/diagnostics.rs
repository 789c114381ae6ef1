//! Group `diagnostics`: warnings and trouble codes.

use std::time::Duration;

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::reading::TroubleCode;
use crate::unit::Unit;
use crate::vehicle::FoundVehicle;
use crate::worded;
use crate::{Permission, Powertrain, SignalValue, Timestamp};

/// One signal a system: constant, its name in API v3 and its code, the id that v2.0 gives it, what
/// it is, and which cars have it.
macro_rules! systems {
    ($($name:ident $v3:literal $code:literal $v2:literal worded($doc:literal) $has:path;)*) => {
        $(
            #[doc = $doc]
            pub const $name: Signal = Signal(&SignalSpec {
                code: $code,
                name: $v3,
                permission: Permission::ReadDiagnostics,
                unit: Unit::None,
                v2: Some(V2Field {
                    path: "/diagnostics/system_status",
                    member: $v2,
                }),
                doc: worded($doc),
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
    ABS "ABS" "diagnostics-abs" "SYSTEM_ABS" worded("Whether the car warns about: anti-lock brakes.") any;
    ACTIVE_SAFETY "ActiveSafety" "diagnostics-activesafety" "SYSTEM_ACTIVE_SAFETY" worded("Whether the car warns about: active safety.") any;
    AIRBAG "Airbag" "diagnostics-airbag" "SYSTEM_AIRBAG" worded("Whether the car warns about: airbags.") any;
    BRAKE_FLUID "BrakeFluid" "diagnostics-brakefluid" "SYSTEM_BRAKE_FLUID" worded("Whether the car warns about: brake fluid.") any;
    DRIVER_ASSISTANCE "DriverAssistance" "diagnostics-driverassistance" "SYSTEM_DRIVER_ASSISTANCE" worded("Whether the car warns about: driver assistance.") any;
    EMISSIONS "Emissions" "diagnostics-emissions" "SYSTEM_EMISSIONS" worded("Whether the car warns about: exhaust treatment.") burns;
    EV_BATTERY_CONDITIONING "EVBatteryConditioning" "diagnostics-evbatteryconditioning" "SYSTEM_EV_BATTERY_CONDITIONING" worded("Whether the car warns about: battery conditioning.") plugs;
    EV_CHARGING "EVCharging" "diagnostics-evcharging" "SYSTEM_EV_CHARGING" worded("Whether the car warns about: charging system.") plugs;
    EV_DRIVE_UNIT "EVDriveUnit" "diagnostics-evdriveunit" "SYSTEM_EV_DRIVE_UNIT" worded("Whether the car warns about: electric drive.") plugs;
    EV_HV_BATTERY "EVHVBattery" "diagnostics-evhvbattery" "SYSTEM_EV_HV_BATTERY" worded("Whether the car warns about: high-voltage battery.") plugs;
    LIGHTING "Lighting" "diagnostics-lighting" "SYSTEM_LIGHTING" worded("Whether the car warns about: lights.") any;
    MIL "MIL" "diagnostics-mil" "SYSTEM_MIL" worded("Whether the car warns about: malfunction indicator.") any;
    OIL_LIFE "OilLife" "diagnostics-oillife" "SYSTEM_OIL_LIFE" worded("Whether the car warns about: oil life.") burns;
    OIL_PRESSURE "OilPressure" "diagnostics-oilpressure" "SYSTEM_OIL_PRESSURE" worded("Whether the car warns about: oil pressure.") burns;
    OIL_TEMPERATURE "OilTemperature" "diagnostics-oiltemperature" "SYSTEM_OIL_TEMPERATURE" worded("Whether the car warns about: oil temperature.") burns;
    TELEMATICS "Telematics" "diagnostics-telematics" "SYSTEM_TELEMATICS" worded("Whether the car warns about: telematics.") any;
    TIRE_PRESSURE "TirePressure" "diagnostics-tirepressure" "SYSTEM_TIRE_PRESSURE" worded("Whether the car warns about: tyre pressure.") any;
    TIRE_PRESSURE_MONITORING "TirePressureMonitoring" "diagnostics-tirepressuremonitoring" "SYSTEM_TIRE_PRESSURE_MONITORING" worded("Whether the car warns about: tyre pressure monitoring.") any;
    TRANSMISSION "Transmission" "diagnostics-transmission" "SYSTEM_TRANSMISSION" worded("Whether the car warns about: transmission.") any;
    WASHER_FLUID "WasherFluid" "diagnostics-washerfluid" "SYSTEM_WASHER_FLUID" worded("Whether the car warns about: washer fluid.") any;
    WATER_IN_FUEL "WaterInFuel" "diagnostics-waterinfuel" "SYSTEM_WATER_IN_FUEL" worded("Whether the car warns about: water in the fuel.") burns;
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
    doc: worded("Diagnostic trouble codes that are active."),
    test: TestValue::Made(|_, now| Some(SignalValue::TroubleCodes(trouble(now)))),
});

/// How many trouble codes are active.
pub const DTC_COUNT: Signal = Signal(&SignalSpec {
    code: "diagnostics-dtccount",
    name: "DTCCount",
    permission: Permission::ReadDiagnostics,
    unit: Unit::Count,
    v2: None,
    doc: worded("How many diagnostic trouble codes are active."),
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
