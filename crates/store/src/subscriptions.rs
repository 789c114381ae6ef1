//! Subscriptions: which vehicles a webhook is to tell of, each through one owner's connection.

use carport_model::{Timestamp, UserId, VehicleId, WebhookId};

use crate::StoreError;
use crate::engine::{Tx, Value};

/// Subscribes a vehicle to a webhook; `false` when it was subscribed already, which keeps its
/// time. Whether webhook and connection are there, and of one application, is the caller's to
/// check in the same unit.
///
/// # Errors
/// [`StoreError`] from the database, also when webhook or connection is not there.
pub async fn insert(
    tx: &mut Tx<'_>,
    webhook: WebhookId,
    (user, vehicle): (UserId, VehicleId),
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "INSERT INTO subscriptions (webhook_id, vehicle_id, user_id, subscribed_at) \
                       VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (webhook_id, vehicle_id, user_id) DO NOTHING";
    let params = [
        Value::id(webhook),
        Value::id(vehicle),
        Value::id(user),
        now.into(),
    ];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// Ends the subscriptions of a vehicle to a webhook, of whichever owner; tells how many there
/// were.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn delete(
    tx: &mut Tx<'_>,
    webhook: WebhookId,
    vehicle: VehicleId,
) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM subscriptions WHERE webhook_id = $1 AND vehicle_id = $2";
    tx.exec(SQL, &[Value::id(webhook), Value::id(vehicle)])
        .await
}
