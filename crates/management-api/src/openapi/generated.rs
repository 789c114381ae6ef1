//! Makes the document, from the handlers and the types they answer with.

use carport_web::envelope::{Detail, ErrorBody, ResolutionBody};
use carport_web::openapi::KEPT_ADDRESS;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, SecurityRequirement, Server};

use crate::connections::{self, Connection, Connections, DeletedConnection, DeletedConnections};

/// Name of the one way to prove oneself.
const TOKEN: &str = "managementToken";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Carport management API",
        version = "2.0",
        description = "Lists and deletes the connections of an application, which proves itself with its management token as the password of Basic credentials; any user name will do. Every answer carries sc-request-id."
    ),
    paths(connections::list_connections, connections::delete_connections),
    components(schemas(
        Connections,
        Connection,
        connections::Paging,
        DeletedConnections,
        DeletedConnection,
        ErrorBody,
        ResolutionBody,
        Detail
    ))
)]
struct Document;

/// The document, as it is kept.
pub(crate) fn document() -> OpenApi {
    let mut document = Document::openapi();
    // utoipa takes it from the crate; it is the program's, not the document's.
    document.info.license = None;
    document.servers = Some(vec![Server::new(format!("{KEPT_ADDRESS}/v2.0"))]);
    document.security = Some(vec![SecurityRequirement::new(TOKEN, Vec::<String>::new())]);
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
    document
        .components
        .get_or_insert_default()
        .add_security_scheme(TOKEN, SecurityScheme::Http(basic));
    document
}
