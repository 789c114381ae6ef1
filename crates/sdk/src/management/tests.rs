//! What goes over the wire to the management API, and what comes back.

use super::*;
use crate::Error;
use crate::stub::{Stub, plain};

const PAGE: &str = r#"{"connections":[{"vehicleId":"v-1","userId":"u-1",
    "connectedAt":"2026-03-01T08:15:30.250Z","mode":"test"}],"paging":{"cursor":"c 2","count":3}}"#;

fn management(stub: &Stub) -> Management {
    Management::at(&stub.origin, "amt").unwrap()
}

#[tokio::test]
async fn a_page_is_asked_for_with_the_management_token() {
    let stub = Stub::answering(200, &[("sc-request-id", "q-1")], PAGE).await;
    let filter = ConnectionFilter::default()
        .user("u-1")
        .vehicle("v-1")
        .mode(Mode::Test);
    let asked = CursorPaging::default().limit(1).cursor("a b");
    let page = management(&stub)
        .get_connections(&filter, &asked)
        .await
        .unwrap();
    let connection = &page.connections[0];
    assert_eq!(
        (connection.vehicle_id.as_str(), connection.user_id.as_str()),
        ("v-1", "u-1")
    );
    assert_eq!(
        connection.connected_at.unwrap().to_string(),
        "2026-03-01T08:15:30.25Z"
    );
    assert_eq!(connection.mode.as_deref(), Some("test"));
    assert_eq!(
        (page.paging.cursor.as_deref(), page.paging.count),
        (Some("c 2"), Some(3))
    );
    assert_eq!(page.meta.request_id.as_deref(), Some("q-1"));

    let seen = stub.seen();
    // default:amt
    assert_eq!(seen.header("authorization"), "Basic ZGVmYXVsdDphbXQ=");
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        (
            "GET",
            "/v2.0/management/connections?user_id=u-1&vehicle_id=v-1&mode=test&limit=1&cursor=a+b"
        )
    );
}

#[tokio::test]
async fn the_older_name_of_the_time_and_a_bare_page_are_understood() {
    let body = r#"{"connections":[{"vehicleId":"v","userId":"u",
        "createdAt":"2026-03-01T08:15:30Z"}],"paging":{}}"#;
    let stub = Stub::answering(200, &[], body).await;
    let page = management(&stub)
        .get_connections(&ConnectionFilter::default(), &CursorPaging::default())
        .await
        .unwrap();
    assert!(page.connections[0].connected_at.is_some() && page.paging.cursor.is_none());
    assert_eq!(stub.seen().target, "/v2.0/management/connections");
}

#[tokio::test]
async fn every_page_is_fetched_by_its_cursor() {
    let stub = Stub::with(|seen| {
        let last = seen.target.contains("cursor=");
        let cursor = if last { "null" } else { "\"2\"" };
        plain(
            200,
            format!(
                r#"{{"connections":[{{"vehicleId":"v","userId":"{last}"}}],
                "paging":{{"cursor":{cursor}}}}}"#
            ),
        )
    })
    .await;
    let filter = ConnectionFilter::default().mode(Mode::Live);
    let all = management(&stub)
        .all_connections(filter)
        .into_vec()
        .await
        .unwrap();
    assert_eq!(
        (all[0].user_id.as_str(), all[1].user_id.as_str(), all.len()),
        ("false", "true", 2)
    );
    let targets: Vec<_> = stub.all().into_iter().map(|seen| seen.target).collect();
    assert_eq!(
        targets[0],
        "/v2.0/management/connections?mode=live&limit=100"
    );
    assert_eq!(
        targets[1],
        "/v2.0/management/connections?mode=live&limit=100&cursor=2"
    );
}

#[tokio::test]
async fn deleting_names_an_owner_or_a_vehicle() {
    let body = r#"{"connections":[{"vehicleId":"v-1","userId":"u-1"}]}"#;
    let stub = Stub::answering(200, &[], body).await;
    let of = ConnectionsOf::Vehicle("v-1".into());
    let gone = management(&stub).delete_connections(&of).await.unwrap();
    assert_eq!(
        (gone.connections.len(), gone.connections[0].connected_at),
        (1, None)
    );
    let seen = stub.seen();
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("DELETE", "/v2.0/management/connections?vehicle_id=v-1")
    );
    let of = ConnectionsOf::User("u-1".into());
    management(&stub).delete_connections(&of).await.unwrap();
    assert_eq!(
        stub.seen().target,
        "/v2.0/management/connections?user_id=u-1"
    );
}

#[tokio::test]
async fn a_wrong_token_is_an_authentication_error_and_is_not_shown() {
    let body = r#"{"type":"AUTHENTICATION","code":null,"description":"No.","docURL":"d",
        "statusCode":401,"requestId":"q","resolution":{"type":null}}"#;
    let stub = Stub::answering(401, &[], body).await;
    let management = management(&stub);
    assert!(!format!("{management:?}").contains("amt"));
    let mut all = management.all_connections(ConnectionFilter::default());
    assert!(all.next().await.unwrap().unwrap_err().is_authentication());
    assert!(all.next().await.is_none());
    assert!(matches!(
        Management::at("localhost", "amt"),
        Err(Error::BadOrigin { .. })
    ));
}
