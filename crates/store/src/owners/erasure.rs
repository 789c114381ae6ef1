//! The end of everything that is kept of an owner.

use std::collections::BTreeSet;

use carport_model::{AccountId, ApplicationId, Mode, Timestamp, UserId, VehicleId};

use super::acts::{self, Meant};
use super::{Acting, Identity, accounts_of, columns, shared_by};
use crate::audit_log::{self, Entry};
use crate::engine::{Row, Tx, Value};
use crate::{StoreError, grant_families};

/// What went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erased {
    /// Accounts.
    pub accounts: usize,
    /// Connections that were there until now.
    pub connections: usize,
    /// Vehicles that nobody else is connected to. The request log is not of this database: it has
    /// to be told.
    pub vehicles: Vec<VehicleId>,
}

/// Entries of the audit log about an owner, as users of whichever application, the oldest first.
/// For [`scan`]: looks through the log.
///
/// [`scan`]: crate::Store::scan
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn audited(tx: &mut Tx<'_>, identity: &Identity) -> Result<Vec<Entry>, StoreError> {
    const SQL: &str = "SELECT at, actor, action, detail FROM audit_log \
                       WHERE application_id = $1 AND detail LIKE $2 ORDER BY at";
    let mut entries = Vec::new();
    for (user, application) in known_as(tx, identity).await? {
        // An id has nothing in it that LIKE reads as anything else.
        let about = format!("%user {user}%");
        let rows = tx
            .rows(SQL, &[Value::id(application), about.into()])
            .await?;
        for row in &rows {
            entries.push(Entry {
                at: row.time(0)?,
                application,
                actor: row.text(1)?.to_owned(),
                action: row.text(2)?.to_owned(),
                detail: row.text(3)?.to_owned(),
            });
        }
    }
    entries.sort_by_key(|entry| entry.at);
    Ok(entries)
}

/// The owner as each application knows them, also where nothing is connected any more.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn known_as(
    tx: &mut Tx<'_>,
    identity: &Identity,
) -> Result<Vec<(UserId, ApplicationId)>, StoreError> {
    const SQL: &str = "SELECT id, application_id FROM users WHERE account_id = $1";
    let mut users = Vec::new();
    for account in accounts_of(tx, identity).await? {
        for row in &tx.rows(SQL, &[Value::id(account.id)]).await? {
            users.push((row.id(0)?, row.id(1)?));
        }
    }
    for shared in shared_by(tx, identity).await? {
        users.push((shared.user, shared.application));
    }
    users.sort_unstable();
    users.dedup();
    Ok(users)
}

/// Ends everything that goes through an owner's accounts and deletes what is kept of them: the
/// accounts, the users they are to applications, and vehicles that are nobody else's. `entries` is
/// what [`audited`] found: it names vehicles that were disconnected before. Of the audit log nothing
/// goes: it holds ids that lead nowhere any more.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn erase(
    tx: &mut Tx<'_>,
    (identity, actor): Acting<'_>,
    entries: &[Entry],
    now: Timestamp,
) -> Result<Erased, StoreError> {
    let shared = shared_by(tx, identity).await?;
    let mut vehicles: BTreeSet<VehicleId> = entries.iter().filter_map(vehicle_of).collect();
    vehicles.extend(shared.iter().map(|shared| shared.vehicle));
    let mut erased = Erased::default();
    for shared in &shared {
        let meant = Meant::One(shared.user, shared.vehicle);
        erased.connections += acts::revoke(tx, (identity, actor), meant, now).await?;
    }
    for account in accounts_of(tx, identity).await? {
        delete_account(tx, actor, account.id, now).await?;
        erased.accounts += 1;
    }
    for vehicle in vehicles {
        if delete_vehicle(tx, vehicle, now).await? {
            erased.vehicles.push(vehicle);
        }
    }
    delete_traces(tx, identity).await?;
    Ok(erased)
}

/// The vehicle that an entry names.
fn vehicle_of(entry: &Entry) -> Option<VehicleId> {
    let (_, rest) = entry.detail.split_once("vehicle ")?;
    rest.get(..36)?.parse().ok()
}

/// With a user go their codes and families.
async fn delete_account(
    tx: &mut Tx<'_>,
    actor: &str,
    account: AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    const USERS: &str = "SELECT id, application_id FROM users WHERE account_id = $1";
    const DELETE_USER: &str = "DELETE FROM users WHERE id = $1";
    const DELETE: &str = "DELETE FROM accounts WHERE id = $1";
    for row in &tx.rows(USERS, &[Value::id(account)]).await? {
        let user: UserId = row.id(0)?;
        // So that the caches forget what a deleted row cannot tell them.
        grant_families::revoke_all(tx, user, "erased by owner", now).await?;
        tx.exec(DELETE_USER, &[Value::id(user)]).await?;
        let entry = Entry {
            at: now,
            application: row.id(1)?,
            actor: actor.to_owned(),
            action: "owner.erased".to_owned(),
            detail: format!("user {user}"),
        };
        audit_log::append(tx, &entry).await?;
    }
    tx.exec(DELETE, &[Value::id(account)]).await.map(drop)
}

/// Deletes a vehicle that nobody is connected to, unless it is a car that was made in the simulator,
/// which is its developer's.
async fn delete_vehicle(
    tx: &mut Tx<'_>,
    vehicle: VehicleId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM vehicles WHERE id = $1 AND NOT EXISTS \
                       (SELECT 1 FROM connections WHERE connections.vehicle_id = vehicles.id) \
                       AND NOT EXISTS \
                       (SELECT 1 FROM simulations WHERE simulations.vehicle_id = vehicles.id)";
    const CALLS: &str = "DELETE FROM vehicle_calls WHERE month = $1 AND vehicle_id = $2";
    if tx.exec(SQL, &[Value::id(vehicle)]).await? == 0 {
        return Ok(false);
    }
    for month in [now.month(), now.month().before()] {
        let params = [month.number().into(), Value::id(vehicle)];
        tx.exec(CALLS, &params).await?;
    }
    Ok(true)
}

/// Runs that were left half-way still say who signed in; visits to this page do too.
async fn delete_traces(tx: &mut Tx<'_>, identity: &Identity) -> Result<(), StoreError> {
    const RUNS: &str = "SELECT id, progress, request FROM connect_runs \
                        WHERE completed_at IS NULL AND progress LIKE $1 ESCAPE '~'";
    const DELETE_RUN: &str = "DELETE FROM connect_runs WHERE id = $1";
    const VISITS: &str = "DELETE FROM owner_visits WHERE login = $1 AND \
                          (CAST($2 AS TEXT) IS NULL OR (mode = $2 AND brand = $3))";
    let escaped = serde_json::to_string(identity.login()).unwrap_or_default();
    // It may match too much: what a run holds is looked at.
    let named = format!("%\"login\":{}%", escaped.replace('~', "~~"));
    for row in &tx.rows(RUNS, &[Value::from(named)]).await? {
        if is_of(row, identity)? {
            tx.exec(DELETE_RUN, &[row.values[0].clone()]).await?;
        }
    }
    let (mode, brand, login) = columns(identity);
    tx.exec(VISITS, &[login, mode, brand]).await.map(drop)
}

/// Whether a run's sign-in was this owner's.
fn is_of(row: &Row, identity: &Identity) -> Result<bool, StoreError> {
    let progress: carport_model::run::Progress = row.json(1)?;
    let request: carport_model::run::ConnectRequest = row.json(2)?;
    Ok(match identity {
        Identity::Email(login) => progress.login.as_deref() == Some(login.as_str()),
        Identity::Account { mode, brand, login } => {
            let asked: Mode = request.mode;
            asked == *mode
                && progress.brand.as_ref() == Some(brand)
                && progress.login.as_deref() == Some(login.as_str())
        }
    })
}
