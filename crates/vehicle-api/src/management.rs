//! The gate of what an application may do beside its owners: its management token.
//! Source: contract rest-v2, 1.2; connect-oauth, F.2.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use carport_model::{ApplicationId, error};
use carport_store::AccessGrant;
use carport_web::{Learned, credentials};

use crate::VehicleApi;
use crate::access::{Caller, judge};
use crate::v2::error::V2Error;

/// An application that sent its management token as bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manager(pub ApplicationId);

impl FromRequestParts<VehicleApi> for Manager {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        let token = credentials::bearer(&parts.headers).ok_or(&error::AUTHENTICATION)?;
        let application = managed(parts, api, token).await?;
        Ok(Self(application))
    }
}

/// Whoever may end a connection.
#[derive(Debug, Clone)]
pub enum Authority {
    /// The application in the name of an owner, with an access token.
    Owner(AccessGrant),
    /// The application itself, with its management token: as bearer, or as the password of Basic
    /// credentials with any user name.
    Application(ApplicationId),
}

impl FromRequestParts<VehicleApi> for Authority {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, api: &VehicleApi) -> Result<Self, V2Error> {
        if let Some(basic) = credentials::basic(&parts.headers) {
            let application = managed(parts, api, basic.secret.expose()).await?;
            return Ok(Self::Application(application));
        }
        if let Some(Caller(grant)) = Caller::find(parts, api).await? {
            return Ok(Self::Owner(grant));
        }
        let Manager(application) = Manager::from_request_parts(parts, api).await?;
        Ok(Self::Application(application))
    }
}

async fn managed(parts: &Parts, api: &VehicleApi, token: &str) -> Result<ApplicationId, V2Error> {
    let known = api.store.managed_application(token).await?;
    let application = known.ok_or(&error::AUTHENTICATION)?;
    Learned::of(&parts.extensions).note_application(application);
    judge(parts, api)?;
    Ok(application)
}
