//! Looking for entries: filters, and pages in both directions.

use super::*;

#[tokio::test]
async fn filters_and_pages() {
    let bed = Bed::new();
    let log = bed.log();
    let applications = [(); 2].map(|()| ApplicationId::draw(&bed.rng));
    let vehicle = VehicleId::draw(&bed.rng);
    let user = log.route("/v2.0/user");
    let mut last = None;
    for millis in 0..10 {
        let mut entry = bed.entry(&log, millis);
        entry.application = Some(applications[usize::from(millis % 2 == 1)]);
        entry.vehicle = (millis == 4).then_some(vehicle);
        entry.status = if millis == 7 { 502 } else { 200 };
        entry.took_micros = u32::try_from(millis).unwrap();
        entry.method = Method::Post;
        if millis == 3 {
            entry.route = user;
        }
        last = Some(entry.request);
        log.push(entry);
    }
    log.flush();
    let filter = Filter::default;
    assert_eq!(found(&log, filter()).await, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    let application = Some(applications[1]);
    let odd = Filter {
        application,
        ..filter()
    };
    assert_eq!(found(&log, odd.clone()).await, [9, 7, 5, 3, 1]);
    let status = Some(400..=599);
    assert_eq!(
        found(
            &log,
            Filter {
                status,
                ..odd.clone()
            }
        )
        .await,
        [7]
    );
    let application = Some(ApplicationId::draw(&bed.rng));
    assert_eq!(
        found(
            &log,
            Filter {
                application,
                ..filter()
            }
        )
        .await,
        [0; 0]
    );
    let vehicle = Some(vehicle);
    assert_eq!(
        found(
            &log,
            Filter {
                vehicle,
                ..filter()
            }
        )
        .await,
        [4]
    );
    let route = Some("/v2.0/user".to_owned());
    assert_eq!(found(&log, Filter { route, ..filter() }).await, [3]);
    assert_eq!(
        found(
            &log,
            Filter {
                request: last,
                ..filter()
            }
        )
        .await,
        [9]
    );
    assert_eq!(
        found(
            &log,
            Filter {
                took_micros: 8,
                ..filter()
            }
        )
        .await,
        [9, 8]
    );
    let since = Some(Timestamp::from_millis(START + 8));
    assert_eq!(found(&log, Filter { since, ..filter() }).await, [9, 8]);
    let before = Some(Timestamp::from_millis(START + 2).into());
    assert_eq!(found(&log, Filter { before, ..filter() }).await, [1, 0]);
    let page = log.recent(odd.clone(), 2).await.unwrap();
    let before = Some(Position::from_number(page[1].position.number()));
    assert_eq!(found(&log, Filter { before, ..odd }).await, [5, 3, 1]);
}

#[tokio::test]
async fn pages_go_through_all_tables_in_the_order_of_time() {
    let bed = Bed::new();
    // A table is full after 40 entries.
    let log = RequestLog::spawn(&bed.path(), 16 * 90 * 40).unwrap();
    for number in 0..990 {
        // What took long comes late, also into the next table.
        let late = if number % 40 == 0 { 7 } else { 0 };
        log.push(bed.entry(&log, number * 2 - late));
        if number % 10 == 0 {
            log.flush();
        }
    }
    let read = all(&log).await;
    let kept: Vec<_> = read.iter().map(|entry| entry.position).collect();
    assert!((600..=640).contains(&kept.len()), "{}", kept.len());
    assert!(kept.is_sorted_by(|newer, older| newer > older));
    let (mut paged, mut before) = (Vec::new(), None);
    loop {
        let filter = Filter {
            before,
            ..Filter::default()
        };
        let page = log.recent(filter, 7).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.position);
        paged.extend(page.iter().map(|entry| entry.position));
    }
    let other = paged
        .iter()
        .zip(&kept)
        .position(|(one, other)| one != other);
    assert_eq!((paged.len(), other), (kept.len(), None));
    // The next start goes on in the table where the last one ended.
    drop(log);
    let log = RequestLog::spawn(&bed.path(), 16 * 90 * 40).unwrap();
    log.push(bed.entry(&log, 5000));
    let again: Vec<_> = all(&log).await.iter().map(|e| e.position).collect();
    assert!(again[1..] == kept, "{} and {}", again.len(), kept.len());
}

#[tokio::test]
async fn pages_go_forward_too_and_a_search_without_time_tells_how_far_it_came() {
    let bed = Bed::new();
    // A table is full after 40 entries.
    let log = RequestLog::spawn(&bed.path(), 16 * 94 * 40).unwrap();
    for number in 0..300 {
        log.push(bed.entry(&log, number));
        if number % 10 == 0 {
            log.flush();
        }
    }
    log.flush();
    let newest = log.recent(Filter::default(), 100).await.unwrap();
    let after = Some(newest[99].position);
    let filter = Filter {
        after,
        ..Filter::default()
    };
    let back = log.recent(filter, 50).await.unwrap();
    assert_eq!(back, newest[49..99]);
    let nobody = Filter {
        request: Some(RequestId::draw(&bed.rng)),
        ..Filter::default()
    };
    let page = log.page(nobody, 10, None).await.unwrap();
    assert_eq!(page, Listed::default());
    let found = log.find(newest[7].position).await.unwrap();
    assert_eq!(found.as_ref(), Some(&newest[7]));
    assert_eq!(log.find(Position::from_number(1)).await.unwrap(), None);
}

#[tokio::test]
async fn an_impatient_search_goes_on_where_it_stopped() {
    let bed = Bed::new();
    let log = bed.log();
    let mut first = None;
    for number in 0..5_000 {
        let entry = bed.entry(&log, number);
        first.get_or_insert(entry.request);
        log.push(entry);
    }
    log.flush();
    let mut filter = Filter {
        request: first,
        ..Filter::default()
    };
    let mut rounds = 0;
    loop {
        let page = log
            .page(filter.clone(), 10, Some(Duration::ZERO))
            .await
            .unwrap();
        rounds += 1;
        if !page.entries.is_empty() {
            break;
        }
        filter.before = page.looked_to;
        assert!(filter.before.is_some(), "not found");
    }
    assert_eq!(rounds, 5);
}

#[tokio::test]
async fn other_filters() {
    let bed = Bed::new();
    let log = bed.log();
    let applications = [(); 3].map(|()| ApplicationId::draw(&bed.rng));
    for (millis, application) in applications.into_iter().enumerate() {
        let mut entry = bed.entry(&log, i64::try_from(millis).unwrap());
        entry.application = Some(application);
        entry.method = [Method::Get, Method::Post, Method::Put][millis];
        entry.error = [Some(&error::ASLEEP), None, Some(&error::PERMISSION)][millis];
        log.push(entry);
    }
    log.flush();
    let filter = Filter::default;
    let among = Some(applications[..2].to_vec());
    assert_eq!(found(&log, Filter { among, ..filter() }).await, [1, 0]);
    let among = Some(Vec::new());
    assert_eq!(found(&log, Filter { among, ..filter() }).await, [0; 0]);
    let method = Some(Method::Post);
    assert_eq!(found(&log, Filter { method, ..filter() }).await, [1]);
    for (text, expected) in [("asleep", 0), ("VEHICLE_STATE", 0), ("permission", 2)] {
        let error = Some(text.to_owned());
        assert_eq!(
            found(&log, Filter { error, ..filter() }).await,
            [expected],
            "{text}"
        );
    }
    let path = Some("/odo".to_owned());
    assert_eq!(found(&log, Filter { path, ..filter() }).await, [2, 1, 0]);
    let until = Some(Timestamp::from_millis(START + 1));
    assert_eq!(found(&log, Filter { until, ..filter() }).await, [0]);
}

#[tokio::test]
async fn a_request_is_found_by_the_time_that_its_id_tells() {
    let bed = Bed::new();
    let log = bed.log();
    let mut told = Vec::new();
    for number in 0..5_000 {
        let mut entry = bed.entry(&log, number);
        entry.request = RequestId::draw_at(entry.at, &bed.rng);
        told.push(entry.request);
        log.push(entry);
    }
    log.flush();
    // Without patience: what is not there at once is not found.
    let search = async |request, since| {
        let filter = Filter {
            request: Some(request),
            since,
            ..Filter::default()
        };
        let page = log.page(filter, 10, Some(Duration::ZERO)).await.unwrap();
        assert_eq!(page.looked_to, None);
        page.entries
    };
    for request in [told[0], told[2_345], told[4_999]] {
        let found = search(request, None).await;
        let found: Vec<RequestId> = found.iter().map(|entry| entry.request).collect();
        assert_eq!(found, [request]);
    }
    let later = told[1].time().map(|at| at.plus(Duration::from_hours(1)));
    assert!(
        search(told[1], later).await.is_empty(),
        "the other filters count as well"
    );
    let never = RequestId::draw_at(told[0].time().unwrap(), &bed.rng);
    assert!(search(never, None).await.is_empty());
}
