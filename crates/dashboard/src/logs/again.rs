//! *Send again*: a read, with a fresh token of the owner whose car it is about. The token is made for
//! this one request and ends with it.

use std::time::{Duration, Instant};

use askama::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, header};
use axum::response::{IntoResponse, Response};
use carport_model::{ApplicationId, Mode, Timestamp, UserId, VehicleId};
use carport_store::audit_log::{self, Entry};
use carport_store::request_log::{Position, Recorded};
use carport_store::token_pairs::{self, NewPair};
use carport_store::{StoreError, Tx, grant_families, vehicle_lists};
use carport_web::Page;
use carport_web::words::{filters, t};
use tower::ServiceExt as _;

use super::detail::{self, stays};
use super::{PAGE, words};
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::frame::{self, Frame};
use crate::refused::{no_storage, nothing_here};
use crate::when::took;

/// The longest the token can live.
const LIVES: Duration = Duration::from_mins(1);
/// The largest answer that is shown.
const LARGEST: usize = 256 * 1024;

#[derive(Template)]
#[template(path = "dashboard/logs/again.html")]
struct AgainPage {
    frame: Frame,
    back: String,
    call: String,
    status: u16,
    badge: &'static str,
    took: String,
    request: String,
    entry: String,
    body: String,
}

/// Sends it.
pub(crate) async fn send(State(dashboard): State<Dashboard>, Editing(posted): Editing) -> Response {
    let at = posted.fields.get("request").and_then(|at| at.parse().ok());
    let at = at.map(Position::from_number);
    match sent(&dashboard, &posted.visitor, at).await {
        Ok(Some(page)) => posted.visitor.give(Page::new(page).live()),
        Ok(None) => {
            nothing_here(t("There is no such request that can be sent again")).into_response()
        }
        Err(error) => no_storage(&error, t("The answer")).into_response(),
    }
}

async fn sent(
    dashboard: &Dashboard,
    visitor: &Visitor,
    at: Option<Position>,
) -> Result<Option<AgainPage>, StoreError> {
    let entry = detail::entry(dashboard, visitor, at).await?;
    let entry = entry.filter(|entry| stays(entry).is_none());
    let Some((entry, application, vehicle)) = entry.and_then(whose) else {
        return Ok(None);
    };
    let Some((user, mode)) = owner(dashboard, application, vehicle).await? else {
        return Ok(None);
    };
    let path = words::path(&entry.route, Some(vehicle));
    let passage = Passage {
        application,
        user,
        mode,
        actor: visitor.member.actor.clone(),
    };
    let (token, family) = passage.open(dashboard, vehicle).await?;
    let request = Request::get(&path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty());
    let Ok(request) = request else {
        return Ok(None);
    };
    let started = Instant::now();
    let response = Router::clone(&dashboard.api).oneshot(request).await;
    let response = response.unwrap_or_else(|never| match never {});
    let took_micros = u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX);
    let now = dashboard.clock.now();
    let close = async move |tx: &mut Tx<'_>| {
        grant_families::revoke(tx, family, "sent again from the Dashboard", now).await
    };
    dashboard
        .store
        .write(close)
        .await
        .map_err(|error: StoreError| error)?;
    Ok(Some(page(visitor, path, response, took_micros).await))
}

fn whose(entry: Recorded) -> Option<(Recorded, ApplicationId, VehicleId)> {
    let (application, vehicle) = (entry.application?, entry.vehicle?);
    Some((entry, application, vehicle))
}

/// An owner who granted the vehicle to the application, the newest first.
async fn owner(
    dashboard: &Dashboard,
    application: ApplicationId,
    vehicle: VehicleId,
) -> Result<Option<(UserId, Mode)>, StoreError> {
    let connections = dashboard
        .store
        .scan(async move |tx: &mut Tx<'_>| vehicle_lists::of_vehicle(tx, vehicle).await)
        .await?;
    let mut own = connections
        .into_iter()
        .filter(|it| it.application == application);
    Ok(own.next().map(|it| (it.place.user, it.mode)))
}

/// For whom a token is made.
struct Passage {
    application: ApplicationId,
    user: UserId,
    mode: Mode,
    actor: String,
}

impl Passage {
    /// Makes a token in a family of its own, and says so in the audit log.
    async fn open(
        self,
        dashboard: &Dashboard,
        vehicle: VehicleId,
    ) -> Result<(String, carport_model::FamilyId), StoreError> {
        let (mint, rng) = (&dashboard.mint, &dashboard.rng);
        let (access, refresh) = (mint.draw(rng), mint.draw(rng));
        let family = mint.draw_family(rng);
        let now: Timestamp = dashboard.clock.now();
        let pair = NewPair {
            access: mint.digest(access.expose()),
            refresh: mint.digest(refresh.expose()),
            family,
            issued_at: now,
            access_expires_at: now.plus(LIVES),
            refresh_expires_at: now.plus(LIVES),
        };
        let noted = Entry {
            at: now,
            application: self.application,
            actor: self.actor,
            action: "request.sent_again".to_owned(),
            detail: format!("user {}, vehicle {vehicle}", self.user),
        };
        let (application, owner) = (self.application, (self.user, self.mode));
        let unit = async move |tx: &mut Tx<'_>| {
            grant_families::insert(tx, family, application, owner, now).await?;
            token_pairs::insert(tx, &pair).await?;
            audit_log::append(tx, &noted).await
        };
        dashboard
            .store
            .write(unit)
            .await
            .map_err(|error: StoreError| error)?;
        Ok((access.expose().clone(), family))
    }
}

async fn page(visitor: &Visitor, path: String, response: Response, took_micros: u32) -> AgainPage {
    let status = response.status().as_u16();
    let id = response.headers().get("sc-request-id");
    let id = id
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let body = to_bytes(response.into_body(), LARGEST)
        .await
        .unwrap_or_default();
    AgainPage {
        frame: Frame::of(t("Sent again"), frame::Here::Logs, visitor).scripted(),
        back: PAGE.to_owned(),
        call: format!("GET {path}"),
        status,
        badge: match status {
            0..400 => "",
            400..500 => "badge-warn",
            _ => "badge-bad",
        },
        took: took(took_micros),
        entry: format!("{PAGE}?q={id}"),
        request: id,
        body: readable(&body),
    }
}

/// JSON in lines, anything else as it is.
fn readable(body: &[u8]) -> String {
    let json = serde_json::from_slice::<serde_json::Value>(body);
    let lines = json
        .ok()
        .and_then(|json| serde_json::to_string_pretty(&json).ok());
    lines.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned())
}
