//! The list with its filters, and one entry beside it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use carport_model::{RequestId, VehicleId};
use carport_store::request_log::{Filter, Listed, Method, Position, Recorded};
use carport_store::{StoreError, Tx, vehicles};
use carport_web::Page;
use carport_web::words::{Text, filters, t};

use super::detail::Detail;
use super::{Answer, PAGE, of_route};
use crate::Dashboard;
use crate::access::Visitor;
use crate::choice::{self, Asked, Choice, Pager};
use crate::frame::{self, Frame};
use crate::refused::no_storage;
use crate::when::{When, grouped, read_local, span, took};
use crate::whose::Whose;

/// Entries of a page.
const LIMIT: usize = 50;
/// How long a page looks for entries before it shows what it has.
const PATIENCE: Duration = Duration::from_millis(50);
/// The same for the one request of an id, which may be anywhere.
const LONG_PATIENCE: Duration = Duration::from_secs(1);
/// How long is waited for what was just answered to be written.
const FLUSH: Duration = Duration::from_millis(250);
/// Slow, in microseconds.
const SLOW: u32 = 1_000_000;

/// Fields of the form.
const FILTERS: [&str; 9] = [
    "application",
    "vehicle",
    "status",
    "method",
    "q",
    "error",
    "from",
    "to",
    "request",
];
const STATUSES: [(&str, Text); 6] = [
    ("errors", t("Errors only")),
    ("slow", t("Slower than 1 s")),
    ("2xx", t("2xx: done")),
    ("3xx", t("3xx: elsewhere")),
    ("4xx", t("4xx: not as asked")),
    ("5xx", t("5xx: failed")),
];

#[derive(Template)]
#[template(path = "dashboard/logs/page.html")]
struct LogPage {
    frame: Frame,
    lead: String,
    dropped: Option<String>,
    trouble: Option<Text>,
    applications: Vec<Choice>,
    statuses: Vec<Choice>,
    methods: Vec<Choice>,
    q: String,
    vehicle: String,
    error: String,
    from: String,
    to: String,
    caption: String,
    rows: Vec<Row>,
    /// What to read when there are no rows.
    empty: Option<Empty>,
    pager: Pager,
    detail: Option<Detail>,
}

struct Row {
    href: String,
    when: When,
    method: &'static str,
    path: String,
    answer: Answer,
    vehicle: String,
    took: String,
    current: bool,
}

/// Why there is nothing.
enum Empty {
    /// The log is off.
    Off,
    /// Nothing was asked yet.
    Nothing,
    /// Nothing fits.
    NoMatch,
}

/// Shows it.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    match page(&dashboard, &visitor, query.as_deref()).await {
        Ok(page) => visitor.give(Page::new(page).live().names_itself()),
        Err(error) => no_storage(&error, t("The request log")).into_response(),
    }
}

async fn page(
    dashboard: &Dashboard,
    visitor: &Visitor,
    query: Option<&str>,
) -> Result<LogPage, StoreError> {
    let asked = Asked::read(PAGE, &FILTERS, query);
    let whose = Whose::read(dashboard, visitor, &choice::pairs(query)).await?;
    let (filter, trouble) = filter(&asked, &whose);
    let places = choice::pairs(query);
    let place = |name| places.get(name).and_then(|at| at.parse().ok());
    let place = |name| place(name).map(Position::from_number);
    let (before, after) = (place("before"), place("after"));
    let found = Found::look(dashboard, filter, before, after).await?;
    let names = names(dashboard, &found.listed.entries).await?;
    let now = dashboard.clock.now();
    let chosen = place("request");
    let row = |entry: &Recorded| Row {
        href: format!(
            "{}#detail",
            asked.with(&[
                ("request", &entry.position.number().to_string()),
                ("before", places.get("before").unwrap_or_default()),
                ("after", places.get("after").unwrap_or_default()),
            ])
        ),
        when: When::of(entry.at, now),
        method: entry.method.as_str(),
        path: of_route(&entry.route),
        answer: Answer::of(entry),
        vehicle: (entry.vehicle).map_or_else(String::new, |id| names[&id].clone()),
        took: took(entry.took_micros),
        current: chosen == Some(entry.position),
    };
    let rows: Vec<Row> = found.listed.entries.iter().map(row).collect();
    let is_filtered = asked.has_any(&FILTERS[..8]);
    let detail = Detail::find(dashboard, visitor, &whose, (chosen, &asked)).await?;
    let log = dashboard.request_log.as_ref();
    let dropped = log.map_or(0, carport_store::RequestLog::dropped);
    Ok(LogPage {
        frame: Frame::of(t("Request log"), frame::Here::Logs, visitor).scripted(),
        lead: t("Every call of the API, kept for {span}. Headers, bodies, e-mails and VINs are never written here.").with("span", span(dashboard.request_log_keeps)).plain(),
        dropped: (dropped > 0).then(|| grouped(dropped)),
        trouble,
        applications: whose.choices(),
        statuses: Choice::of(STATUSES, asked.get("status")),
        methods: Choice::of(
            ["GET", "POST", "PUT", "PATCH", "DELETE"].map(|method| (method, method)),
            asked.get("method"),
        ),
        q: asked.get("q").to_owned(),
        vehicle: asked.get("vehicle").to_owned(),
        error: asked.get("error").to_owned(),
        from: asked.get("from").to_owned(),
        to: asked.get("to").to_owned(),
        caption: caption(rows.len()),
        empty: match (log, is_filtered || before.is_some(), rows.is_empty()) {
            (None, ..) => Some(Empty::Off),
            (Some(_), false, true) => Some(Empty::Nothing),
            (Some(_), true, true) => Some(Empty::NoMatch),
            (Some(_), _, false) => None,
        },
        pager: found.pager(&asked),
        rows,
        detail,
    })
}

fn caption(rows: usize) -> String {
    match rows {
        1 => t("1 request, newest first. … stands for /v2.0/vehicles/ and the id.").plain(),
        rows => t("{rows} requests, newest first. … stands for /v2.0/vehicles/ and the id.")
            .with("rows", rows)
            .plain(),
    }
}

/// What the address filters by, and what of it could not be read.
fn filter(asked: &Asked, whose: &Whose) -> (Filter, Option<Text>) {
    let mut trouble = None;
    let shown = whose.shown();
    let mut filter = Filter::default();
    match shown.as_deref() {
        Some([only]) => filter.application = Some(*only),
        _ => filter.among = shown,
    }
    filter.status = statuses(asked.get("status"));
    if asked.get("status") == "slow" {
        filter.took_micros = SLOW;
    }
    let method = asked.get("method");
    filter.method = (!method.is_empty()).then(|| Method::named(method));
    let error = asked.get("error");
    filter.error = (!error.is_empty()).then(|| error.to_owned());
    if !asked.get("vehicle").is_empty() {
        filter.vehicle = asked.get("vehicle").parse().ok();
        if filter.vehicle.is_none() {
            trouble = Some(t(
                "A vehicle is found by its id, which looks like 36ab27d0-fd9d-4455-823a-ce30af709ffc.",
            ));
        }
    }
    let mut time = |name| {
        let text = asked.get(name);
        let at = read_local(text);
        if at.is_none() && !text.is_empty() {
            trouble = Some(t("A time looks like 2026-11-23T09:00 and is UTC."));
        }
        at
    };
    filter.since = time("from");
    filter.until = time("to");
    search(asked.get("q"), &mut filter);
    (filter, trouble)
}

/// An id of a request, or part of a path, in which an id of a vehicle may stand.
fn search(q: &str, filter: &mut Filter) {
    if q.is_empty() {
        return;
    }
    if let Ok(id) = q.parse::<RequestId>() {
        filter.request = Some(id);
        return;
    }
    let path = q.split('?').next().unwrap_or_default();
    let path = path.trim_start_matches('…');
    let segments = path.split('/').map(|segment| {
        let Ok(vehicle) = segment.parse::<VehicleId>() else {
            return segment;
        };
        filter.vehicle = filter.vehicle.or(Some(vehicle));
        "{id}"
    });
    let path = segments.collect::<Vec<_>>().join("/");
    filter.path = Some(path);
}

fn statuses(text: &str) -> Option<RangeInclusive<u16>> {
    Some(match text {
        "errors" => 400..=599,
        "2xx" => 200..=299,
        "3xx" => 300..=399,
        "4xx" => 400..=499,
        "5xx" => 500..=599,
        _ => return None,
    })
}

/// Entries of a page, and what lies on both sides.
#[derive(Default)]
struct Found {
    listed: Listed,
    has_newer: bool,
    has_older: bool,
}

impl Found {
    async fn look(
        dashboard: &Dashboard,
        mut filter: Filter,
        before: Option<Position>,
        after: Option<Position>,
    ) -> Result<Self, StoreError> {
        let Some(log) = dashboard.request_log.clone() else {
            return Ok(Self::default());
        };
        // What the visitor has just done is on the page.
        let flushing = log.clone();
        let flush = tokio::task::spawn_blocking(move || flushing.flush());
        let _ = tokio::time::timeout(FLUSH, flush).await;
        let patience = match filter.request {
            Some(_) => LONG_PATIENCE,
            None => PATIENCE,
        };
        let limit = u32::try_from(LIMIT + 1).unwrap_or(u32::MAX);
        (filter.before, filter.after) = (before, after);
        let mut listed = log.page(filter.clone(), limit, Some(patience)).await?;
        let has_more = listed.entries.len() > LIMIT;
        if after.is_some() && !has_more && listed.looked_to.is_none() {
            // The first page is a whole one.
            filter.after = None;
            listed = log.page(filter, limit, Some(patience)).await?;
            let has_older = listed.entries.len() > LIMIT;
            listed.entries.truncate(LIMIT);
            return Ok(Self {
                listed,
                has_newer: false,
                has_older,
            });
        }
        if has_more && after.is_some() {
            listed.entries.remove(0);
        }
        listed.entries.truncate(LIMIT);
        Ok(Self {
            has_newer: before.is_some() || (after.is_some() && has_more),
            has_older: after.is_some() || has_more,
            listed,
        })
    }

    fn pager(&self, asked: &Asked) -> Pager {
        let at = |name, entry: Option<&Recorded>| {
            let position = entry?.position.number().to_string();
            Some(asked.with(&[(name, &position), ("request", "")]))
        };
        let entries = &self.listed.entries;
        let newer = at("after", entries.first()).or_else(|| Some(asked.with(&[])));
        let onward = self
            .listed
            .looked_to
            .map(|place| asked.with(&[("before", &place.number().to_string()), ("request", "")]));
        Pager {
            newer: newer.filter(|_| self.has_newer),
            older: at("before", entries.last()).filter(|_| self.has_older && onward.is_none()),
            onward,
        }
    }
}

/// Names of the vehicles that entries are about.
async fn names(
    dashboard: &Dashboard,
    entries: &[Recorded],
) -> Result<BTreeMap<VehicleId, String>, StoreError> {
    let mut ids: Vec<VehicleId> = entries.iter().filter_map(|entry| entry.vehicle).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = dashboard
        .store
        .scan(async move |tx: &mut Tx<'_>| {
            let mut found = Vec::new();
            for id in &ids {
                found.push((*id, vehicles::by_id(tx, *id).await?));
            }
            Ok::<_, StoreError>(found)
        })
        .await?;
    let name = |(id, vehicle): (VehicleId, Option<carport_model::Vehicle>)| {
        let name = vehicle.map_or_else(
            || t("gone").plain(),
            |vehicle| crate::vehicles::name(dashboard, &vehicle.car),
        );
        (id, name)
    };
    Ok(found.into_iter().map(name).collect())
}
