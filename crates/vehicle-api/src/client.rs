//! Who is asking, where an application speaks for itself and not for an owner.
//! Source: contract rest-v2, 1.2.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use carport_model::{Application, Mode, error};
use carport_oauth::client::{ClientError, Credentials};
use carport_web::query::Pairs;
use carport_web::{Learned, credentials};

use crate::VehicleApi;
use crate::access::{admit, check_account, judge};
use crate::v2::error::V2Error;

/// An application that proved itself with client id and secret, and is within its limits.
#[derive(Debug, Clone)]
pub struct ClientAccess(pub Application);

impl FromRequestParts<VehicleApi> for ClientAccess {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let sent = credentials::basic(&parts.headers);
        let credentials = sent.as_ref().and_then(Credentials::of);
        let credentials = credentials.ok_or(&error::AUTHENTICATION)?;
        let application = api.oauth.authenticate(&credentials).await?;
        Learned::of(&parts.extensions).note_application(application.id);
        check_account(parts, api, application.suspended_at.is_some())?;
        admit(api, (application.id, mode_asked(parts)))?;
        judge(parts, api)?;
        Ok(Self(application))
    }
}

/// The mode of the cars that are asked about, live when that is not told. What is wrong with it comes
/// to light later (contract rest-v2, 3.3).
fn mode_asked(parts: &Parts) -> Mode {
    let query = Pairs::parse(parts.uri.query().unwrap_or_default()).unwrap_or_default();
    let mode = query.get("mode").and_then(|mode| mode.parse().ok());
    mode.unwrap_or(Mode::Live)
}

impl From<ClientError> for V2Error {
    fn from(failure: ClientError) -> Self {
        match failure {
            ClientError::Unknown => (&error::AUTHENTICATION).into(),
            // `retry-after` goes with no other 429 than that of a vehicle (contract, 1.5).
            ClientError::TooManyTries { .. } => (&error::RATE_LIMIT_SMARTCAR_API).into(),
            ClientError::Store(failure) => failure.into(),
        }
    }
}
