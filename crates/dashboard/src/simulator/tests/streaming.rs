//! What the stream tells.

use super::*;
use axum::body::BodyDataStream;
use futures_util::StreamExt as _;
use serde_json::Value;
use std::time::Duration;

/// A stream of the page at a query.
async fn opened(site: &Site, query: &str) -> BodyDataStream {
    let path = format!("{PAGE}/events?{query}");
    let request = site.app.get(&path).header("host", "localhost:2277");
    let response = request.header("cookie", COOKIE).open().await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(!response.headers().contains_key("content-encoding"));
    response.into_body().into_data_stream()
}

/// The next event's data.
async fn next(stream: &mut BodyDataStream) -> Value {
    let chunk = stream.next().await.expect("an event").unwrap();
    let text = std::str::from_utf8(&chunk).unwrap();
    let data = text
        .strip_prefix("data: ")
        .unwrap_or_else(|| panic!("{text}"));
    serde_json::from_str(data.trim()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn everything_first_and_then_what_changes() {
    let site = Site::dev().await;
    let car = site.car("Commuter").await;
    let mut stream = opened(&site, &format!("car={}", car.id)).await;
    let first = next(&mut stream).await;
    assert_eq!(first["t"]["clock-time"], "08:15:30");
    assert_eq!(first["a"]["changed"]["hidden"], "");
    site.bed.clock.advance(Duration::from_mins(7 * 60 + 50));
    let second = next(&mut stream).await;
    assert_eq!(second["t"]["clock-time"], "16:05:30");
    assert_eq!(second["a"]["stage-0"]["class"], "past");
    assert_eq!(second["a"]["stage-1"]["aria-current"], "step");
    assert!(
        second["t"][format!("does-{}", car.id)]
            .as_str()
            .unwrap()
            .starts_with("Driving")
    );
    assert!(second["a"][format!("at-{}", car.id)]["transform"].is_string());
    assert!(second["a"]["plot-now"]["d"].is_string());
    // What stays as it is, is not told again.
    assert_eq!(second["a"].get("changed"), None);
    assert_eq!(second["t"].get("clock-word"), None);
}

#[tokio::test(start_paused = true)]
async fn news_that_the_page_cannot_show_are_announced() {
    let site = Site::dev().await;
    site.car("Commuter").await;
    let page = site.get(PAGE).await;
    let seen = page.text().split("seen=").nth(1).unwrap();
    let seen = seen.split('"').next().unwrap();
    let mut stream = opened(&site, &format!("seen={seen}")).await;
    assert_eq!(next(&mut stream).await["a"]["changed"]["hidden"], "");
    site.car("Another").await;
    assert_eq!(
        next(&mut stream).await["a"]["changed"]["hidden"],
        Value::Null
    );
}

#[tokio::test(start_paused = true)]
async fn silence_is_broken_so_that_the_dead_are_noticed() {
    let site = Site::dev().await;
    let mut stream = opened(&site, "").await;
    next(&mut stream).await;
    let chunk = stream.next().await.unwrap().unwrap();
    assert!(chunk.starts_with(b":"), "{chunk:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_the_server_and_after_its_time() {
    let site = Site::dev().await;
    let mut stream = opened(&site, "").await;
    next(&mut stream).await;
    site.stopping.begin();
    assert!(stream.next().await.is_none());

    let site = Site::dev().await;
    let mut stream = opened(&site, "").await;
    let begun = tokio::time::Instant::now();
    while stream.next().await.is_some() {}
    assert_eq!(begun.elapsed().as_secs(), 600);
}

#[tokio::test(start_paused = true)]
async fn there_are_so_many_streams_and_no_more() {
    let site = Site::dev().await;
    let mut open = Vec::new();
    for _ in 0..crate::simulator::STREAMS {
        open.push(opened(&site, "").await);
    }
    let refused = site.get(&format!("{PAGE}/events")).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (503, "5")
    );
    open.pop();
    open.push(opened(&site, "").await);
}
