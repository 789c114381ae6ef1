//! The list of connections with its filters.

use std::time::Duration;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use carport_model::{Mode, Permission, Timestamp, UserId, VehicleId};
use carport_store::connection_lists::Place;
use carport_store::vehicle_lists::{self, Filter, From, Listed, Search};
use carport_store::{StoreError, Tx};
use carport_web::Page;
use carport_web::words::{Text, filters, say, t};

use super::{PAGE, name};
use crate::Dashboard;
use crate::access::Visitor;
use crate::choice::{self, Asked, Choice, Pager};
use crate::frame::{self, Frame};
use crate::refused::no_storage;
use crate::when::When;
use crate::whose::Whose;

/// Connections of a page.
const LIMIT: usize = 50;
/// How long a page looks for connections before it shows what it has.
const PATIENCE: Duration = Duration::from_millis(50);
const FILTERS: [&str; 5] = ["application", "q", "mode", "make", "permission"];
/// What stands for a VIN that was not granted.
const MASKED: Text = t("not granted");

#[derive(Template)]
#[template(path = "dashboard/vehicles/list.html")]
struct ListPage {
    frame: Frame,
    applications: Vec<Choice>,
    modes: Vec<Choice>,
    makes: Vec<Choice>,
    permissions: Vec<Choice>,
    q: String,
    rows: Vec<Row>,
    is_filtered: bool,
    caption: String,
    pager: Pager,
    toast: bool,
    has_simulator: bool,
}

struct Row {
    href: String,
    name: String,
    vehicle: VehicleId,
    vin: String,
    mode: Text,
    application: String,
    user: UserId,
    external_id: String,
    permissions: usize,
    granted: String,
    when: When,
}

/// Shows it.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    match page(&dashboard, &visitor, query.as_deref()).await {
        Ok(page) => visitor.give(Page::new(page)),
        Err(error) => no_storage(&error, t("The vehicles")).into_response(),
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
    let filter = filter(dashboard, &asked, &whose);
    let from = match (pairs.get("before"), pairs.get("after")) {
        (Some(place), _) => read_place(place).map_or(From::Newest, From::Older),
        (None, Some(place)) => read_place(place).map_or(From::Newest, From::Newer),
        (None, None) => From::Newest,
    };
    let (page, has_newer, has_older) = look(dashboard, filter, from).await?;
    let now = dashboard.clock.now();
    let pager = pager(&asked, &page, has_newer, has_older);
    let row = |listed: &Listed| row(dashboard, &whose, listed, now);
    let rows: Vec<Row> = page.listed.iter().map(row).collect();
    let makes: Vec<(&str, &str)> = dashboard
        .brands
        .iter()
        .map(|brand| (brand.id.as_str(), brand.name.as_str()))
        .collect();
    let permissions = Permission::ALL
        .iter()
        .map(|it| (it.name(), say(it.spec().title)));
    Ok(ListPage {
        frame: Frame::of(t("Vehicles"), frame::Here::Vehicles, visitor),
        applications: whose.choices(),
        modes: Choice::of(
            Mode::ALL.map(|mode| (mode.as_str(), say(mode.as_str()))),
            asked.get("mode"),
        ),
        makes: Choice::of(makes, asked.get("make")),
        permissions: Choice::of(permissions, asked.get("permission")),
        q: asked.get("q").to_owned(),
        is_filtered: asked.has_any(&FILTERS) || from != From::Newest,
        caption: match rows.len() {
            1 => t("1 connection. Times are UTC.").plain(),
            count => t("{count} connections, the newest first. Times are UTC.")
                .with("count", count)
                .plain(),
        },
        rows,
        pager,
        toast: pairs.get("done") == Some("disconnected"),
        has_simulator: dashboard.time.is_some(),
    })
}

fn filter(dashboard: &Dashboard, asked: &Asked, whose: &Whose) -> Filter {
    let make = asked.get("make");
    let brand = dashboard.brands.find(make);
    // Nobody has a car of a make that is not known.
    let is_unknown = brand.is_none() && !make.is_empty();
    Filter {
        applications: if is_unknown {
            Some(Vec::new())
        } else {
            whose.shown()
        },
        mode: asked.get("mode").parse().ok(),
        make: brand.map(|brand| brand.id.clone()),
        permission: asked.get("permission").parse().ok(),
        search: Search::read(asked.get("q")),
    }
}

/// A page, and whether there is more on either side.
async fn look(
    dashboard: &Dashboard,
    filter: Filter,
    from: From,
) -> Result<(vehicle_lists::Page, bool, bool), StoreError> {
    let scan = async |from: From| {
        let filter = filter.clone();
        let unit = async move |tx: &mut Tx<'_>| {
            vehicle_lists::page(tx, &filter, from, LIMIT + 1, Some(PATIENCE)).await
        };
        dashboard.store.scan(unit).await
    };
    let mut page: vehicle_lists::Page = scan(from).await?;
    let has_more = page.listed.len() > LIMIT;
    if let From::Newer(_) = from {
        if has_more {
            page.listed.remove(0);
            return Ok((page, true, true));
        }
        // The first page is a whole one.
        page = scan(From::Newest).await?;
        let has_older = page.listed.len() > LIMIT;
        page.listed.truncate(LIMIT);
        return Ok((page, false, has_older));
    }
    page.listed.truncate(LIMIT);
    Ok((page, from != From::Newest, has_more))
}

fn pager(asked: &Asked, page: &vehicle_lists::Page, has_newer: bool, has_older: bool) -> Pager {
    let at = |name, place: Place| asked.with(&[(name, &write_place(place))]);
    let first = page.listed.first().map(|listed| at("after", listed.place));
    let last = page.listed.last().map(|listed| at("before", listed.place));
    Pager {
        newer: first
            .or_else(|| Some(asked.with(&[])))
            .filter(|_| has_newer),
        older: last.filter(|_| has_older),
        onward: (page.looked_to)
            .filter(|_| !has_older)
            .map(|place| at("before", place)),
    }
}

fn row(dashboard: &Dashboard, whose: &Whose, listed: &Listed, now: Timestamp) -> Row {
    let granted: Vec<&str> = (listed.permissions.as_slice().iter())
        .map(|permission| permission.name())
        .collect();
    Row {
        href: format!("{PAGE}/{}", listed.place.vehicle),
        name: name(dashboard, &listed.car),
        vehicle: listed.place.vehicle,
        vin: vin(listed),
        mode: say(listed.mode.as_str()),
        application: whose.name(listed.application),
        user: listed.place.user,
        external_id: listed.external_id.clone().unwrap_or_default(),
        permissions: granted.len(),
        granted: granted.join(" "),
        when: When::of(listed.place.connected_at, now),
    }
}

/// The VIN where it was granted.
pub(super) fn vin(listed: &Listed) -> String {
    if listed.permissions.contains(Permission::ReadVin) {
        listed.car.vin.as_str().to_owned()
    } else {
        MASKED.plain()
    }
}

/// A place as an address holds it.
fn write_place(place: Place) -> String {
    format!(
        "{}~{}~{}",
        place.connected_at.millis(),
        place.user,
        place.vehicle
    )
}

fn read_place(text: &str) -> Option<Place> {
    let mut parts = text.split('~');
    let place = Place {
        connected_at: Timestamp::from_millis(parts.next()?.parse().ok()?),
        user: parts.next()?.parse().ok()?,
        vehicle: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(place)
}
