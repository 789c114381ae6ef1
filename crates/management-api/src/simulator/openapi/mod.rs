//! The OpenAPI 3.1 document: kept as the one of the management API is (ADR 10).

#[cfg(test)]
pub(crate) mod generated;

use carport_web::openapi::Document;

/// The document.
pub const DOCUMENT: Document = Document {
    text: include_str!("../../../../../docs/openapi/simulator.json"),
    address: "/openapi/simulator.json",
    page: "/docs/api/simulator",
};
