//! `POST` and `DELETE /vehicles/{id}/webhooks/{webhookId}`. Source: contract rest-v2, 2.22.

use axum::extract::State;
use axum::response::Response;
use carport_model::error;
use carport_store::Tx;
use carport_store::subscriptions::{self, Outcome};
use carport_web::envelope::ErrorBody;
use serde::Serialize;
use utoipa::ToSchema;

use super::disconnect::Success;
use super::endpoint::json_of;
use super::error::V2Error;
use crate::VehicleApi;
use crate::access::CallerOf;
use crate::management::Manager;
use crate::path::{VehicleInPath, WebhookInPath};

/// A vehicle that is subscribed to a webhook.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// The webhook.
    pub webhook_id: String,
    /// The vehicle.
    pub vehicle_id: String,
}

/// Subscribes a vehicle to a webhook of the application; nothing is delivered yet. Once is as good
/// as twice.
///
/// # Errors
/// `PERMISSION` when the vehicle is not connected, `VALIDATION` when the webhook is no UUID or none of the application's.
#[utoipa::path(
    post,
    path = "/vehicles/{id}/webhooks/{webhookId}",
    summary = "Subscribes a vehicle to a webhook.",
    description = "Nothing is delivered yet.",
    params(
        ("id" = String, Path, description = "The vehicle."),
        ("webhookId" = String, Path, description = "The webhook; `carport webhook list` shows them."),
    ),
    responses(
        (status = 200, description = "The vehicle is subscribed.", body = Subscription),
        (status = 400, description = "An id is not a UUID, or the application has no such webhook.", body = ErrorBody),
        (status = 401, description = "The access token is missing, unknown or expired.", body = ErrorBody),
        (status = 403, description = "The vehicle is not connected, or no longer.", body = ErrorBody),
        (status = 429, description = "The application asks too fast.", body = ErrorBody),
        (status = 430, description = "The application is suspended.", body = ErrorBody),
        (status = 503, description = "Carport is busy; retry-after says when to come back.", body = ErrorBody),
    ),
)]
pub async fn subscribe(
    State(api): State<VehicleApi>,
    CallerOf(grant, vehicle): CallerOf,
    WebhookInPath(webhook): WebhookInPath,
) -> Result<Response, V2Error> {
    let now = api.clock.now();
    let (application, pair) = (grant.application, (grant.user, vehicle.id));
    let outcome = api
        .store
        .write(async move |tx: &mut Tx<'_>| {
            subscriptions::subscribe(tx, application, webhook, pair, now).await
        })
        .await?;
    done(outcome, &vehicle)?;
    Ok(json_of(&Subscription {
        webhook_id: webhook.to_string(),
        vehicle_id: vehicle.id.to_string(),
    }))
}

/// Ends the subscription of a vehicle to a webhook of the application. Once is as good as twice.
///
/// # Errors
/// `PERMISSION` when the vehicle is not connected to the application, `VALIDATION` when the webhook
/// is no UUID or none of the application's.
#[utoipa::path(
    delete,
    path = "/vehicles/{id}/webhooks/{webhookId}",
    summary = "Ends the subscription of a vehicle to a webhook.",
    description = "Takes the management token as bearer.",
    params(
        ("id" = String, Path, description = "The vehicle."),
        ("webhookId" = String, Path, description = "The webhook."),
    ),
    responses(
        (status = 200, description = "The vehicle is not subscribed, or no longer.", body = Success),
        (status = 400, description = "An id is not a UUID, or the application has no such webhook.", body = ErrorBody),
        (status = 401, description = "The management token is missing or wrong.", body = ErrorBody),
        (status = 403, description = "The vehicle is not connected, or no longer.", body = ErrorBody),
        (status = 503, description = "Carport is busy; retry-after says when to come back.", body = ErrorBody),
    ),
    security(("managementToken" = [])),
)]
pub async fn unsubscribe(
    State(api): State<VehicleApi>,
    Manager(application): Manager,
    vehicle: VehicleInPath,
    WebhookInPath(webhook): WebhookInPath,
) -> Result<Response, V2Error> {
    let id = vehicle.id;
    let outcome = api
        .store
        .write(async move |tx: &mut Tx<'_>| {
            subscriptions::unsubscribe(tx, application, webhook, id).await
        })
        .await?;
    done(outcome, &vehicle)?;
    Ok(Success::answer())
}

/// The vehicle is judged before the webhook (contract rest-v2, 3.3).
fn done(outcome: Outcome, vehicle: &VehicleInPath) -> Result<(), V2Error> {
    match outcome {
        Outcome::NoConnection => Err((&error::PERMISSION).into()),
        Outcome::NoWebhook => {
            vehicle.note();
            let advice = "This application has no such webhook; `carport webhook list` shows them.";
            Err(V2Error::validation("webhookId", advice))
        }
        Outcome::Done => {
            vehicle.note();
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
