//! The OpenAPI 3.1 document: a file that tests make from the handlers and the types they answer with,
//! and that servers have in them (ADR 10).

#[cfg(test)]
pub(crate) mod generated;

use carport_web::openapi::Document;

/// The document.
pub const DOCUMENT: Document = Document {
    text: include_str!("../../../../../docs/openapi/applications.json"),
    address: "/openapi/applications.json",
    page: "/docs/api/applications",
};
