//! What an owner takes back or makes less. Each act looks again whether the connection is the
//! owner's, in its own unit, and leaves an entry in the audit log.

use carport_model::{
    ApplicationId, Permission, Permissions, Precision, Timestamp, UserId, VehicleId,
};

use super::{Acting, Identity, Shared, shared_by};
use crate::change_log::{self, Change};
use crate::disconnections::{self, Ending};
use crate::engine::{Tx, Value};
use crate::{StoreError, audit_log, users};

/// Which of an owner's connections are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// All of an application.
    Application(ApplicationId),
    /// One.
    One(UserId, VehicleId),
}

impl Meant {
    fn is(self, shared: &Shared) -> bool {
        match self {
            Self::Application(application) => shared.application == application,
            Self::One(user, vehicle) => (shared.user, shared.vehicle) == (user, vehicle),
        }
    }
}

/// Ends connections of an owner; how many there were. Tokens die as with every end of a connection.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn revoke(
    tx: &mut Tx<'_>,
    (identity, actor): Acting<'_>,
    meant: Meant,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut all = shared_by(tx, identity).await?;
    all.retain(|shared| meant.is(shared));
    // In their order, as units that end connections hold their users.
    all.sort_unstable_by_key(|shared| (shared.user, shared.vehicle));
    let mut ended = 0;
    for Shared {
        application,
        user,
        vehicle,
        ..
    } in all
    {
        let ending = Ending::Of(user, vehicle);
        ended += disconnections::disconnect_as(tx, actor, application, ending, now)
            .await?
            .len();
    }
    Ok(ended)
}

/// Takes a permission back; `false` when it was not granted. With the last one the connection ends.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn take_back(
    tx: &mut Tx<'_>,
    (identity, actor): Acting<'_>,
    (user, vehicle): (UserId, VehicleId),
    permission: Permission,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE connections SET permissions = $3 \
                       WHERE user_id = $1 AND vehicle_id = $2";
    // Of two that are taken back at once, the second must see the first.
    users::hold(tx, user).await?;
    let Some(shared) = one(tx, identity, user, vehicle).await? else {
        return Ok(false);
    };
    if !shared.permissions.contains(permission) {
        return Ok(false);
    }
    let granted = shared.permissions.as_slice().iter().copied();
    let left: Permissions = granted.filter(|granted| *granted != permission).collect();
    let did = ("permission.revoked", permission.name());
    note(tx, &shared, actor, did, now).await?;
    if left.is_empty() {
        revoke(tx, (identity, actor), Meant::One(user, vehicle), now).await?;
        return Ok(true);
    }
    let params = [Value::id(user), Value::id(vehicle), Value::text(&left)];
    tx.exec(SQL, &params).await?;
    change_log::append(tx, Change::Connection(user, vehicle)).await?;
    Ok(true)
}

/// Sets how exactly an application may know where a car is; `false` when it may not see the car.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn set_precision(
    tx: &mut Tx<'_>,
    (identity, actor): Acting<'_>,
    (user, vehicle): (UserId, VehicleId),
    precision: Precision,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE connections SET location_precision = $3 \
                       WHERE user_id = $1 AND vehicle_id = $2";
    users::hold(tx, user).await?;
    let Some(shared) = one(tx, identity, user, vehicle).await? else {
        return Ok(false);
    };
    let params = [
        Value::id(user),
        Value::id(vehicle),
        precision.as_str().into(),
    ];
    tx.exec(SQL, &params).await?;
    change_log::append(tx, Change::Connection(user, vehicle)).await?;
    let said = format!("location told {precision}");
    let did = ("location.precision_set", said.as_str());
    note(tx, &shared, actor, did, now).await?;
    Ok(true)
}

/// Notes that an owner took a copy of what concerns them, with each application that is in it.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn note_export(
    tx: &mut Tx<'_>,
    (identity, actor): Acting<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut all = shared_by(tx, identity).await?;
    all.dedup_by_key(|shared| (shared.application, shared.user));
    for shared in all {
        let entry = audit_log::Entry {
            at: now,
            application: shared.application,
            actor: actor.to_owned(),
            action: "owner.exported".to_owned(),
            detail: format!("user {}", shared.user),
        };
        audit_log::append(tx, &entry).await?;
    }
    Ok(())
}

async fn one(
    tx: &mut Tx<'_>,
    identity: &Identity,
    user: UserId,
    vehicle: VehicleId,
) -> Result<Option<Shared>, StoreError> {
    let all = shared_by(tx, identity).await?;
    let meant = Meant::One(user, vehicle);
    Ok(all.into_iter().find(|shared| meant.is(shared)))
}

async fn note(
    tx: &mut Tx<'_>,
    shared: &Shared,
    actor: &str,
    (action, what): (&str, &str),
    at: Timestamp,
) -> Result<(), StoreError> {
    let entry = audit_log::Entry {
        at,
        application: shared.application,
        actor: actor.to_owned(),
        action: action.to_owned(),
        detail: format!("user {}, vehicle {}, {what}", shared.user, shared.vehicle),
    };
    audit_log::append(tx, &entry).await
}
