//! Everything that is kept of an owner, as one file.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use carport_model::{Account, ApplicationId, Held, Mode, Timestamp, signal};
use carport_store::audit_log::Entry;
use carport_store::owners::{
    ACTOR, Acting, Identity, Shared, accounts_of, acts, audited, known_as, shared_by,
};
use carport_store::request_log::Recorded;
use carport_store::{StoreError, Tx, applications, held_values};
use serde_json::{Value, json};

use super::problem::MeError;
use super::reads;
use super::visitor::Decided;
use crate::Services;

/// Requests of one car, the newest.
const REQUESTS: u32 = 10_000;

/// What the store has, as one look found it.
struct Kept {
    accounts: Vec<Account>,
    shared: Vec<Shared>,
    held: Vec<Value>,
    entries: Vec<Entry>,
    names: BTreeMap<ApplicationId, String>,
}

/// Gives the file.
pub(crate) async fn export(Decided { owner, .. }: Decided) -> Result<Response, MeError> {
    let file = exported(owner.services(), (&owner.identity, ACTOR), owner.now).await?;
    let text = serde_json::to_string_pretty(&file).unwrap_or_default();
    let mut response = text.into_response();
    let headers = response.headers_mut();
    carport_web::page::secure(headers);
    let set = [
        (CONTENT_TYPE, "application/json; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"my-cars.json\""),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Everything that is kept of an owner, as JSON; that it was taken is noted.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn exported(
    services: &Services,
    (identity, actor): Acting<'_>,
    now: Timestamp,
) -> Result<Value, StoreError> {
    let (of, by) = (identity.clone(), actor.to_owned());
    let note = async move |tx: &mut Tx<'_>| acts::note_export(tx, (&of, &by), now).await;
    services.store.write(note).await?;
    let kept = look(services, identity.clone()).await?;
    let mut requests = Vec::new();
    if let Some(log) = &services.owners.log {
        for shared in &kept.shared {
            requests.extend(reads::all(log, shared.vehicle, REQUESTS).await);
        }
    }
    Ok(json!({
        "exportedAt": now.to_string(),
        "carport": services.public_url.to_string(),
        "login": identity.login(),
        "accounts": kept.accounts.iter().map(account).collect::<Vec<_>>(),
        "connections": kept.shared.iter().zip(&kept.held).map(connection).collect::<Vec<_>>(),
        "auditLog": kept.entries.iter().map(|entry| audit(entry, &kept.names)).collect::<Vec<_>>(),
        "requests": requests.iter().map(|entry| request(entry, &kept.names)).collect::<Vec<_>>(),
    }))
}

async fn look(services: &Services, identity: Identity) -> Result<Kept, StoreError> {
    let unit = async move |tx: &mut Tx<'_>| {
        let shared = shared_by(tx, &identity).await?;
        let mut held = Vec::with_capacity(shared.len());
        for it in &shared {
            let values = held_values::of(tx, it.vehicle).await?;
            held.push(set_on(&values));
        }
        let mut names = BTreeMap::new();
        for (_, application) in known_as(tx, &identity).await? {
            if let Some(found) = applications::find(tx, application).await? {
                names.insert(application, found.name);
            }
        }
        Ok::<_, StoreError>(Kept {
            accounts: accounts_of(tx, &identity).await?,
            entries: audited(tx, &identity).await?,
            shared,
            held,
            names,
        })
    };
    services.store.scan(unit).await
}

/// What commands and choices have set on a car.
fn set_on(held: &Held) -> Value {
    let set = signal::all().filter_map(|signal| held.get(signal));
    let told = set.map(|held| {
        json!({
            "signal": held.signal.spec().code,
            "value": held.value,
            "at": held.at.to_string(),
        })
    });
    told.collect()
}

fn account(account: &Account) -> Value {
    json!({
        "mode": account.mode.as_str(),
        "brand": account.brand.as_str(),
        "login": account.login,
    })
}

fn connection((shared, held): (&Shared, &Value)) -> Value {
    let mode: Mode = shared.mode;
    json!({
        "application": { "id": shared.application.to_string(), "name": shared.name },
        "userId": shared.user.to_string(),
        "externalId": shared.external_id,
        "mode": mode.as_str(),
        "vehicle": {
            "id": shared.vehicle.to_string(),
            "vin": shared.car.vin.as_str(),
            "make": shared.car.make.as_str(),
            "model": shared.car.model,
            "year": shared.car.year,
            "set": held,
        },
        "permissions": shared.permissions.as_slice(),
        "location": shared.precision.as_str(),
        "connectedAt": shared.connected_at.to_string(),
    })
}

fn audit(entry: &Entry, names: &BTreeMap<ApplicationId, String>) -> Value {
    json!({
        "at": entry.at.to_string(),
        "application": names.get(&entry.application),
        "actor": entry.actor,
        "action": entry.action,
        "detail": entry.detail,
    })
}

fn request(entry: &Recorded, names: &BTreeMap<ApplicationId, String>) -> Value {
    let name = entry
        .application
        .and_then(|application| names.get(&application));
    json!({
        "at": entry.at.to_string(),
        "application": name,
        "vehicleId": entry.vehicle.map(|vehicle| vehicle.to_string()),
        "method": entry.method.as_str(),
        "path": entry.route,
        "status": entry.status,
        "requestId": entry.request.to_string(),
    })
}
