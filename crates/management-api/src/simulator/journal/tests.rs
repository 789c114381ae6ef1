use super::*;

fn entry(number: u16) -> Entry {
    Entry {
        at: Timestamp::from_millis(i64::from(number)),
        took: Duration::from_millis(1),
        method: "GET".to_owned(),
        path: format!("/v2.0/vehicles/{number}/odometer"),
        query: String::new(),
        route: "/v2.0/vehicles/{id}/odometer".to_owned(),
        status: 200 + number % 3 * 100,
        is_dropped: false,
        request: RequestId::from_bytes([0; 16]),
        application: Some(ApplicationId::from_bytes([1; 16])),
        vehicle: Some(VehicleId::from_bytes([2; 16])),
        faults: Vec::new(),
        sent: None,
        answered: None,
    }
}

fn any() -> Filter {
    Filter::default()
}

fn numbers(found: &[(u64, Arc<Entry>)]) -> Vec<u64> {
    found.iter().map(|(number, _)| *number).collect()
}

#[test]
fn the_oldest_make_room_and_numbers_go_on() {
    let journal = Journal::keeping(3);
    for number in 0..5 {
        journal.add(entry(number));
    }
    assert_eq!(numbers(&journal.find(&any(), None, 9)), [4, 3, 2]);
    assert_eq!(numbers(&journal.find(&any(), Some(4), 1)), [3]);
    assert_eq!(journal.count(&any()), 3);
    let one = Filter {
        status: Some(filter::Status::One(200)),
        ..any()
    };
    journal.clear(&one);
    assert_eq!(journal.count(&any()), 2);
    journal.add(entry(9));
    assert_eq!(numbers(&journal.find(&any(), None, 1)), [5]);
    journal.clear(&any());
    assert_eq!(journal.count(&any()), 0);
    journal.add(entry(9));
    assert_eq!(numbers(&journal.find(&any(), None, 9)), [6]);
}

#[test]
fn bodies_have_a_bound_of_their_own() {
    let journal = Journal::keeping(10_000);
    let body = "x".repeat(BODY);
    let count = BODIES / BODY + 100;
    for _ in 0..count {
        journal.add(Entry {
            sent: Some(body.clone()),
            ..entry(0)
        });
    }
    let found = journal.find(&any(), None, count);
    assert_eq!(found.len(), count);
    let whole = found
        .iter()
        .take_while(|(_, entry)| entry.sent.is_some())
        .count();
    assert_eq!(whole, BODIES / BODY);
    assert!(found[whole..].iter().all(|(_, entry)| entry.sent.is_none()));
    assert_eq!(journal.locked().bytes, BODIES);
    for _ in 0..10_000 {
        journal.add(entry(0));
    }
    assert_eq!(journal.locked().bytes, 0);
}

#[track_caller]
fn assert_means(entry: &Entry, filters: impl IntoIterator<Item = Filter>, means: bool) {
    for filter in filters {
        assert_eq!(filter.means(entry), means, "{filter:?}");
    }
}

fn of_route(route: &str) -> Filter {
    Filter {
        route: Some(route.to_owned()),
        ..any()
    }
}

fn of_status(status: &str) -> Filter {
    Filter {
        status: Some(status.parse().unwrap()),
        ..any()
    }
}

fn since(millis: i64) -> Filter {
    Filter {
        since: Some(Timestamp::from_millis(millis)),
        ..any()
    }
}

fn of_path(path: &str) -> Filter {
    Filter {
        path: Some(path.to_owned()),
        ..any()
    }
}

#[test]
fn filters_mean_what_they_say() {
    let entry = entry(2);
    let application = ApplicationId::from_bytes;
    let of = |id| Filter {
        application: Some(application([id; 16])),
        ..any()
    };
    let meant = [
        any(),
        of_route("/odometer"),
        of_route("vehicles/{id}/odometer/"),
        of_path("/v2.0/vehicles/2/odometer"),
        of_status("400"),
        of_status("4XX"),
        of(1),
        since(2),
    ];
    assert_means(&entry, meant, true);
    let posted = Filter {
        method: Some("POST".to_owned()),
        ..any()
    };
    let stranger = Filter {
        vehicle: Some(VehicleId::from_bytes([3; 16])),
        ..any()
    };
    let others = [
        of_route("/fuel"),
        of_path("/v2.0/vehicles"),
        of_status("404"),
        of_status("2xx"),
        of(3),
        since(3),
        posted,
        stranger,
    ];
    assert_means(&entry, others, false);
    for text in ["", "xx", "0xx", "6xx", "99", "600", "4x", "ok"] {
        assert!(text.parse::<filter::Status>().is_err(), "{text}");
    }
}
