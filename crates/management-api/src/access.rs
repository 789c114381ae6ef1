//! The gate: the management token as the password of Basic credentials.
//! Source: contract connect-oauth, F.1.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use carport_model::{ApplicationId, error};
use carport_web::fault::Target;
use carport_web::{Learned, credentials};

use crate::ManagementApi;
use crate::error::ManagementError;

/// An application that proved itself with its management token. SDKs send the user name
/// `default`; two let their callers choose another, so it is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manager(pub ApplicationId);

impl FromRequestParts<ManagementApi> for Manager {
    type Rejection = ManagementError;

    async fn from_request_parts(
        parts: &mut Parts,
        api: &ManagementApi,
    ) -> Result<Self, ManagementError> {
        let sent = credentials::basic(&parts.headers).ok_or(&error::AUTHENTICATION)?;
        let known = api.store.managed_application(sent.secret.expose()).await?;
        let application = known.ok_or(&error::AUTHENTICATION)?;
        Learned::of(&parts.extensions).note_application(application);
        if let Some(target) = Target::of(&api.faults, parts) {
            target.judge(&api.faults, api.clock.now())?;
        }
        Ok(Self(application))
    }
}
