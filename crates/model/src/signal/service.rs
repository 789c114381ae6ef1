//! Group `service`: visits to a workshop.

use std::time::Duration;

use super::{Signal, SignalSpec, TestValue, V2Field};
use crate::reading::ServiceRecord;
use crate::unit::Unit;
use crate::worded;
use crate::{Permission, SignalValue, Timestamp};

/// Signals of this group.
pub const ALL: &[Signal] = &[IS_IN_SERVICE, RECORDS];

/// Past services, newest first. Distances are kilometres.
pub const RECORDS: Signal = Signal(&SignalSpec {
    code: "service-records",
    name: "Records",
    permission: Permission::ReadServiceHistory,
    unit: Unit::Kilometres,
    v2: Some(V2Field {
        path: "/service/history",
        member: "serviceTasks",
    }),
    doc: worded("Past services with the distance at each, newest first."),
    test: TestValue::Made(|_, now| {
        Some(SignalValue::Services(vec![
            visit(now, 40, 9_874.5, "7", "Brake fluid replaced"),
            visit(now, 290, 7_310.2, "1", "Oil and filter changed"),
            visit(now, 600, 4_120.8, "3", "Tyres rotated"),
        ]))
    }),
});

/// Whether the car is in a workshop. Its permission is that of its place in v2.0.
pub const IS_IN_SERVICE: Signal = Signal(&SignalSpec {
    code: "service-isinservice",
    name: "IsInService",
    permission: Permission::ReadExtendedVehicleInfo,
    unit: Unit::None,
    v2: Some(V2Field {
        path: "/tesla/status",
        member: "inService",
    }),
    doc: worded("Whether the car is in a workshop."),
    test: TestValue::Made(|_, _| Some(SignalValue::Flag(false))),
});

/// A visit some days ago; before any distance that test mode draws.
fn visit(now: Timestamp, days: u64, odometer: f64, task: &str, words: &str) -> ServiceRecord {
    ServiceRecord {
        id: Some(format!("TEST-{task}")),
        at: Some(now.minus(Duration::from_hours(days * 24))),
        odometer,
        tasks: vec![(Some(task.to_owned()), Some(words.to_owned()))],
        details: vec![("Service Dealer".to_owned(), Some("Test Garage".to_owned()))],
        cost: Some(129.0),
        currency: Some("USD".to_owned()),
    }
}
