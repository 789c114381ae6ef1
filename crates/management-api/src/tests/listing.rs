//! `GET /management/connections`.

use super::*;

const OWNER: (Mode, &str) = (Mode::Test, "owner@ladebaer.test");

#[tokio::test]
async fn a_page_has_exactly_its_keys() {
    let server = Server::new().await;
    let car = server.connect(OWNER, 1).await;
    let answer = server.list("").await;
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert_eq!(answer.header("sc-request-id").len(), 36);
    let expected = json!({
        "connections": [{
            "vehicleId": car.vehicle.to_string(),
            "userId": car.user.to_string(),
            "connectedAt": "2026-03-01T08:15:31.250Z",
            "mode": "test",
        }],
        "paging": { "cursor": null, "count": 1 },
    });
    assert_eq!(answer.json(), expected);
}

#[tokio::test]
async fn nothing_connected_is_an_empty_page() {
    let server = Server::new().await;
    let expected = json!({ "connections": [], "paging": { "cursor": null, "count": 0 } });
    assert_eq!(server.list("").await.json(), expected);
}

#[tokio::test]
async fn the_newest_comes_first_whatever_its_mode() {
    let server = Server::new().await;
    let test = server.connect(OWNER, 1).await;
    let live = server.connect((Mode::Live, "b@ladebaer.test"), 2).await;
    let simulated = server
        .connect((Mode::Simulated, "c@ladebaer.test"), 3)
        .await;
    assert_eq!(server.listed("").await, ids([&simulated, &live, &test]));
    // Connecting again does not make a connection new.
    server.connect(OWNER, 1).await;
    assert_eq!(server.listed("").await, ids([&simulated, &live, &test]));
}

#[tokio::test]
async fn the_limit_is_1_to_100_and_10_without() {
    let server = Server::new().await;
    for number in 0..12 {
        server.connect(OWNER, number).await;
    }
    for (query, expected) in [
        ("", 10),
        ("limit=", 10),
        ("limit=1", 1),
        ("limit=12", 12),
        ("limit=100", 12),
    ] {
        assert_eq!(server.listed(query).await.len(), expected, "{query}");
    }
    for wrong in [
        "0",
        "101",
        "-1",
        "1.5",
        "ten",
        "%2B5",
        "99999999999999999999",
    ] {
        assert_invalid(&server.list(&format!("limit={wrong}")).await, "limit");
    }
}

#[tokio::test]
async fn the_cursor_leads_through_the_list_and_is_null_at_the_end() {
    let server = Server::new().await;
    let mut cars = Vec::new();
    for number in 0..7 {
        cars.push(server.connect(OWNER, number).await);
    }
    let expected: Vec<String> = cars
        .iter()
        .rev()
        .map(|car| car.vehicle.to_string())
        .collect();
    // One SDK calls it cursor_id.
    for (limit, name) in [
        (1, "cursor"),
        (2, "cursor"),
        (3, "cursor_id"),
        (7, "cursor"),
    ] {
        let (mut found, mut query) = (Vec::new(), format!("limit={limit}"));
        loop {
            let answer = server.list(&query).await;
            found.extend(vehicles(&answer));
            let paging = answer.json()["paging"].clone();
            assert_eq!(paging["count"], 7);
            let Some(cursor) = paging["cursor"].as_str() else {
                assert!(paging["cursor"].is_null());
                break;
            };
            assert_eq!(vehicles(&answer).len(), limit);
            query = format!("limit={limit}&{name}={cursor}");
        }
        assert_eq!(found, expected, "{limit}");
    }
}

#[tokio::test]
async fn pages_lose_nothing_when_cars_are_connected_at_the_same_instant() {
    let server = Server::new().await;
    let mut expected = Vec::new();
    for (number, owner) in [
        OWNER,
        (Mode::Live, "b@ladebaer.test"),
        (Mode::Test, "c@ladebaer.test"),
    ]
    .into_iter()
    .cycle()
    .take(9)
    .enumerate()
    {
        let found = found_vehicle(&format!("0SCTESLA{number:09}"), Level::Bev);
        let connected = server
            .bed
            .connect_owner(&server.client, owner, found, &["read_vin"])
            .await;
        expected.push(connected.vehicle.to_string());
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = server.list(&format!("limit=2&cursor={cursor}")).await;
        found.extend(vehicles(&answer));
        match answer.json()["paging"]["cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(found.len(), 9);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_cursor_is_taken_as_it_was_given_or_not_at_all() {
    let server = Server::new().await;
    for wrong in ["x", "0", "null", "AQAA", "%FF"] {
        let field = if wrong == "%FF" { "query" } else { "cursor" };
        assert_invalid(&server.list(&format!("cursor={wrong}")).await, field);
    }
    assert_invalid(&server.list("cursor_id=x").await, "cursor_id");
}

#[tokio::test]
async fn filters_may_be_combined() {
    let server = Server::new().await;
    let first = server.connect(OWNER, 1).await;
    let second = server.connect(OWNER, 2).await;
    // The first car has another owner too.
    let shared = server.connect((Mode::Test, "b@ladebaer.test"), 1).await;
    let live = server.connect((Mode::Live, "c@ladebaer.test"), 3).await;
    assert_eq!(first.vehicle, shared.vehicle);
    let (user, vehicle) = (first.user, first.vehicle);
    for (query, expected) in [
        (format!("user_id={user}"), ids([&second, &first])),
        (format!("vehicle_id={vehicle}"), ids([&shared, &first])),
        (
            format!("user_id={user}&vehicle_id={vehicle}"),
            ids([&first]),
        ),
        (format!("user_id={user}&mode=test"), ids([&second, &first])),
        (format!("user_id={user}&mode=live"), ids([])),
        ("mode=live".to_owned(), ids([&live])),
        ("mode=simulated".to_owned(), ids([])),
        ("mode=test".to_owned(), ids([&shared, &second, &first])),
        (format!("user_id={vehicle}"), ids([])),
        (
            format!("user_id=&vehicle_id={vehicle}&flags=a%3Ab"),
            ids([&shared, &first]),
        ),
    ] {
        let answer = server.list(&query).await;
        assert_eq!(vehicles(&answer), expected, "{query}");
        assert_eq!(answer.json()["paging"]["count"], expected.len(), "{query}");
    }
    for (query, field) in [
        ("user_id=bad_id", "user_id"),
        ("vehicle_id=bad_id", "vehicle_id"),
        ("mode=Live", "mode"),
        ("mode=test&mode=live", "mode"),
    ] {
        assert_invalid(&server.list(query).await, field);
    }
}

#[tokio::test]
async fn test_mode_is_listed_without_a_filter() {
    let server = Server::new().await;
    let car = server.connect(OWNER, 1).await;
    let answer = server.list(&format!("vehicle_id={}", car.vehicle)).await;
    assert_eq!(answer.json()["connections"][0]["mode"], "test");
}

#[tokio::test]
async fn another_application_sees_none_of_it() {
    let server = Server::new().await;
    let car = server.connect(OWNER, 1).await;
    let other = server.bed.application().await;
    for query in [
        String::new(),
        format!("user_id={}", car.user),
        format!("vehicle_id={}", car.vehicle),
    ] {
        let request = server.app.get(&format!("{PATH}?{query}"));
        let answer = request
            .basic("default", &other.management_token)
            .send()
            .await;
        assert_eq!(vehicles(&answer), ids([]), "{query}");
    }
}
