//! The overview on the first page: what was asked, how it was answered and how many cars are
//! connected, by hour and by day. Everything comes from what was counted when it happened.

mod bars;
mod figures;

#[cfg(test)]
mod tests;

use carport_web::words::{Text, say, t};
use std::collections::BTreeMap;
use std::time::Duration;

use carport_model::Timestamp;
use carport_store::request_log::Counts;
use carport_store::{StoreError, Tx, car_counts};
use carport_web::Pairs;

use crate::Dashboard;
use crate::access::Visitor;
use crate::choice::{Asked, Choice};
use crate::when::{grouped, took};
use crate::whose::Whose;
use bars::Plot;
pub(crate) use figures::Counted;
pub use figures::{Bin, Span};

/// The first page.
const PAGE: &str = "/dashboard";
const FIELDS: [&str; 3] = ["application", "span", "sdk"];

/// What the template shows.
pub(crate) struct Overview {
    pub tabs: Vec<Tab>,
    pub applications: Vec<Choice>,
    /// Fields that the form with the applications sends too.
    pub kept: Vec<(&'static str, String)>,
    pub stats: Vec<Stat>,
    pub plots: Vec<Plot>,
    pub unit: Text,
    pub rows: Vec<Row>,
    /// Nothing was asked in all of this time.
    pub is_quiet: bool,
    pub has_cars: bool,
    pub has_simulator: bool,
}

/// A span of time that can be looked at.
pub(crate) struct Tab {
    pub href: String,
    pub title: Text,
    pub current: bool,
}

/// A number.
pub(crate) struct Stat {
    pub title: Text,
    pub figure: String,
    pub small: String,
    /// Where more of it stands.
    pub more: Option<(String, Text)>,
}

/// What the table says of an hour or a day.
pub(crate) struct Row {
    pub at: String,
    pub iso: String,
    pub requests: String,
    pub errors: String,
    pub slow: String,
    pub cars: String,
}

/// Reads what was counted.
pub(crate) async fn read(
    dashboard: &Dashboard,
    visitor: &Visitor,
    query: Option<&str>,
    pairs: &Pairs,
) -> Result<Overview, StoreError> {
    let asked = Asked::read(PAGE, &FIELDS, query);
    let whose = Whose::read(dashboard, visitor, pairs).await?;
    let span = Span::named(asked.get("span"));
    let now = dashboard.clock.now();
    let since = span.since(now);
    let shown = whose.shown();
    let requests: BTreeMap<Timestamp, Counts> = match &dashboard.request_log {
        Some(log) => log.hours(shown.clone(), since).await?,
        None => BTreeMap::new(),
    };
    let of = shown.clone();
    let unit = async move |tx: &mut Tx<'_>| car_counts::hours(tx, of.as_deref(), since).await;
    let cars = dashboard
        .store
        .scan(unit)
        .await
        .map_err(|error: StoreError| error)?;
    let connected = dashboard.counted.connections(dashboard, shown).await?;
    let mut bins = span.bins(now, &requests, &cars);
    // What is kept of this hour may be ten minutes old.
    if let Some(last) = bins.last_mut() {
        last.cars = Some(connected.values().sum());
    }
    Ok(overview(
        dashboard,
        &asked,
        &whose,
        (span, &bins, &connected),
    ))
}

fn overview(
    dashboard: &Dashboard,
    asked: &Asked,
    whose: &Whose,
    (span, bins, connected): (Span, &[Bin], &BTreeMap<&'static str, i64>),
) -> Overview {
    let mut all = Counts::default();
    for bin in bins {
        all.add(&bin.counts);
    }
    let cars: i64 = connected.values().sum();
    let tab = |of: Span| Tab {
        href: format!("{}#overview", asked.with(&[("span", of.name())])),
        title: of.title(),
        current: of == span,
    };
    let kept = ["span", "sdk"].map(|name| (name, asked.get(name).to_owned()));
    Overview {
        tabs: Span::ALL.map(tab).into(),
        applications: whose.choices(),
        kept: kept
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        stats: stats(asked, &all, connected),
        plots: if all.requests == 0 && cars == 0 {
            Vec::new()
        } else {
            bars::plots(span, bins)
        },
        unit: span.unit_text(),
        rows: bins.iter().rev().map(|bin| row(span, bin)).collect(),
        is_quiet: all.requests == 0,
        has_cars: cars > 0,
        has_simulator: dashboard.time.is_some(),
    }
}

fn stats(asked: &Asked, all: &Counts, connected: &BTreeMap<&'static str, i64>) -> Vec<Stat> {
    let modes: Vec<String> = connected
        .iter()
        .map(|(mode, count)| format!("{} {}", grouped(count.unsigned_abs()), say(mode)))
        .collect();
    let cars: i64 = connected.values().sum();
    let application = asked.get("application");
    let log = |more: &str| {
        let application = match application {
            "" => String::new(),
            id => format!(
                "&application={}",
                form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>()
            ),
        };
        format!("/dashboard/logs?{more}{application}")
    };
    vec![
        Stat {
            title: t("Requests"),
            figure: grouped(all.requests),
            small: String::new(),
            more: None,
        },
        Stat {
            title: t("Answered with an error"),
            figure: share(all.errors(), all.requests),
            small: match all.server_errors {
                0 => String::new(),
                failed => t("{n} failed here or at a maker")
                    .with("n", grouped(failed))
                    .plain(),
            },
            more: (all.errors() > 0).then(|| (log("status=errors"), t("see which"))),
        },
        Stat {
            title: t("Slowest 5 % of answers"),
            figure: all.slow_micros().map_or_else(|| "–".to_owned(), took),
            small: t("and more").plain(),
            more: (all.slowest_micros > 1_000_000)
                .then(|| (log("status=slow"), t("see the slow ones"))),
        },
        Stat {
            title: t("Connections"),
            figure: grouped(cars.unsigned_abs()),
            small: modes.join(", "),
            more: (cars > 0).then(|| ("/dashboard/vehicles".to_owned(), t("see them"))),
        },
    ]
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = (part * 1000 + whole / 2) / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn row(span: Span, bin: &Bin) -> Row {
    Row {
        at: span.label(bin.at),
        iso: bin.at.to_string(),
        requests: grouped(bin.counts.requests),
        errors: grouped(bin.counts.errors()),
        slow: bin
            .counts
            .slow_micros()
            .map_or_else(|| "–".to_owned(), took),
        cars: bin
            .cars
            .map_or_else(|| "–".to_owned(), |cars| grouped(cars.unsigned_abs())),
    }
}

/// How long what takes long to count is trusted.
const TRUSTED: Duration = Duration::from_mins(1);
