//! `DELETE /vehicles/{id}/application`. Source: contract rest-v2, 2.21; connect-oauth, F.2.

use axum::extract::State;
use axum::response::Response;
use carport_model::error;
use carport_store::disconnections::{self, Ending};
use carport_store::{StoreError, Tx};
use carport_web::envelope::ErrorBody;
use serde::Serialize;
use utoipa::ToSchema;

use super::endpoint::json_of;
use super::error::V2Error;
use crate::VehicleApi;
use crate::management::Authority;
use crate::path::VehicleInPath;

/// It was done, or was so already.
#[derive(Debug, Serialize, ToSchema)]
pub struct Success {
    /// Always `success`.
    pub status: &'static str,
}

impl Success {
    /// As an answer.
    pub(crate) fn answer() -> Response {
        json_of(&Self { status: "success" })
    }
}

/// Ends the application's access to one vehicle: of the owner whose access token came, or of every
/// owner when the management token did. What ends with it is told in
/// [`disconnections::disconnect`]; what the next read answers, in docs/quirks.md#last-vehicle.
///
/// # Errors
/// `PERMISSION` when the vehicle is not connected, or no longer.
#[utoipa::path(
    delete,
    path = "/vehicles/{id}/application",
    summary = "Ends the application's access to one vehicle.",
    description = "Takes an access token, or the management token as bearer or as the password of Basic credentials. The token of an owner who has other vehicles goes on working for those; with the last vehicle all tokens of its owner end.",
    params(("id" = String, Path, description = "The vehicle.")),
    responses(
        (status = 200, description = "The vehicle is disconnected.", body = Success),
        (status = 400, description = "The vehicle id is not a UUID.", body = ErrorBody),
        (status = 401, description = "The token is missing, unknown or expired.", body = ErrorBody),
        (status = 403, description = "The vehicle is not connected, or no longer.", body = ErrorBody),
        (status = 429, description = "The application asks too fast.", body = ErrorBody),
        (status = 430, description = "The application is suspended.", body = ErrorBody),
        (status = 503, description = "Carport is busy; retry-after says when to come back.", body = ErrorBody),
    ),
    security(("accessToken" = []), ("managementToken" = []), ("managementPassword" = [])),
)]
pub async fn disconnect(
    State(api): State<VehicleApi>,
    authority: Authority,
    vehicle: VehicleInPath,
) -> Result<Response, V2Error> {
    let (application, ending) = match authority {
        Authority::Owner(grant) => (grant.application, Ending::Of(grant.user, vehicle.id)),
        Authority::Application(application) => (application, Ending::Vehicle(vehicle.id)),
    };
    let now = api.clock.now();
    let ended = api
        .store
        .write(async move |tx: &mut Tx<'_>| {
            disconnections::disconnect(tx, application, ending, now).await
        })
        .await
        .map_err(|error: StoreError| V2Error::from(error))?;
    if ended.is_empty() {
        return Err((&error::PERMISSION).into());
    }
    vehicle.note();
    Ok(Success::answer())
}

#[cfg(test)]
mod tests;
