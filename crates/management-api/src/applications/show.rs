//! An application as it tells of itself, and its texts.

use axum::extract::State;
use axum::response::Response;
use carport_model::ApplicationId;
use carport_oauth::applications::TextChange;
use carport_store::{StoreError, Tx, redirect_uris};
use carport_web::envelope::json_of;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ApplicationsApi;
use super::bodies::{Attributes, ListLinks, ListMeta, SelfLink, Wish};
use super::error::{Errors, Refused};
use super::gate::Itself;

/// One application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationAnswer {
    /// It.
    pub data: ApplicationResource,
}

/// The applications that the token opens.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationList {
    /// One: a token opens its own application only.
    pub data: Vec<ApplicationResource>,
    /// Which page this is.
    pub meta: ListMeta,
    /// Ways through the list.
    pub links: ListLinks,
}

/// An application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationResource {
    /// Equals the client id of version 2.
    pub id: String,
    /// `application`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it is.
    pub attributes: ApplicationAttributes,
    /// When it was made.
    pub meta: Made,
    /// Where it is.
    pub links: SelfLink,
}

/// What an application is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationAttributes {
    /// Name that owners read in Connect.
    pub name: String,
    /// The developer's own sentence about it.
    #[schema(required = true)]
    pub description: Option<String>,
    /// Link that owners find in Connect.
    #[schema(required = true)]
    pub privacy_policy_url: Option<String>,
    /// Where owners may be sent back to, the default first.
    pub redirect_uris: Vec<String>,
    /// Native or single-page application, without a secret.
    pub is_public: bool,
}

/// When something was made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    /// ISO 8601 in UTC with milliseconds.
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// What may be changed; what is absent stays, and an empty text takes the old one away.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextWish {
    /// 1 to 60 characters.
    pub name: Option<String>,
    /// At most 300 characters.
    pub description: Option<String>,
    /// https.
    pub privacy_policy_url: Option<String>,
}

/// Lists the applications that the token opens.
///
/// # Errors
/// `AUTHENTICATION` without a working management token.
#[utoipa::path(
    get,
    path = "/applications",
    summary = "Lists the applications that the token opens: its own.",
    responses(
        (status = 200, description = "The list.", body = ApplicationList),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
    ),
)]
pub async fn list_applications(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
) -> Result<Response, Refused> {
    let address = format!("{}/v3/applications", api.public_url);
    Ok(json_of(&ApplicationList {
        data: vec![resource(&api, id).await?],
        meta: ListMeta::of(1),
        links: ListLinks::of(&address),
    }))
}

/// Shows an application.
///
/// # Errors
/// `AUTHENTICATION` without a working management token, `RESOURCE_NOT_FOUND` for another
/// application than its own.
#[utoipa::path(
    get,
    path = "/applications/{id}",
    summary = "Shows the application.",
    params(("id" = String, Path, description = "Client id of the application.")),
    responses(
        (status = 200, description = "The application.", body = ApplicationAnswer),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
        (status = 404, description = "The token is that of another application.", body = Errors),
    ),
)]
pub async fn show_application(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
) -> Result<Response, Refused> {
    answer(&api, id).await
}

/// Changes the texts of an application. Carport's own.
///
/// # Errors
/// As [`show_application`], and `VALIDATION` for a text that will not do.
#[utoipa::path(
    patch,
    path = "/applications/{id}",
    summary = "Changes the name, the description or the link to the privacy policy.",
    description = "Carport's own: the real service has no such call.",
    params(("id" = String, Path, description = "Client id of the application.")),
    request_body = Wish<TextWish>,
    responses(
        (status = 200, description = "The application as it is now.", body = ApplicationAnswer),
        (status = 400, description = "A text will not do; detail says why.", body = Errors),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
        (status = 404, description = "The token is that of another application.", body = Errors),
    ),
)]
pub async fn change_application(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
    Attributes(wish): Attributes<TextWish>,
) -> Result<Response, Refused> {
    let change = TextChange {
        name: wish.name,
        privacy_url: wish.privacy_policy_url,
        description: wish.description,
    };
    api.applications.describe(id, change).await?;
    answer(&api, id).await
}

/// The application, alone.
pub(super) async fn answer(api: &ApplicationsApi, id: ApplicationId) -> Result<Response, Refused> {
    let data = resource(api, id).await?;
    Ok(json_of(&ApplicationAnswer { data }))
}

async fn resource(
    api: &ApplicationsApi,
    id: ApplicationId,
) -> Result<ApplicationResource, Refused> {
    let listed = api.applications.listed(id).await?;
    let redirect_uris = api
        .store
        .read(async move |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await)
        .await
        .map_err(|error: StoreError| error)?;
    let application = listed.application;
    Ok(ApplicationResource {
        id: id.to_string(),
        kind: "application",
        meta: Made {
            created_at: application.created_at.to_string(),
        },
        links: SelfLink {
            itself: format!("{}/v3/applications/{id}", api.public_url),
        },
        attributes: ApplicationAttributes {
            name: application.name,
            description: listed.description,
            privacy_policy_url: application.privacy_url,
            redirect_uris,
            is_public: application.public,
        },
    })
}
