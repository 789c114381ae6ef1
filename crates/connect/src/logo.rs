//! `GET /logos/{application}/{name}`: what an application uploaded.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use carport_model::ApplicationId;
use carport_store::{Tx, connect_settings};
use carport_web::{Problem, logo};

use crate::Services;
use crate::problem::ConnectError;

/// Where a logo is.
pub(crate) fn address(application: ApplicationId, name: &str) -> String {
    format!("/logos/{application}/{name}")
}

/// Gives the logo, which was cleaned when it was taken in.
pub(crate) async fn get_logo(
    State(services): State<Arc<Services>>,
    Path((application, name)): Path<(String, String)>,
) -> Result<Response, ConnectError> {
    let Ok(application) = application.parse::<ApplicationId>() else {
        return Ok(Problem::not_found().into_response());
    };
    let named = name.clone();
    let found = services.store.read(async move |tx: &mut Tx<'_>| {
        Ok::<_, ConnectError>(connect_settings::logo(tx, application, &named).await?)
    });
    Ok(match found.await? {
        Some(content) => logo::given(&name, content),
        None => Problem::not_found().into_response(),
    })
}
