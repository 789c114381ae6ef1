//! Client secrets of an application.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use carport_oauth::applications::SecretRow;
use carport_web::envelope::json_of;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ApplicationsApi;
use super::bodies::{Attributes, ListLinks, ListMeta, SelfLink, Wish};
use super::error::{Errors, Refused};
use super::gate::Itself;

/// Longest overlap: 30 days.
const LONGEST: u64 = 30 * 86_400;
/// The usual one: a day.
const USUAL: u64 = 86_400;

/// The secrets of an application that work.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretList {
    /// The newest first.
    pub data: Vec<SecretResource>,
    /// Which page this is.
    pub meta: ListMeta,
    /// Ways through the list.
    pub links: ListLinks,
}

/// One secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretAnswer {
    /// It.
    pub data: SecretResource,
}

/// A client secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretResource {
    /// Names it, and opens nothing.
    pub id: String,
    /// `secret`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What may be told of it.
    pub attributes: SecretAttributes,
    /// When it was made and when it ends.
    pub meta: SecretMeta,
    /// Where it is.
    pub links: SelfLink,
}

/// What may be told of a secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretAttributes {
    /// Its last characters; null for one of an older version.
    #[schema(required = true)]
    pub hint: Option<String>,
    /// The secret; only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// When a secret was made and when it ends.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretMeta {
    /// ISO 8601 in UTC with milliseconds.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it stops working; null as long as nothing replaces it.
    #[schema(required = true, format = DateTime)]
    pub expires_at: Option<String>,
}

/// How a secret is to be made.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretWish {
    /// How long the old secrets go on working: 0 to 2592000; a day when absent.
    pub overlap_seconds: Option<u64>,
}

/// Lists the client secrets that work.
///
/// # Errors
/// `AUTHENTICATION`, `RESOURCE_NOT_FOUND`.
#[utoipa::path(
    get,
    path = "/applications/{id}/secrets",
    summary = "Lists the client secrets that work, the newest first.",
    params(("id" = String, Path, description = "Client id of the application.")),
    responses(
        (status = 200, description = "The list, without the secrets themselves.", body = SecretList),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
        (status = 404, description = "The token is that of another application.", body = Errors),
    ),
)]
pub async fn list_secrets(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
) -> Result<Response, Refused> {
    let address = format!("{}/v3/applications/{id}/secrets", api.public_url);
    let rows = api.applications.secrets(id).await?;
    let data = rows.into_iter().map(|row| resource(row, &address));
    let data: Vec<_> = data.collect();
    Ok(json_of(&SecretList {
        meta: ListMeta::of(data.len()),
        links: ListLinks::of(&address),
        data,
    }))
}

/// Makes a client secret. Carport's own.
///
/// # Errors
/// `AUTHENTICATION`, `RESOURCE_NOT_FOUND`; `VALIDATION` when it has secrets enough or can have none.
#[utoipa::path(
    post,
    path = "/applications/{id}/secrets",
    summary = "Makes a client secret; the old ones go on working for a while.",
    description = "Carport's own: the real service has no such call. The answer is the only one that holds the secret.",
    params(("id" = String, Path, description = "Client id of the application.")),
    request_body = Wish<SecretWish>,
    responses(
        (status = 201, description = "The secret, told this once.", body = SecretAnswer),
        (status = 400, description = "The overlap will not do.", body = Errors),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
        (status = 404, description = "The token is that of another application.", body = Errors),
        (status = 409, description = "The application has secrets enough, or can have none.", body = Errors),
    ),
)]
pub async fn create_secret(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
    Attributes(wish): Attributes<SecretWish>,
) -> Result<Response, Refused> {
    let overlap = wish.overlap_seconds.unwrap_or(USUAL);
    if overlap > LONGEST {
        let advice = format!("overlapSeconds is 0 to {LONGEST}.");
        return Err(Refused::invalid(advice));
    }
    let overlap = Duration::from_secs(overlap);
    let made = api.applications.rotate_secret(id, overlap).await?;
    let name = carport_model::Digest::of(made.secret.expose()).name();
    let address = format!("{}/v3/applications/{id}/secrets", api.public_url);
    let rows = api.applications.secrets(id).await?;
    let row = rows.into_iter().find(|row| row.id == name);
    // Revoked by somebody in this very moment.
    let row = row.ok_or_else(|| Refused::unknown("The secret was revoked meanwhile."))?;
    let mut data = resource(row, &address);
    data.attributes.value = Some(made.secret.expose().clone());
    let mut response = json_of(&SecretAnswer { data });
    *response.status_mut() = StatusCode::CREATED;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Revokes a client secret at once. Carport's own.
///
/// # Errors
/// `AUTHENTICATION`, `RESOURCE_NOT_FOUND`.
#[utoipa::path(
    delete,
    path = "/applications/{id}/secrets/{secret}",
    summary = "Revokes a client secret at once.",
    description = "Carport's own: the real service has no such call.",
    params(
        ("id" = String, Path, description = "Client id of the application."),
        ("secret" = String, Path, description = "Id of the secret."),
    ),
    responses(
        (status = 204, description = "It has stopped working."),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
        (status = 404, description = "The token is that of another application, or there is no such secret.", body = Errors),
    ),
)]
pub async fn delete_secret(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
    Path((_, secret)): Path<(String, String)>,
) -> Result<StatusCode, Refused> {
    api.applications.revoke_secret(id, &secret).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn resource(row: SecretRow, address: &str) -> SecretResource {
    SecretResource {
        kind: "secret",
        attributes: SecretAttributes {
            hint: row.hint,
            value: None,
        },
        meta: SecretMeta {
            created_at: row.created_at.to_string(),
            expires_at: row.expires_at.map(|end| end.to_string()),
        },
        links: SelfLink {
            itself: format!("{address}/{}", row.id),
        },
        id: row.id,
    }
}
