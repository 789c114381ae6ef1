//! What owners see of an application in Connect. Carport's own.

use axum::extract::State;
use axum::response::Response;
use carport_model::ApplicationId;
use carport_oauth::applications::ConnectChange;
use carport_web::envelope::json_of;
use serde::Serialize;
use utoipa::ToSchema;

use super::ApplicationsApi;
use super::bodies::{Attributes, SelfLink, Wish};
use super::error::{Errors, Refused};
use super::gate::Itself;

/// What owners see of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectAnswer {
    /// It.
    pub data: ConnectResource,
}

/// What owners see of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectResource {
    /// Client id of the application.
    pub id: String,
    /// `connectSettings`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The settings.
    pub attributes: ConnectChange,
    /// Where they are.
    pub links: SelfLink,
}

/// Shows the settings.
///
/// # Errors
/// `AUTHENTICATION`, `RESOURCE_NOT_FOUND`.
#[utoipa::path(
    get,
    path = "/applications/{id}/connect",
    summary = "Shows what owners see of the application in Connect.",
    description = "Carport's own: the real service has no such call.",
    params(("id" = String, Path, description = "Client id of the application.")),
    responses(
        (status = 200, description = "The settings.", body = ConnectAnswer),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
        (status = 404, description = "The token is that of another application.", body = Errors),
    ),
)]
pub async fn show_connect(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
) -> Result<Response, Refused> {
    answer(&api, id).await
}

/// Changes settings; new runs of Connect obey at once.
///
/// # Errors
/// `AUTHENTICATION`, `RESOURCE_NOT_FOUND`; `VALIDATION` names the setting that will not do, and
/// nothing is changed.
#[utoipa::path(
    patch,
    path = "/applications/{id}/connect",
    summary = "Changes what owners see of the application in Connect.",
    description = "Carport's own: the real service has no such call. New runs of Connect obey at once; cars that are connected stay.",
    params(("id" = String, Path, description = "Client id of the application.")),
    request_body = Wish<ConnectChange>,
    responses(
        (status = 200, description = "The settings as they are now.", body = ConnectAnswer),
        (status = 400, description = "A setting will not do; detail names it. Nothing was changed.", body = Errors),
        (status = 401, description = "The management token is missing or wrong.", body = Errors),
        (status = 404, description = "The token is that of another application.", body = Errors),
    ),
)]
pub async fn change_connect(
    State(api): State<ApplicationsApi>,
    Itself(id): Itself,
    Attributes(wish): Attributes<ConnectChange>,
) -> Result<Response, Refused> {
    let brands = api.brands.clone();
    api.applications
        .change_connect_side(id, wish, brands)
        .await?;
    answer(&api, id).await
}

async fn answer(api: &ApplicationsApi, id: ApplicationId) -> Result<Response, Refused> {
    let client = api.store.client(id).await?;
    let client =
        client.ok_or_else(|| Refused::unknown("The application is not there any more."))?;
    Ok(json_of(&ConnectAnswer {
        data: ConnectResource {
            id: id.to_string(),
            kind: "connectSettings",
            attributes: ConnectChange::keeping(&client.application, &client.settings),
            links: SelfLink {
                itself: format!("{}/v3/applications/{id}/connect", api.public_url),
            },
        },
    }))
}
