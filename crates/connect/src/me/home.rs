//! The list: every application that reaches a car of this owner, and what it last read.

use std::time::Duration;

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use carport_store::owners::{Identity, Shared, shared_by};
use carport_store::{Tx, redirect_uris};
use carport_web::Pairs;
use carport_web::words::choice::{self, Choice};
use carport_web::words::{Text, filters, t};

use super::frame::{MeFrame, show};
use super::problem::MeError;
use super::reads::{self, Wanted};
use super::visitor::Owner;
use super::words;
use crate::Services;
use crate::frame::{domain_of, plate};
use crate::spoken;

/// Cars on one page.
const PAGE: usize = 20;

#[derive(Template)]
#[template(path = "connect/me/home.html")]
struct HomePage {
    frame: MeFrame,
    done: Option<Text>,
    applications: Vec<AppView>,
    /// Numbers of the pages before and after, where there are any.
    before: Option<usize>,
    after: Option<usize>,
    cars: String,
    languages: Vec<Choice>,
}

/// An application as pages of the owner show it.
pub(crate) struct AppView {
    pub id: String,
    pub name: String,
    pub plate: String,
    pub domain: String,
    pub privacy_url: Option<String>,
    pub cars: Vec<CarView>,
}

/// A car that an application reaches.
pub(crate) struct CarView {
    pub address: String,
    pub name: String,
    pub tail: String,
    pub since: String,
    pub permissions: String,
    pub read: Option<reads::Read>,
    /// How exactly its position is told, where that is not exactly.
    pub location: Option<Text>,
}

/// Shows the list.
pub(crate) async fn get_home(owner: Owner, RawQuery(query): RawQuery) -> Result<Response, MeError> {
    let query = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let asked = query.get("page").and_then(|page| page.parse().ok());
    let all = shared(&owner).await?;
    let pages = all.len().div_ceil(PAGE).max(1);
    let number = asked.unwrap_or(1).clamp(1, pages);
    let count = all.len();
    let mut applications: Vec<AppView> = Vec::new();
    let shown: Vec<&Shared> = all.iter().skip((number - 1) * PAGE).take(PAGE).collect();
    let patience = reads::PATIENCE / u32::try_from(shown.len()).unwrap_or(1).max(1);
    for shared in shown {
        let view = car_view(&owner, shared, patience).await;
        match applications.last_mut() {
            Some(last) if last.id == shared.application.to_string() => last.cars.push(view),
            _ => {
                let mut app = app_view(owner.services(), shared).await?;
                app.cars.push(view);
                applications.push(app);
            }
        }
    }
    let page = HomePage {
        frame: MeFrame::of_owner(&owner, t("Who sees your cars")),
        done: done(query.get("done").unwrap_or_default()),
        applications,
        before: Some(number - 1).filter(|number| *number > 0),
        after: Some(number + 1).filter(|number| *number <= pages),
        cars: t("Page {number} of {pages}, {count} cars in all")
            .with("number", number)
            .with("pages", pages)
            .with("count", count)
            .plain(),
        languages: choice::choices(),
    };
    Ok(show(&owner.guest, StatusCode::OK, page))
}

/// What is said after an act, by its word in the address.
fn done(word: &str) -> Option<Text> {
    match word {
        "application" => Some(t(
            "Stopped. The application reaches no car of yours any more.",
        )),
        "car" => Some(t(
            "Stopped. The application does not reach this car any more.",
        )),
        _ => None,
    }
}

/// Everything that the owner shares.
pub(crate) async fn shared(owner: &Owner) -> Result<Vec<Shared>, MeError> {
    let identity: Identity = owner.identity.clone();
    let find = async move |tx: &mut Tx<'_>| shared_by(tx, &identity).await;
    Ok(owner.services().store.scan(find).await?)
}

/// The application of a connection, with none of its cars yet.
pub(crate) async fn app_view(services: &Services, shared: &Shared) -> Result<AppView, MeError> {
    let application = shared.application;
    let list = async move |tx: &mut Tx<'_>| redirect_uris::list(tx, application).await;
    let uris = services.store.read(list).await?;
    let privacy_url = shared.privacy_url.clone();
    let privacy_url = privacy_url.filter(|url| crate::redirect::is_web(url));
    let places = uris
        .iter()
        .map(String::as_str)
        .chain(privacy_url.as_deref());
    Ok(AppView {
        id: application.to_string(),
        name: shared.name.clone(),
        plate: plate(&shared.name),
        domain: domain_of(&services.public_url, places),
        privacy_url,
        cars: Vec::new(),
    })
}

async fn car_view(owner: &Owner, shared: &Shared, patience: Duration) -> CarView {
    let services = owner.services();
    let wanted = Wanted {
        limit: 1,
        before: None,
        patience,
    };
    let mut reads = reads::of(services, shared.vehicle, owner.now, wanted).await;
    CarView {
        address: address(shared),
        name: words::car(services, shared),
        tail: shared.car.vin.tail().to_owned(),
        since: spoken::date(shared.connected_at),
        permissions: words::permissions(&shared.permissions),
        read: reads.found.pop(),
        location: super::car::location::note(shared.precision),
    }
}

/// Where a connection's own page is.
pub(crate) fn address(shared: &Shared) -> String {
    format!("/me/cars/{}/{}", shared.user, shared.vehicle)
}
