//! Redirect URIs of an application. Carport's own.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use carport_web::Pairs;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ApplicationsApi;
use super::bodies::{Attributes, Wish};
use super::error::{Errors, Refused};
use super::gate::Itself;
use super::show::{self, ApplicationAnswer};

/// An address to add.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UriWish {
    /// The address, compared letter by letter.
    pub uri: String,
    /// Whether Connect is to use it when a link names none.
    #[serde(default)]
    pub is_default: bool,
}

/// Adds a redirect URI, or makes one the default.
///
/// # Errors
/// `AUTHENTICATION`, `RESOURCE_NOT_FOUND`; `VALIDATION` says what is wrong with the address.
#[utoipa::path(
    post,
    path = "/applications/{id}/redirect-uris",
    summary = "Adds a redirect URI, or makes it the default.",
    description = "Carport's own: the real service has no such call. An address that is there already is no error.",
    params(("id" = String, Path, description = "Client id of the application.")),
    request_body = Wish<UriWish>,
    responses(
        (status = 200, description = "The application as it is now.", body = ApplicationAnswer),
        (status = 400, description = "The address will not do; detail says why.", body = Errors),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
        (status = 404, description = "The token is that of another application.", body = Errors),
        (status = 409, description = "The application has 50 addresses.", body = Errors),
    ),
)]
pub async fn add_redirect_uri(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
    Attributes(wish): Attributes<UriWish>,
) -> Result<Response, Refused> {
    api.applications.add_redirect_uri(id, &wish.uri).await?;
    if wish.is_default {
        let applications = &api.applications;
        applications
            .make_default_redirect_uri(id, &wish.uri)
            .await?;
    }
    show::answer(&api, id).await
}

/// Removes a redirect URI.
///
/// # Errors
/// `AUTHENTICATION`, `RESOURCE_NOT_FOUND`.
#[utoipa::path(
    delete,
    path = "/applications/{id}/redirect-uris",
    summary = "Removes a redirect URI; when it was the default, the next one becomes it.",
    description = "Carport's own: the real service has no such call.",
    params(
        ("id" = String, Path, description = "Client id of the application."),
        ("uri" = String, Query, description = "The address."),
    ),
    responses(
        (status = 204, description = "Connect no longer sends owners there."),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
        (status = 404, description = "The token is that of another application, or the address is not registered.", body = Errors),
    ),
)]
pub async fn remove_redirect_uri(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Refused> {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default());
    let pairs = pairs.map_err(|error| Refused::invalid(format!("In the query, {error}.")))?;
    let uri = pairs.get("uri").unwrap_or_default();
    if api.applications.remove_redirect_uri(id, uri).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refused::unknown("This address is not registered."))
    }
}
