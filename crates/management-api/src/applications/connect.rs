//! What owners see of an application in Connect. Carport's own.

use axum::extract::State;
use axum::response::Response;
use carport_model::{ApplicationId, Engine};
use carport_oauth::applications::ConnectChange;
use carport_store::Client;
use carport_web::envelope::json_of;
use serde::{Deserialize, Serialize};
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
    pub attributes: ConnectSide,
    /// Where they are.
    pub links: SelfLink,
}

/// Settings of Connect. In a change, what is absent or null stays, and an empty text or list takes
/// a setting back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectSide {
    /// Permissions that a link asks for which names none, with spaces between; `required:` before
    /// those that owners cannot leave out.
    pub scope: Option<String>,
    /// Ids of the brands that are listed; empty for all.
    pub brands: Option<Vec<String>>,
    /// Only brands are listed that sell such cars in the owner's region (`BEV`, `PHEV`, `ICE`);
    /// empty for all.
    #[schema(value_type = Option<Vec<String>>)]
    pub brand_engines: Option<Vec<Engine>>,
    /// Codes of the countries that owners can choose; empty for all.
    pub countries: Option<Vec<String>>,
    /// Code of the country that owners find preset.
    pub default_country: Option<String>,
    /// Cars that may be connected (`BEV`, `PHEV`, `ICE`); empty for all.
    #[schema(value_type = Option<Vec<String>>)]
    pub engines: Option<Vec<Engine>>,
    /// Whether cars may be connected of which nobody knows what moves them.
    pub unknown_engine: Option<bool>,
    /// Six hex digits.
    pub accent: Option<String>,
    /// Plain text on the first page, at most 300 characters.
    pub welcome: Option<String>,
    /// Where owners find help: `https:` or `mailto:`.
    pub support: Option<String>,
    /// Links without a PKCE challenge are refused.
    pub require_pkce: Option<bool>,
    /// Redirects carry `iss` (RFC 9207).
    pub send_iss: Option<bool>,
    /// A car that cannot serve every required permission is incompatible, as before June 2026.
    pub strict_required: Option<bool>,
}

impl ConnectSide {
    fn of(client: &Client) -> Self {
        let (application, settings) = (&client.application, &client.settings);
        Self {
            scope: Some(application.default_scope.to_string()),
            brands: Some(settings.brands.iter().map(ToString::to_string).collect()),
            brand_engines: Some(settings.brand_engines.clone()),
            countries: Some(settings.countries.clone()),
            default_country: settings.default_country.clone(),
            engines: Some(settings.engines.clone()),
            unknown_engine: Some(settings.unknown_engine),
            accent: settings.accent.clone(),
            welcome: Some(settings.welcome.clone()),
            support: settings.support.clone(),
            require_pkce: Some(application.require_pkce),
            send_iss: Some(application.send_iss),
            strict_required: Some(application.strict_required),
        }
    }
}

impl From<ConnectSide> for ConnectChange {
    fn from(wish: ConnectSide) -> Self {
        Self {
            scope: wish.scope,
            brands: wish.brands,
            brand_engines: wish.brand_engines,
            countries: wish.countries,
            default_country: wish.default_country,
            engines: wish.engines,
            unknown_engine: wish.unknown_engine,
            accent: wish.accent,
            welcome: wish.welcome,
            support: wish.support,
            require_pkce: wish.require_pkce,
            send_iss: wish.send_iss,
            strict_required: wish.strict_required,
        }
    }
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
    request_body = Wish<ConnectSide>,
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
    Attributes(wish): Attributes<ConnectSide>,
) -> Result<Response, Refused> {
    let brands = api.brands.clone();
    api.applications
        .change_connect_side(id, wish.into(), brands)
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
            attributes: ConnectSide::of(&client),
            links: SelfLink {
                itself: format!("{}/v3/applications/{id}/connect", api.public_url),
            },
        },
    }))
}
