//! One car: who granted what, what it says, what was asked of it.

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use carport_model::{Permission, RequestId, UserId, Vehicle, VehicleId};
use carport_store::request_log::{Entry, Filter, Method, Recorded};
use carport_store::vehicle_lists::{self, Listed};
use carport_store::{StoreError, Tx, vehicles};
use carport_web::Page;
use carport_web::words::{Text, filters, say, t};

use super::values::{self, Read, Section};
use super::{PAGE, list, name};
use crate::Dashboard;
use crate::access::Visitor;
use crate::frame::{self, Frame};
use crate::logs;
use crate::refused::{no_storage, nothing_here};
use crate::when::{When, took};
use crate::whose::Whose;

/// Requests that are shown.
const REQUESTS: u32 = 10;
/// How long is looked for them.
const PATIENCE: Duration = Duration::from_millis(40);
/// How the log calls a look at the values here, for the car's owner to see.
const ROUTE: &str = "/dashboard/vehicles/{id}";

#[derive(Template)]
#[template(path = "dashboard/vehicles/car.html")]
struct CarPage {
    frame: Frame,
    name: String,
    vehicle: VehicleId,
    vin: String,
    mode: Text,
    application: String,
    connections: Vec<Connection>,
    /// Of the connection through which it is read.
    granted: Vec<Granted>,
    trouble: Option<(String, String)>,
    sections: Vec<Section>,
    requests: Vec<Request>,
    /// Since when these are all, when looking any further would have taken too long.
    since: Option<When>,
    all_requests: String,
    disconnect: Option<String>,
    may_disconnect: bool,
}

struct Connection {
    user: UserId,
    external_id: String,
    when: When,
}

struct Granted {
    name: &'static str,
    title: Text,
    is_capable: bool,
}

struct Request {
    href: String,
    when: When,
    method: &'static str,
    path: String,
    answer: logs::Answer,
    took: String,
}

/// Shows it.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    let found = match find(&dashboard, &visitor, &id).await {
        Ok(found) => found,
        Err(error) => return no_storage(&error, t("The vehicle")).into_response(),
    };
    let Some((vehicle, connections)) = found else {
        return nothing_here(t("There is no such vehicle")).into_response();
    };
    match page(&dashboard, &visitor, &vehicle, &connections).await {
        Ok(page) => visitor.give(Page::new(page)),
        Err(error) => no_storage(&error, t("The vehicle")).into_response(),
    }
}

/// The vehicle of an address and its connections, if this visitor may see it.
pub(super) async fn find(
    dashboard: &Dashboard,
    visitor: &Visitor,
    id: &str,
) -> Result<Option<(Vehicle, Vec<Listed>)>, StoreError> {
    let Ok(id) = id.parse::<VehicleId>() else {
        return Ok(None);
    };
    let unit = async move |tx: &mut Tx<'_>| {
        let vehicle = vehicles::by_id(tx, id).await?;
        let connections = vehicle_lists::of_vehicle(tx, id).await?;
        Ok::<_, StoreError>((vehicle, connections))
    };
    let (vehicle, connections) = dashboard.store.scan(unit).await?;
    let vehicle = vehicle.filter(|vehicle| visitor.sees(vehicle.application));
    Ok(vehicle.map(|vehicle| (vehicle, connections)))
}

async fn page(
    dashboard: &Dashboard,
    visitor: &Visitor,
    vehicle: &Vehicle,
    connections: &[Listed],
) -> Result<CarPage, StoreError> {
    let now = dashboard.clock.now();
    let whose = Whose::read(dashboard, visitor, &carport_web::Pairs::default()).await?;
    let through = connections.first();
    let connected = match through {
        Some(listed) => {
            dashboard
                .store
                .connected(listed.place.user, vehicle.id)
                .await?
        }
        None => None,
    };
    let (mut sections, mut trouble) = (Vec::new(), None);
    if let Some(connected) = &connected {
        let read = values::read(dashboard, connected).await;
        note(dashboard, vehicle);
        sections = values::sections(connected, &read, dashboard.clock.now());
        trouble = troubled(&read);
    }
    let (requests, since) = requests(dashboard, vehicle).await?;
    let id = vehicle.id;
    Ok(CarPage {
        frame: Frame::of(
            name(dashboard, &vehicle.car),
            frame::Here::Vehicles,
            visitor,
        ),
        name: name(dashboard, &vehicle.car),
        vehicle: id,
        vin: through.map_or_else(|| t("not granted").plain(), list::vin),
        mode: say(vehicle.mode.as_str()),
        application: whose.name(vehicle.application),
        connections: connections
            .iter()
            .map(|listed| Connection {
                user: listed.place.user,
                external_id: listed.external_id.clone().unwrap_or_default(),
                when: When::of(listed.place.connected_at, now),
            })
            .collect(),
        granted: through.map(granted).unwrap_or_default(),
        trouble,
        sections,
        requests,
        since,
        all_requests: format!("{}?vehicle={id}", logs::PAGE),
        disconnect: through.map(|_| format!("{PAGE}/{id}/disconnect")),
        may_disconnect: visitor
            .member
            .role
            .may(carport_model::Action::ModifyApplication),
    })
}

fn granted(listed: &Listed) -> Vec<Granted> {
    let granted = listed.permissions.as_slice().iter();
    granted
        .map(|permission: &Permission| Granted {
            name: permission.name(),
            title: say(permission.spec().title),
            is_capable: listed.car.capabilities.contains(*permission),
        })
        .collect()
}

fn troubled(read: &Read) -> Option<(String, String)> {
    match read {
        Read::Values(_) => None,
        Read::Failed(fault) => Some((
            say(fault.error.description).plain(),
            format!("{} ({})", say(fault.error.remedy), fault.error),
        )),
        Read::TooLate => Some((
            t("The car did not answer within five seconds.").plain(),
            t("Load this page again. If it stays, look at the maker's status page.").plain(),
        )),
    }
}

/// Leaves a line in the request log: the owner may see that somebody looked.
fn note(dashboard: &Dashboard, vehicle: &Vehicle) {
    let Some(log) = &dashboard.request_log else {
        return;
    };
    log.push(Entry {
        at: dashboard.clock.now(),
        took_micros: 0,
        gate_micros: None,
        read_micros: None,
        method: Method::Get,
        route: log.route(ROUTE),
        status: 200,
        request: RequestId::draw(&dashboard.rng),
        application: Some(vehicle.application),
        vehicle: Some(vehicle.id),
        error: None,
    });
}

/// The newest requests about the vehicle, and how far was looked when that was not to the end.
async fn requests(
    dashboard: &Dashboard,
    vehicle: &Vehicle,
) -> Result<(Vec<Request>, Option<When>), StoreError> {
    let Some(log) = &dashboard.request_log else {
        return Ok((Vec::new(), None));
    };
    // The vehicle's id is its application's: the filter that has an index would only slow this.
    let filter = Filter {
        vehicle: Some(vehicle.id),
        ..Filter::default()
    };
    let listed = log.page(filter, REQUESTS, Some(PATIENCE)).await?;
    let now = dashboard.clock.now();
    let request = |entry: &Recorded| Request {
        href: format!("{}?request={}#detail", logs::PAGE, entry.position.number()),
        when: When::of(entry.at, now),
        method: entry.method.as_str(),
        path: logs::of_route(&entry.route),
        answer: logs::Answer::of(entry),
        took: took(entry.took_micros),
    };
    let since = listed.looked_to.map(|place| When::of(place.time(), now));
    Ok((listed.entries.iter().map(request).collect(), since))
}
