//! The gate: the management token as the bearer, which opens its own application only.

use std::collections::HashMap;

use axum::RequestPartsExt as _;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use carport_model::ApplicationId;
use carport_web::{Learned, credentials};

use super::ApplicationsApi;
use super::error::Refused;

/// The application that proved itself; when the path names one, it is that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Itself(pub ApplicationId);

impl FromRequestParts<ApplicationsApi> for Itself {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, api: &ApplicationsApi) -> Result<Self, Refused> {
        let token = credentials::bearer(&parts.headers).ok_or_else(Refused::unauthorized)?;
        let known = api.store.managed_application(token).await?;
        let application = known.ok_or_else(Refused::unauthorized)?;
        Learned::of(&parts.extensions).note_application(application);
        let path = parts.extract::<Path<HashMap<String, String>>>().await;
        let named = path.ok().and_then(|Path(mut path)| path.remove("id"));
        match named {
            Some(named) if named != application.to_string() => Err(Refused::unknown(
                "The token is not that of an application with this id.",
            )),
            _ => Ok(Self(application)),
        }
    }
}
