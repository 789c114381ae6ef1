//! What flows through the plug.

use crate::signal::{Signal, SignalSpec, TestValue, V2Field};
use crate::unit::Unit;
use crate::vehicle::FoundVehicle;
use crate::worded;
use crate::{Permission, SignalValue};

/// Current that flows into the car, in amperes.
pub const AMPERAGE: Signal = Signal(&SignalSpec {
    code: "charge-amperage",
    name: "Amperage",
    permission: Permission::ReadCharge,
    unit: Unit::Amperes,
    v2: Some(V2Field {
        path: "/tesla/charge/ammeter",
        member: "amperage",
    }),
    doc: worded("Current that flows into the car."),
    test: TestValue::Number {
        low: 6.0,
        high: 32.0,
    },
});

/// Most current that the car takes, in amperes.
pub const AMPERAGE_MAX: Signal = Signal(&SignalSpec {
    code: "charge-amperagemax",
    name: "AmperageMax",
    permission: Permission::ReadCharge,
    unit: Unit::Amperes,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "amperageMaxVehicle",
    }),
    doc: worded("Most current that the car takes."),
    test: TestValue::Made(|car, _| plugs(car, 48.0)),
});

/// Current that the car asks its charger for, in amperes.
pub const AMPERAGE_REQUESTED: Signal = Signal(&SignalSpec {
    code: "charge-amperagerequested",
    name: "AmperageRequested",
    permission: Permission::ReadCharge,
    unit: Unit::Amperes,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "amperageRequested",
    }),
    doc: worded("Current that the car asks its charger for."),
    test: TestValue::Made(|car, _| plugs(car, 32.0)),
});

/// Range that an hour of charging gains, in kilometres.
pub const CHARGE_RATE: Signal = Signal(&SignalSpec {
    code: "charge-chargerate",
    name: "ChargeRate",
    permission: Permission::ReadCharge,
    unit: Unit::KilometresPerHour,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "chargeRate",
    }),
    doc: worded("Range that an hour of charging gains."),
    test: TestValue::Number {
        low: 5.0,
        high: 80.0,
    },
});

/// Phases that the charger uses, 1 to 3.
pub const CHARGER_PHASES: Signal = Signal(&SignalSpec {
    code: "charge-chargerphases",
    name: "ChargerPhases",
    permission: Permission::ReadCharge,
    unit: Unit::Count,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "chargerPhases",
    }),
    doc: worded("Phases that the charger uses."),
    test: TestValue::Made(|car, _| car.powertrain.has_plug().then_some(SignalValue::Count(3))),
});

/// Energy that the present or last charge has put into the battery, in kWh.
pub const ENERGY_ADDED: Signal = Signal(&SignalSpec {
    code: "charge-energyadded",
    name: "EnergyAdded",
    permission: Permission::ReadCharge,
    unit: Unit::KilowattHours,
    v2: Some(V2Field {
        path: "/tesla/charge",
        member: "energyAdded",
    }),
    doc: worded("Energy that the present charge has put into the battery."),
    test: TestValue::Number {
        low: 0.1,
        high: 60.0,
    },
});

/// Time until charging is complete, in minutes; v2.0 shows the instant.
pub const TIME_TO_COMPLETE: Signal = Signal(&SignalSpec {
    code: "charge-timetocomplete",
    name: "TimeToComplete",
    permission: Permission::ReadCharge,
    unit: Unit::Minutes,
    v2: Some(V2Field {
        path: "/tesla/charge/completion",
        member: "time",
    }),
    doc: worded("Time until charging is complete."),
    test: TestValue::Number {
        low: 10.0,
        high: 480.0,
    },
});

/// Electric tension at the charger, in volts.
pub const VOLTAGE: Signal = Signal(&SignalSpec {
    code: "charge-voltage",
    name: "Voltage",
    permission: Permission::ReadCharge,
    unit: Unit::Volts,
    v2: Some(V2Field {
        path: "/tesla/charge/voltmeter",
        member: "voltage",
    }),
    doc: worded("Electric tension at the charger."),
    test: TestValue::Number {
        low: 110.0,
        high: 240.0,
    },
});

/// Power that the charger gives, in watts; v2.0 shows kilowatts.
pub const WATTAGE: Signal = Signal(&SignalSpec {
    code: "charge-wattage",
    name: "Wattage",
    permission: Permission::ReadCharge,
    unit: Unit::Watts,
    v2: Some(V2Field {
        path: "/tesla/charge/wattmeter",
        member: "wattage",
    }),
    doc: worded("Power that the charger gives."),
    test: TestValue::Number {
        low: 1_000.0,
        high: 11_000.0,
    },
});

/// A setting of cars with a plug.
fn plugs(car: &FoundVehicle, number: f64) -> Option<SignalValue> {
    car.powertrain
        .has_plug()
        .then_some(SignalValue::Number(number))
}
