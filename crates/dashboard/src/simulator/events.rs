//! `GET /dashboard/simulator/events`: what changes on the page, once a second.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, HeaderValue, RETRY_AFTER};
use axum::http::{HeaderName, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use carport_web::Pairs;
use carport_web::words::{Language, t};
use futures_util::stream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};

use super::here::Here;
use super::live::Live;
use super::page;
use super::scene::{self, Roll};
use super::trouble::failed;
use crate::Dashboard;
use crate::access::Visitor;

/// Streams at a time; each asks the store once a second. A browser has one a tab that is seen.
pub(crate) const STREAMS: usize = 64;
/// How often the cars are looked at.
const EVERY: Duration = Duration::from_secs(1);
/// After so much silence a comment is sent: whoever is gone is noticed by it.
const SILENCE: Duration = Duration::from_secs(15);
/// A stream ends then, and the browser opens another: none is held for ever.
const LIVES: Duration = Duration::from_mins(10);
/// Tells proxies to pass on what comes when it comes.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// A page that is being looked at.
struct Watch {
    dashboard: Dashboard,
    /// That of the page: the stream goes on after the request.
    language: Language,
    roll: Roll,
    /// The shape that the page had.
    seen: Option<String>,
    told: Live,
    ticks: Interval,
    quiet_since: Instant,
    ends: Instant,
    _place: OwnedSemaphorePermit,
}

/// Opens the stream.
pub(crate) async fn stream(
    State(dashboard): State<Dashboard>,
    _visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let Ok(place) = dashboard.streams.clone().try_acquire_owned() else {
        let busy = (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("{}\n", t("Too many pages are open.")),
        );
        return ([(RETRY_AFTER, "5")], busy).into_response();
    };
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let roll = match scene::roll(&dashboard, &Here::read(&pairs)).await {
        Ok(roll) => roll,
        Err(error) => return failed(&error),
    };
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let now = Instant::now();
    let watch = Watch {
        dashboard,
        language: Language::current(),
        roll,
        seen: pairs.get("seen").map(str::to_owned),
        told: Live::default(),
        ticks,
        quiet_since: now,
        ends: now + LIVES,
        _place: place,
    };
    let events = stream::unfold(watch, async |mut watch| {
        let language = watch.language.clone();
        let event = language.speak_while(watch.next()).await?;
        Some((Ok::<_, Infallible>(event), watch))
    });
    let mut response = Sse::new(events).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(BUFFERING, HeaderValue::from_static("no"));
    response
}

impl Watch {
    /// What changed; `None` when the stream ends: after its time, or with the server.
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                biased;
                () = self.dashboard.stopping.begun() => return None,
                () = sleep_until(self.ends) => return None,
                _ = self.ticks.tick() => {}
            }
            let live = page::live(&self.dashboard, &self.roll, self.seen.as_deref()).await;
            // The browser comes back for another stream, and is told then if it still fails.
            let live = live.ok()?;
            if let Some(changes) = live.since(&self.told) {
                self.told = live;
                self.quiet_since = Instant::now();
                return Some(Event::default().data(changes));
            }
            if self.quiet_since.elapsed() >= SILENCE {
                self.quiet_since = Instant::now();
                return Some(Event::default().comment(""));
            }
        }
    }
}
