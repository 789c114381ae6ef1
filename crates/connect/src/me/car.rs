//! One car that one application reaches: since when, with which permissions, what was read.

pub(crate) mod end;
pub(crate) mod location;
pub(crate) mod permission;

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::permission::Group;
use carport_model::{Permission, Precision, UserId, VehicleId};
use carport_store::owners::Shared;
use carport_store::request_log::Position;
use carport_web::Pairs;
use carport_web::words::{Text, filters, say, t};

use super::frame::{MeFrame, show};
use super::home::{self, AppView};
use super::problem::MeError;
use super::reads::{self, Reads, Wanted};
use super::visitor::Owner;
use super::words;
use crate::spoken;

/// Reads that are shown.
const READS: u32 = 20;

/// The ids in an address, as they were typed.
pub(crate) type Ids = (String, String);

#[derive(Template)]
#[template(path = "connect/me/car.html")]
struct CarPage {
    frame: MeFrame,
    done: Option<Text>,
    app: AppView,
    car: String,
    tail: String,
    since: String,
    address: String,
    groups: Vec<(Text, Vec<Item>)>,
    /// None where the application does not see where the car is.
    location: Vec<Choice>,
    has_log: bool,
    reads: Reads,
    /// Before when they are, where that was asked for.
    until: Option<String>,
}

struct Item {
    name: &'static str,
    icon: &'static str,
    title: Text,
    hint: String,
}

/// One way to tell where a car is.
struct Choice {
    value: &'static str,
    title: Text,
    hint: Text,
    checked: bool,
}

/// The owner's connection at an address.
pub(crate) async fn find(
    owner: &Owner,
    (user, vehicle): &(String, String),
) -> Result<Shared, MeError> {
    let user: UserId = user.parse().map_err(|_| MeError::NotHere)?;
    let vehicle: VehicleId = vehicle.parse().map_err(|_| MeError::NotHere)?;
    let all = home::shared(owner).await?;
    let mut found = all.into_iter();
    found
        .find(|shared| (shared.user, shared.vehicle) == (user, vehicle))
        .ok_or(MeError::NotHere)
}

/// Shows the connection.
pub(crate) async fn get_car(
    owner: Owner,
    Path(ids): Path<Ids>,
    RawQuery(query): RawQuery,
) -> Result<Response, MeError> {
    let query = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let shared = find(&owner, &ids).await?;
    let services = owner.services();
    let app = home::app_view(services, &shared).await?;
    let before = query.get("reads").and_then(|place| place.parse().ok());
    let before = before.map(Position::from_number);
    let wanted = Wanted {
        limit: READS,
        before,
        patience: reads::PATIENCE,
    };
    let car = words::car(services, &shared);
    let title = t("{app} and your {car}")
        .with("app", &app.name)
        .with("car", &car)
        .plain();
    let page = CarPage {
        frame: MeFrame::of_owner(&owner, title),
        done: done(query.get("done").unwrap_or_default()),
        groups: groups(&shared),
        location: choices(&shared),
        has_log: services.owners.log.is_some(),
        reads: reads::of(services, shared.vehicle, owner.now, wanted).await,
        until: before.map(|place| spoken::instant(place.time())),
        address: home::address(&shared),
        tail: shared.car.vin.tail().to_owned(),
        since: spoken::date(shared.connected_at),
        app,
        car,
    };
    Ok(show(&owner.guest, StatusCode::OK, page))
}

fn done(word: &str) -> Option<Text> {
    match word {
        "permission" => Some(t("Taken back. It holds from now on.")),
        "location" => Some(t("Changed. It holds from now on.")),
        _ => None,
    }
}

/// What is granted, in the groups of the permission page.
fn groups(shared: &Shared) -> Vec<(Text, Vec<Item>)> {
    let mut groups: Vec<(Group, Vec<Item>)> = Vec::new();
    let granted = |permission: &&Permission| shared.permissions.contains(**permission);
    for permission in Permission::ALL.iter().filter(granted) {
        let spec = permission.spec();
        let item = Item {
            name: spec.name,
            icon: spec.icon,
            title: say(spec.title),
            hint: say(spec.hint).with("app", &shared.name).plain(),
        };
        match groups.iter_mut().find(|(group, _)| *group == spec.group) {
            Some((_, items)) => items.push(item),
            None => groups.push((spec.group, vec![item])),
        }
    }
    groups.sort_by_key(|(group, _)| *group);
    let titled = groups.into_iter();
    titled
        .map(|(group, items)| (say(group.title()), items))
        .collect()
}

/// Permissions that show a place.
const PLACES: [Permission; 3] = [
    Permission::ReadLocation,
    Permission::ReadChargeLocations,
    Permission::ReadChargeRecords,
];

fn choices(shared: &Shared) -> Vec<Choice> {
    let sees_places = |place: &Permission| shared.permissions.contains(*place);
    if !PLACES.iter().any(sees_places) {
        return Vec::new();
    }
    let choice = |precision: Precision| {
        let (title, hint) = location::words(precision);
        Choice {
            value: precision.as_str(),
            title,
            hint,
            checked: shared.precision == precision,
        }
    };
    Precision::ALL.map(choice).into()
}
