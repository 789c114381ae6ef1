//! What owners see of an application, for commands.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carport_model::{ApplicationId, Engine};
use carport_oauth::applications::{ApplicationError, ConnectChange, browser_origins};
use carport_store::{StoreError, Tx, redirect_uris};
use carport_web::logo::Logo;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::server::Parts;

/// What is to change, if anything; the answer is a [`ConnectSideView`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectSideRequest {
    /// Application.
    pub id: String,
    /// Settings.
    pub change: ConnectChange,
    /// A new logo, in base64.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub logo: Option<String>,
    /// Takes the logo away.
    #[serde(default)]
    pub no_logo: bool,
    /// Origins whose pages may use the browser SDK from now on.
    #[serde(default)]
    pub add_origins: Vec<String>,
    /// Origins whose pages may not any more.
    #[serde(default)]
    pub remove_origins: Vec<String>,
}

/// What owners see of an application, as commands show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct ConnectSideView {
    /// Application.
    pub client_id: String,
    /// Vehicle access.
    pub scope: String,
    /// Brands that are listed; empty for all.
    pub brands: Vec<String>,
    /// What brands must sell to be listed; empty for anything.
    pub brand_engines: Vec<Engine>,
    /// Cars that may be connected; empty for all.
    pub engines: Vec<Engine>,
    /// Whether those may of which nobody knows what moves them.
    pub unknown_engine: bool,
    /// Countries that owners can choose; empty for all.
    pub countries: Vec<String>,
    /// Country that owners find preset.
    pub default_country: Option<String>,
    /// Accent colour.
    pub accent: Option<String>,
    /// File name of the logo.
    pub logo: Option<String>,
    /// Parts of a logo just taken in that were left out.
    #[serde(default)]
    pub left_out: usize,
    /// Text on the first page.
    pub welcome: String,
    /// Where owners find help.
    pub support: Option<String>,
    /// Links without a PKCE challenge are refused.
    pub require_pkce: bool,
    /// Redirects carry `iss`.
    pub send_iss: bool,
    /// Older meaning of `required:`.
    pub strict_required: bool,
    /// Origins whose pages may use the browser SDK.
    pub browser_origins: Vec<String>,
}

/// Carries a request out.
///
/// # Errors
/// One line that says what to do.
pub(super) async fn carry_out(
    parts: &Parts,
    request: &ConnectSideRequest,
) -> Result<Value, String> {
    let unknown = || ApplicationError::Unknown.to_string();
    let id: ApplicationId = request.id.parse().map_err(|_| unknown())?;
    let applications = &parts.applications;
    let logo = request.logo.as_deref().map(taken_in).transpose()?;
    let left_out = logo.as_ref().map_or(0, |logo| logo.left_out);
    let brands = parts.connect.catalogue.brands.clone();
    let changed = applications.change_connect_side(id, request.change.clone(), brands);
    changed.await.map_err(|error| error.to_string())?;
    if request.no_logo || logo.is_some() {
        let logo = logo.map(|logo| (logo.name, logo.content));
        let put = applications.put_logo(id, logo).await;
        put.map_err(|error| error.to_string())?;
    }
    let public_url = parts.public_url.to_string();
    for origin in &request.add_origins {
        let added = applications
            .add_browser_origin(id, &public_url, origin)
            .await;
        added.map_err(|error| error.to_string())?;
    }
    for origin in &request.remove_origins {
        let removed = applications.remove_browser_origin(id, origin).await;
        if !removed.map_err(|error| error.to_string())? {
            return Err(format!("{origin} is no origin of this application."));
        }
    }
    let view = view(parts, id).await.map_err(|error| error.to_string())?;
    let view = view.ok_or_else(unknown)?;
    Ok(json!(ConnectSideView { left_out, ..view }))
}

fn taken_in(file: &str) -> Result<Logo, String> {
    let file = STANDARD.decode(file);
    let file = file.map_err(|_| "the logo did not arrive whole".to_owned())?;
    Logo::of(&file).map_err(|error| error.to_string())
}

async fn view(parts: &Parts, id: ApplicationId) -> Result<Option<ConnectSideView>, StoreError> {
    let Some(client) = parts.store.client(id).await? else {
        return Ok(None);
    };
    let uris: Vec<String> = parts
        .store
        .read(async move |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await)
        .await?;
    let (application, settings) = (&client.application, &*client.settings);
    Ok(Some(ConnectSideView {
        client_id: id.to_string(),
        scope: application.default_scope.to_string(),
        brands: settings.brands.iter().map(ToString::to_string).collect(),
        brand_engines: settings.brand_engines.clone(),
        engines: settings.engines.clone(),
        unknown_engine: settings.unknown_engine,
        countries: settings.countries.clone(),
        default_country: settings.default_country.clone(),
        accent: settings.accent.clone(),
        logo: settings.logo.clone(),
        left_out: 0,
        welcome: settings.welcome.clone(),
        support: settings.support.clone(),
        require_pkce: application.require_pkce,
        send_iss: application.send_iss,
        strict_required: application.strict_required,
        browser_origins: browser_origins(&uris),
    }))
}
