//! Makes the document, from the handlers and the types they take and answer with.

use carport_web::openapi::KEPT_ADDRESS;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, SecurityRequirement, Server};

use crate::applications::{connect, secrets, show, uris};

/// Name of the one way to prove oneself.
const TOKEN: &str = "managementToken";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Carport applications API",
        version = "3",
        description = "An application tells and changes itself. It proves itself with its management token as the bearer, which opens no other application. Every answer carries sc-request-id."
    ),
    paths(
        show::list_applications,
        show::show_application,
        show::change_application,
        connect::show_connect,
        connect::change_connect,
        secrets::list_secrets,
        secrets::create_secret,
        secrets::delete_secret,
        uris::add_redirect_uri,
        uris::remove_redirect_uri
    )
)]
struct Document;

/// The document, as it is kept.
pub(crate) fn document() -> OpenApi {
    let mut document = Document::openapi();
    // utoipa takes it from the crate; it is the program's, not the document's.
    document.info.license = None;
    document.servers = Some(vec![Server::new(format!("{KEPT_ADDRESS}/v3"))]);
    document.security = Some(vec![SecurityRequirement::new(TOKEN, Vec::<String>::new())]);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    document
        .components
        .get_or_insert_default()
        .add_security_scheme(TOKEN, SecurityScheme::Http(bearer));
    document
}
