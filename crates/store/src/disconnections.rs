//! The end of connections: rows, subscriptions, and the tokens of owners who have no vehicle left,
//! in one unit. The counterpart of [`crate::approvals`].

use std::collections::BTreeSet;

use carport_model::{ApplicationId, Timestamp, UserId, VehicleId};

use crate::audit_log::{self, Entry};
use crate::change_log::{self, Change};
use crate::connection_lists::{self, Filter, Place};
use crate::engine::{Tx, Value};
use crate::{StoreError, connections, grant_families, users};

/// Which connections end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// One owner's to one vehicle.
    Of(UserId, VehicleId),
    /// All of an owner's.
    User(UserId),
    /// All to a vehicle, whoever its owners are.
    Vehicle(VehicleId),
}

impl Ending {
    const fn filter(self) -> Filter {
        let (user, vehicle) = match self {
            Self::Of(user, vehicle) => (Some(user), Some(vehicle)),
            Self::User(user) => (Some(user), None),
            Self::Vehicle(vehicle) => (None, Some(vehicle)),
        };
        Filter {
            user,
            vehicle,
            mode: None,
        }
    }
}

/// Ends connections of an application at its own wish; see [`disconnect_as`].
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn disconnect(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    ending: Ending,
    now: Timestamp,
) -> Result<Vec<Place>, StoreError> {
    disconnect_as(tx, "client", application, ending, now).await
}

/// Ends connections of an application at the wish of `actor`, whom the audit log names, and tells
/// which ended, the newest first; none is no error. Their subscriptions go with them. An owner whose last vehicle goes loses every token (contract
/// connect-oauth, B.5); a vehicle keeps its id for the day it is connected again.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn disconnect_as(
    tx: &mut Tx<'_>,
    actor: &str,
    application: ApplicationId,
    ending: Ending,
    now: Timestamp,
) -> Result<Vec<Place>, StoreError> {
    let by = Wish {
        actor,
        application,
        now,
    };
    let filter = ending.filter();
    let meant = connection_lists::page(tx, application, filter, None, usize::MAX).await?;
    let owners: BTreeSet<UserId> = meant.iter().map(|listed| listed.place.user).collect();
    // In their order, so that units which end connections of the same owners do not wait for
    // each other. Who else ends an owner's connections now must see that these are gone, or
    // neither would take the tokens.
    for owner in &owners {
        users::hold(tx, *owner).await?;
    }
    let mut ended = Vec::with_capacity(meant.len());
    for listed in meant {
        if end(tx, by, listed.place).await? {
            ended.push(listed.place);
        }
    }
    for owner in owners {
        if !connections::has_any(tx, owner).await? {
            revoke_tokens(tx, by, owner).await?;
        }
    }
    Ok(ended)
}

/// Who wants connections to end, whose, and when.
#[derive(Debug, Clone, Copy)]
struct Wish<'a> {
    actor: &'a str,
    application: ApplicationId,
    now: Timestamp,
}

/// Ends one; `false` when somebody else did.
async fn end(tx: &mut Tx<'_>, by: Wish<'_>, place: Place) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM connections WHERE user_id = $1 AND vehicle_id = $2";
    let Place { user, vehicle, .. } = place;
    if tx.exec(SQL, &[Value::id(user), Value::id(vehicle)]).await? == 0 {
        return Ok(false);
    }
    change_log::append(tx, Change::Connection(user, vehicle)).await?;
    let detail = format!("user {user}, vehicle {vehicle}");
    note(tx, by, "connection.deleted", detail).await?;
    Ok(true)
}

async fn revoke_tokens(tx: &mut Tx<'_>, by: Wish<'_>, user: UserId) -> Result<(), StoreError> {
    let because = "last vehicle disconnected";
    for family in grant_families::revoke_all(tx, user, because, by.now).await? {
        let detail = format!("last vehicle disconnected; family {family}");
        note(tx, by, "grant_family.revoked", detail).await?;
    }
    Ok(())
}

async fn note(
    tx: &mut Tx<'_>,
    by: Wish<'_>,
    action: &str,
    detail: String,
) -> Result<(), StoreError> {
    let entry = Entry {
        at: by.now,
        application: by.application,
        actor: by.actor.to_owned(),
        action: action.to_owned(),
        detail,
    };
    audit_log::append(tx, &entry).await
}
