//! The list of runs with its filters and funnel.

use std::time::Duration;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use carport_model::{Mode, RunId, Timestamp};
use carport_store::run_lists::{self, Filter, From, Listed, Place};
use carport_store::{StoreError, Tx};
use carport_web::Page;
use carport_web::words::{Text, filters, say, t};

use super::PAGE;
use super::words::{self, ENDINGS, Standing};
use crate::Dashboard;
use crate::access::Visitor;
use crate::choice::{self, Asked, Choice, Pager};
use crate::frame::{self, Frame};
use crate::refused::no_storage;
use crate::when::{When, grouped, read_local, span};
use crate::whose::Whose;

/// Runs of a page.
const LIMIT: usize = 50;
const FILTERS: [&str; 7] = [
    "application",
    "ending",
    "mode",
    "make",
    "user",
    "from",
    "to",
];
/// Stages of the funnel, in the order of `Reached`.
const STAGES: [Text; 4] = [
    t("Started"),
    t("Brand chosen"),
    t("Signed in"),
    t("Allowed"),
];
/// The longest bar of the funnel.
const WIDE: f64 = 400.0;
/// Heights of a bar and of the line it is on.
const BAR: usize = 20;
const LINE: usize = 28;

#[derive(Template)]
#[template(path = "dashboard/runs/list.html")]
struct ListPage {
    frame: Frame,
    applications: Vec<Choice>,
    endings: Vec<Choice>,
    modes: Vec<Choice>,
    makes: Vec<Choice>,
    user: String,
    from: String,
    to: String,
    rows: Vec<Row>,
    is_filtered: bool,
    caption: String,
    pager: Pager,
    funnel: Vec<Stage>,
}

struct Row {
    href: String,
    when: When,
    standing: Standing,
    stage: String,
    brand: String,
    mode: String,
    application: String,
    owner: String,
    took: String,
}

/// A bar of the funnel.
struct Stage {
    title: Text,
    runs: String,
    share: String,
    /// Of those that came to the stage before.
    kept: String,
    width: String,
    y: usize,
    text_y: usize,
}

/// Shows it.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    match page(&dashboard, &visitor, query.as_deref()).await {
        Ok(page) => visitor.give(Page::new(page)),
        Err(error) => no_storage(&error, t("The runs")).into_response(),
    }
}

async fn page(
    dashboard: &Dashboard,
    visitor: &Visitor,
    query: Option<&str>,
) -> Result<ListPage, StoreError> {
    let asked = Asked::read(PAGE, &FILTERS, query);
    let pairs = choice::pairs(query);
    let whose = Whose::read(dashboard, visitor, &pairs).await?;
    let filter = filter(&asked, &whose);
    let from = match (pairs.get("before"), pairs.get("after")) {
        (Some(place), _) => read_place(place).map_or(From::Newest, From::Older),
        (None, Some(place)) => read_place(place).map_or(From::Newest, From::Newer),
        (None, None) => From::Newest,
    };
    let now = dashboard.clock.now();
    let found = look(dashboard, filter, from, now).await?;
    let row = |listed: &Listed| row(dashboard, &whose, listed, now);
    let rows: Vec<Row> = found.listed.iter().map(row).collect();
    let brands = dashboard.brands.iter();
    let makes: Vec<(&str, &str)> = brands
        .map(|brand| (brand.id.as_str(), brand.name.as_str()))
        .collect();
    Ok(ListPage {
        frame: Frame::of(t("Connect runs"), frame::Here::Runs, visitor),
        applications: whose.choices(),
        endings: Choice::of(ENDINGS, asked.get("ending")),
        modes: Choice::of(
            Mode::ALL.map(|mode| (mode.as_str(), say(mode.as_str()))),
            asked.get("mode"),
        ),
        makes: Choice::of(makes, asked.get("make")),
        user: asked.get("user").to_owned(),
        from: asked.get("from").to_owned(),
        to: asked.get("to").to_owned(),
        is_filtered: asked.has_any(&FILTERS) || from != From::Newest,
        caption: match rows.len() {
            1 => t("1 run.").plain(),
            count => t("{count} runs, the newest first.")
                .with("count", count)
                .plain(),
        },
        rows,
        pager: found.pager(&asked),
        funnel: funnel(found.funnel),
    })
}

fn filter(asked: &Asked, whose: &Whose) -> Filter {
    Filter {
        applications: whose.shown(),
        mode: asked.get("mode").to_owned(),
        brand: asked.get("make").to_owned(),
        owner: asked.get("user").to_owned(),
        ending: asked.get("ending").to_owned(),
        since: read_local(asked.get("from")),
        until: read_local(asked.get("to")),
    }
}

/// Runs of a page, what lies on both sides, and the funnel.
struct Found {
    listed: Vec<Listed>,
    has_newer: bool,
    has_older: bool,
    funnel: [i64; 4],
}

async fn look(
    dashboard: &Dashboard,
    filter: Filter,
    from: From,
    now: Timestamp,
) -> Result<Found, StoreError> {
    let unit = async move |tx: &mut Tx<'_>| {
        let funnel = run_lists::funnel(tx, &filter).await?;
        let mut listed = run_lists::page(tx, &filter, from, LIMIT + 1, now).await?;
        let has_more = listed.len() > LIMIT;
        if let From::Newer(_) = from {
            if has_more {
                listed.remove(0);
                return Ok(Found {
                    listed,
                    has_newer: true,
                    has_older: true,
                    funnel,
                });
            }
            // The first page is a whole one.
            listed = run_lists::page(tx, &filter, From::Newest, LIMIT + 1, now).await?;
        }
        let has_older = listed.len() > LIMIT;
        listed.truncate(LIMIT);
        Ok::<_, StoreError>(Found {
            listed,
            has_newer: matches!(from, From::Older(_)),
            has_older,
            funnel,
        })
    };
    dashboard.store.scan(unit).await
}

impl Found {
    fn pager(&self, asked: &Asked) -> Pager {
        let at = |name, listed: &Listed| asked.with(&[(name, &write_place(listed.place))]);
        let first = self.listed.first().map(|listed| at("after", listed));
        let last = self.listed.last().map(|listed| at("before", listed));
        Pager {
            newer: first
                .or_else(|| Some(asked.with(&[])))
                .filter(|_| self.has_newer),
            older: last.filter(|_| self.has_older),
            onward: None,
        }
    }
}

fn row(dashboard: &Dashboard, whose: &Whose, listed: &Listed, now: Timestamp) -> Row {
    let stage = usize::try_from(listed.reached).unwrap_or_default();
    let ended = listed.ended.as_deref();
    let began = listed.place.created_at;
    let took = listed.completed_at.map(|end| span(end.since(began)));
    Row {
        href: format!("{PAGE}/{}", listed.place.run),
        when: When::of(began, now),
        standing: words::standing(ended, listed.completed_at, listed.expires_at, now),
        stage: STAGES.get(stage).map(Text::plain).unwrap_or_default(),
        brand: words::brand(dashboard, &listed.brand),
        mode: listed.mode.parse().map_or_else(
            |_| listed.mode.clone(),
            |mode: Mode| say(mode.as_str()).plain(),
        ),
        application: whose.name(listed.application),
        owner: listed.owner.clone(),
        took: took.unwrap_or_default(),
    }
}

fn funnel(counts: [i64; 4]) -> Vec<Stage> {
    let counts = counts.map(i64::unsigned_abs);
    if counts[0] == 0 {
        return Vec::new();
    }
    let share = |part: u64, whole: u64| {
        if whole == 0 {
            return "–".to_owned();
        }
        format!("{} %", (part * 100 + whole / 2) / whole)
    };
    let stage = |place: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a bar needs no more")]
        let width = counts[place] as f64 / counts[0] as f64 * WIDE;
        Stage {
            title: STAGES[place],
            runs: grouped(counts[place]),
            share: share(counts[place], counts[0]),
            kept: place.checked_sub(1).map_or_else(
                || "–".to_owned(),
                |before| share(counts[place], counts[before]),
            ),
            width: format!("{:.1}", width.max(1.0)),
            y: place * LINE,
            text_y: place * LINE + BAR - 6,
        }
    };
    (0..STAGES.len()).map(stage).collect()
}

/// A place as an address holds it.
fn write_place(place: Place) -> String {
    format!("{}~{}", place.created_at.millis(), place.run)
}

fn read_place(text: &str) -> Option<Place> {
    let (at, run) = text.split_once('~')?;
    Some(Place {
        created_at: Timestamp::from_millis(at.parse().ok()?),
        run: run.parse::<RunId>().ok()?,
    })
}

/// Runs are kept for a fortnight after they expired.
pub(super) const KEPT: Duration = Duration::from_hours(14 * 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_funnel_narrows() {
        let stages = funnel([8, 6, 3, 3]);
        let shares: Vec<&str> = stages.iter().map(|stage| stage.share.as_str()).collect();
        assert_eq!(shares, ["100 %", "75 %", "38 %", "38 %"]);
        assert_eq!(stages[3].kept, "100 %");
        assert_eq!(stages[1].width, "300.0");
        assert!(funnel([0; 4]).is_empty());
    }
}
