//! Ids in the path of a request.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use carport_model::{VehicleId, WebhookId};
use carport_web::Learned;

use crate::v2::error::V2Error;

/// The vehicle of a path; whether the caller may know it is not decided by this.
#[derive(Debug, Clone)]
pub struct VehicleInPath {
    /// Its id.
    pub id: VehicleId,
    pub(crate) learned: Learned,
}

impl VehicleInPath {
    /// Notes for the request log that the caller may know the vehicle.
    pub fn note(&self) {
        self.learned.note_vehicle(self.id);
    }
}

impl<S: Send + Sync> FromRequestParts<S> for VehicleInPath {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, V2Error> {
        let id = parameter(parts, state, "id").await.ok_or_else(|| {
            V2Error::validation("id", "The vehicle id in the path is not a UUID.")
        })?;
        let learned = Learned::of(&parts.extensions);
        Ok(Self { id, learned })
    }
}

/// The webhook of a path; whether there is one is not decided by this.
#[derive(Debug, Clone, Copy)]
pub struct WebhookInPath(pub WebhookId);

impl<S: Send + Sync> FromRequestParts<S> for WebhookInPath {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, V2Error> {
        let id = parameter(parts, state, "webhook_id").await;
        id.map(Self).ok_or_else(|| {
            V2Error::validation("webhookId", "The webhook id in the path is not a UUID.")
        })
    }
}

/// A parameter of the path that reads as `T`.
async fn parameter<T: FromStr, S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
    name: &str,
) -> Option<T> {
    let parameters = RawPathParams::from_request_parts(parts, state).await.ok()?;
    let mut parameters = parameters.iter();
    let (_, text) = parameters.find(|(known, _)| *known == name)?;
    text.parse().ok()
}
