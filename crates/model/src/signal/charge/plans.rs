//! How far, when and where the car charges, and what it has charged.

use std::time::Duration;

use crate::charging::{
    ChargeCost, ChargeLimit, ChargeLimits, ChargeRecord, ChargeScope, ChargeTimer, ChargeWindow,
    Departure, Place, Repeats,
};
use crate::signal::{Signal, SignalSpec, TestValue, V2Field};
use crate::time_of_day::{TimeOfDay, Weekday};
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue, Timestamp};

/// Shares of the battery at which charging ends, 0 to 1: everywhere, and at places of their own.
pub const CHARGE_LIMIT: Signal = Signal(&SignalSpec {
    code: "charge-chargelimits",
    name: "ChargeLimits",
    permission: Permission::ReadCharge,
    unit: Unit::Fraction,
    v2: Some(V2Field {
        path: "/charge/limit",
        member: "limit",
    }),
    doc: worded("Share of the battery at which the car stops charging."),
    test: TestValue::Drawn(|car, rng| {
        let mut limits = ChargeLimits::everywhere(rng.number(0.5, 1.0));
        let at = |(place, limit)| ChargeLimit {
            scope: ChargeScope::Place(place),
            limit,
        };
        limits.limits.extend([(home(), 0.8), (work(), 0.9)].map(at));
        let limits = SignalValue::ChargeLimits(limits);
        car.powertrain.has_plug().then_some(limits)
    }),
});

/// When the car charges: everywhere, and at places of their own. Times are UTC.
pub const CHARGE_TIMERS: Signal = Signal(&SignalSpec {
    code: "charge-chargetimers",
    name: "ChargeTimers",
    permission: Permission::ReadCharge,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/nissan/charge/schedule",
        member: "chargeSchedules",
    }),
    doc: worded("When the car charges, and when it has to be ready."),
    test: TestValue::Made(|car, _| {
        let timers = || SignalValue::ChargeTimers(vec![everywhere(), at_home()]);
        car.powertrain.has_plug().then(timers)
    }),
});

/// What was charged, newest first; energy in kWh.
pub const CHARGE_RECORDS: Signal = Signal(&SignalSpec {
    code: "charge-chargerecords",
    name: "ChargeRecords",
    permission: Permission::ReadChargeRecords,
    unit: Unit::KilowattHours,
    v2: Some(V2Field {
        path: "/tesla/charge/records",
        member: "records",
    }),
    doc: worded("Past charges with their place, energy and cost, newest first."),
    test: TestValue::Made(|car, now| {
        let records = || {
            SignalValue::ChargeRecords(vec![
                charge(now, 2, home(), 31.4),
                charge(now, 9, work(), 12.5),
                charge(now, 45, home(), 40.1),
            ])
        };
        car.powertrain.has_plug().then(records)
    }),
});

/// Where a test car charges at night.
fn home() -> Place {
    Place {
        name: Some("Home".to_owned()),
        address: Some("1 Test Street, Denver".to_owned()),
        position: Some((39.7392, -104.9903)),
    }
}

/// Where a test car charges by day.
fn work() -> Place {
    Place {
        name: Some("Work".to_owned()),
        address: Some("2 Test Avenue, Boulder".to_owned()),
        position: Some((40.015, -105.2705)),
    }
}

fn window(start: u32, end: u32, days: &[Weekday]) -> ChargeWindow {
    ChargeWindow {
        start: TimeOfDay::of_hour(start),
        end: Some(TimeOfDay::of_hour(end)),
        days: days.to_vec(),
    }
}

fn everywhere() -> ChargeTimer {
    ChargeTimer {
        windows: vec![window(22, 6, &Weekday::WORKING)],
        departures: vec![Departure {
            time: TimeOfDay::of_hour(7),
            days: Weekday::WORKING.to_vec(),
        }],
        is_optimised: Some(false),
        repeats: Some(Repeats::Weekly),
        id: Some("TEST-1".to_owned()),
        ..ChargeTimer::empty(ChargeScope::Everywhere)
    }
}

fn at_home() -> ChargeTimer {
    ChargeTimer {
        windows: vec![
            window(23, 5, &Weekday::WORKING),
            window(21, 9, &Weekday::WEEKEND),
        ],
        is_optimised: Some(false),
        repeats: Some(Repeats::Workweek),
        id: Some("TEST-2".to_owned()),
        ..ChargeTimer::empty(ChargeScope::Place(home()))
    }
}

/// A charge of five hours, some days ago.
fn charge(now: Timestamp, days: u64, place: Place, energy: f64) -> ChargeRecord {
    let start = now.minus(Duration::from_hours(days * 24));
    ChargeRecord {
        id: Some(format!("TEST-{days}")),
        start,
        end: Some(start.plus(Duration::from_hours(5))),
        is_public: Some(place != home()),
        place: Some(place),
        energy_added: Some(energy),
        charging_type: Some("AC".to_owned()),
        start_level: Some(0.2),
        end_level: Some(0.8),
        cost: Some(ChargeCost {
            currency: Some("USD".to_owned()),
            energy: Some(energy * 0.25),
            other: Some(0.0),
        }),
    }
}
