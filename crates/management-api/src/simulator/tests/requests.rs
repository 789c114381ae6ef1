//! The journal through the router; it is written by hand here, and by a whole server elsewhere.

use std::time::Duration;

use axum::http::Method;
use carport_model::{RequestId, Timestamp, VehicleId};

use super::*;
use crate::simulator::journal::Entry;

impl Site {
    fn journaled(&self, millis: i64, status: u16, application: Option<&Registered>) {
        let journal = self.journal.as_ref().unwrap();
        journal.add(Entry {
            at: Timestamp::from_millis(millis),
            took: Duration::from_micros(1500),
            method: "POST".to_owned(),
            path: "/oauth/token".to_owned(),
            query: "token=****".to_owned(),
            route: "/oauth/token".to_owned(),
            status,
            is_dropped: false,
            request: RequestId::from_bytes([7; 16]),
            application: application.map(|client| client.application.id),
            vehicle: Some(VehicleId::from_bytes([2; 16])),
            faults: vec!["fault-1".to_owned()],
            sent: Some("code=****".to_owned()),
            answered: None,
        });
    }

    async fn by(&self, client: &Registered, path: &str) -> Answer {
        let request = self.app.get(&format!("/simulator/v1{path}"));
        request
            .basic("default", &client.management_token)
            .send()
            .await
    }
}

#[tokio::test]
async fn listed_counted_shown_and_forgotten() {
    let site = Site::dev().await;
    site.journaled(0, 200, Some(&site.client));
    site.journaled(1000, 400, None);
    site.journaled(2000, 401, None);
    let last = site.get("/requests/last?status=4xx").await.json();
    let expected = json!({
        "requestId": "07070707-0707-0707-0707-070707070707",
        "at": "1970-01-01T00:00:02.000Z",
        "durationMs": 1.5,
        "method": "POST",
        "path": "/oauth/token",
        "query": "token=****",
        "route": "/oauth/token",
        "status": 401,
        "isDropped": false,
        "application": null,
        "vehicle": "02020202-0202-0202-0202-020202020202",
        "faults": ["fault-1"],
        "bodies": { "request": "code=****", "response": null },
    });
    assert_eq!(last, expected);
    let count = async |query: &str| site.get(&format!("/requests/count{query}")).await.json();
    for (query, expected) in [
        ("", 3),
        ("?status=4xx", 2),
        ("?status=400", 1),
        ("?route=/oauth/token&method=post", 3),
        ("?path=/oauth/token", 3),
        ("?path=/oauth", 0),
        ("?since=1970-01-01T00:00:01Z", 2),
        ("?vehicle=02020202-0202-0202-0202-020202020202", 3),
        ("?application=02020202-0202-0202-0202-020202020202", 0),
    ] {
        assert_eq!(count(query).await, json!({ "count": expected }), "{query}");
    }
    let page = site.get("/requests?limit=2").await.json();
    assert_eq!(page["requests"].as_array().unwrap().len(), 2);
    assert_eq!(page["requests"][0].get("bodies"), None);
    let cursor = page["paging"]["cursor"].as_str().unwrap();
    let rest = site
        .get(&format!("/requests?limit=2&cursor={cursor}"))
        .await
        .json();
    assert_eq!(rest["requests"][0]["status"], 200);
    assert_eq!(rest["paging"]["cursor"], Value::Null);
    let forget = async |query: &str| {
        let path = format!("/simulator/v1/requests{query}");
        let request = site.app.request(Method::DELETE, &path);
        request.header("host", "localhost").send().await.status
    };
    assert_eq!(forget("?status=401").await, 204);
    assert_eq!(count("").await, json!({ "count": 2 }));
    assert_eq!(forget("").await, 204);
    assert_eq!(count("").await, json!({ "count": 0 }));
    assert_refused(&site.get("/requests/last").await, 404, "query");
}

#[tokio::test]
async fn an_application_sees_its_own_requests() {
    let site = Site::dev().await;
    let other = site.bed.application().await;
    site.journaled(0, 200, Some(&site.client));
    site.journaled(0, 200, Some(&other));
    site.journaled(0, 401, None);
    let count = site.by(&site.client, "/requests/count").await.json();
    assert_eq!(count, json!({ "count": 1 }));
    let foreign = format!("/requests/count?application={}", other.id);
    assert_refused(&site.by(&site.client, &foreign).await, 400, "application");
}

#[tokio::test]
async fn what_is_misspelt_counts_nothing() {
    let site = Site::dev().await;
    for (query, field) in [
        ("stauts=409", "query"),
        ("status=409&status=200", "status"),
        ("status=ok", "status"),
        ("vehicle=mine", "vehicle"),
        ("application=me", "application"),
        ("since=once", "since"),
    ] {
        let answer = site.get(&format!("/requests/count?{query}")).await;
        assert_refused(&answer, 400, field);
    }
    assert_refused(&site.get("/requests?limit=0").await, 400, "limit");
    assert_refused(&site.get("/requests?cursor=x").await, 400, "cursor");
}

#[tokio::test]
async fn other_servers_keep_no_journal() {
    let site = Site::serve().await;
    for path in ["/requests", "/requests/count", "/requests/last"] {
        assert_refused(&site.by(&site.client, path).await, 403, "requests");
    }
}
