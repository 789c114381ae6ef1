//! Subscriptions: which vehicles a webhook is to tell of, each through one owner's connection.

use carport_model::{ApplicationId, Timestamp, UserId, VehicleId, WebhookId};

use crate::connection_lists::{self, Filter};
use crate::engine::{Tx, Value};
use crate::{StoreError, users, webhooks};

/// What became of a wish to subscribe or unsubscribe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is so, whether it was before or not.
    Done,
    /// The vehicle is not connected to the application.
    NoConnection,
    /// The application has no such webhook.
    NoWebhook,
}

/// Subscribes a vehicle to a webhook of the application. One that is subscribed already keeps its
/// time.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn subscribe(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    webhook: WebhookId,
    (user, vehicle): (UserId, VehicleId),
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    const SQL: &str = "INSERT INTO subscriptions (webhook_id, vehicle_id, user_id, subscribed_at) \
                       VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (webhook_id, vehicle_id, user_id) DO NOTHING";
    // Whoever ends the connection now holds the owner too.
    users::hold(tx, user).await?;
    let missing = missing(tx, application, webhook, (Some(user), vehicle)).await?;
    if let Some(missing) = missing {
        return Ok(missing);
    }
    let params = [
        Value::id(webhook),
        Value::id(vehicle),
        Value::id(user),
        now.into(),
    ];
    tx.exec(SQL, &params).await?;
    Ok(Outcome::Done)
}

/// Ends the subscriptions of a vehicle to a webhook of the application, of whichever owner.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn unsubscribe(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    webhook: WebhookId,
    vehicle: VehicleId,
) -> Result<Outcome, StoreError> {
    const SQL: &str = "DELETE FROM subscriptions WHERE webhook_id = $1 AND vehicle_id = $2";
    let missing = missing(tx, application, webhook, (None, vehicle)).await?;
    if let Some(missing) = missing {
        return Ok(missing);
    }
    tx.exec(SQL, &[Value::id(webhook), Value::id(vehicle)])
        .await?;
    Ok(Outcome::Done)
}

/// What stands in the way, if anything does.
async fn missing(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    webhook: WebhookId,
    (user, vehicle): (Option<UserId>, VehicleId),
) -> Result<Option<Outcome>, StoreError> {
    let filter = Filter {
        user,
        vehicle: Some(vehicle),
        mode: None,
    };
    if connection_lists::count(tx, application, filter).await? == 0 {
        return Ok(Some(Outcome::NoConnection));
    }
    let webhook = webhooks::find(tx, webhook).await?;
    let is_known = webhook.is_some_and(|webhook| webhook.application == application);
    Ok((!is_known).then_some(Outcome::NoWebhook))
}
